"""The options of programs that take pictures of handwriting."""

import dataclasses
import re
import sys
from pathlib import Path
from typing import Annotated

import tyro

from strokes.pictures.digits import Layout, PreparedDigits
from strokes.pictures.preparation import Centring
from train.errors import RunError


@dataclasses.dataclass(frozen=True)
class PictureOptions:
    """Which pictures, and how they are prepared."""

    pictures: Annotated[tuple[Path, ...], tyro.conf.Positional]
    """Pictures, or folders of pictures: PNG, JPEG or WebP."""
    sheet: bool = False
    """Each picture is a sheet of many digits, which do not touch one another."""
    grid: str = ""
    """Each picture is a ruled sheet of so many rows and columns, as 6x8."""
    centring: Centring = "mass"
    """"mass", as MNIST; "box"; "padded", 22 pixels and 3 of paper around; "cell", uncut."""

    def layout(self) -> Layout:
        """Where the digits of each picture are.

        Raises:
          RunError: ``grid`` is no grid, or the sheet is said to be free too.
        """
        if not self.grid:
            return Layout(sheet=self.sheet)
        match = re.fullmatch(r"(\d{1,3})x(\d{1,3})", self.grid)
        if match is None or 0 in (rows_columns := (int(match[1]), int(match[2]))):
            raise RunError(f"--grid {self.grid}: expected rows and columns, as 6x8")
        if self.sheet:
            raise RunError("--grid and --sheet: a sheet is ruled or it is not; give one")
        return Layout(grid=rows_columns)

    def digits(self) -> PreparedDigits:
        """The digits, prepared one after the other; what cannot be is named on standard error.

        Raises:
          RunError: options clash.
          DataError: there is no picture.
        """
        return PreparedDigits(
            self.pictures,
            layout=self.layout(),
            centring=self.centring,
            complain=lambda reason: print(f"error: {reason}", file=sys.stderr),
        )
