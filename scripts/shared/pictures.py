"""The options of programs that take pictures of handwriting."""

import dataclasses
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from scripts.shared import console
from strokes.pictures.names import Centring
from train.errors import RunError

if TYPE_CHECKING:
    from strokes.pictures.digits import Layout, PreparedDigits


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

    def layout(self) -> "Layout":
        """Where the digits of each picture are.

        Raises:
          RunError: ``grid`` is no grid, or the sheet is said to be free too.
        """
        rows_columns = self._rows_and_columns()
        from strokes.pictures.digits import Layout

        return Layout(grid=rows_columns, sheet=self.sheet)

    def _rows_and_columns(self) -> tuple[int, int] | None:
        if not self.grid:
            return None
        match = re.fullmatch(r"(\d{1,3})x(\d{1,3})", self.grid)
        if match is None or 0 in (rows_columns := (int(match[1]), int(match[2]))):
            raise RunError(f"--grid {self.grid}: expected rows and columns, as 6x8")
        if self.sheet:
            raise RunError("--grid and --sheet: a sheet is ruled or it is not; give one")
        return rows_columns

    def digits(self) -> "PreparedDigits":
        """The digits, prepared one after the other; what cannot be is named on standard error.

        Raises:
          RunError: options clash, or no picture is there at all.
          DataError: there is no picture.
        """
        console.check_there("", *self.pictures)
        layout = self.layout()
        from strokes.pictures.digits import PreparedDigits

        return PreparedDigits(
            self.pictures,
            layout=layout,
            centring=self.centring,
            complain=lambda reason: print(f"error: {reason}", file=sys.stderr),
        )
