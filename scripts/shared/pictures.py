"""The options of programs that take pictures of handwriting."""

import dataclasses
import functools
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from scripts.shared import console
from strokes.classes import DIGITS, Classes
from strokes.pictures.names import Centring, Form
from strokes.weights import GREY_RECOGNIZER
from train.errors import RunError

if TYPE_CHECKING:
    from strokes.pictures.digits import Layout, PreparedDigits, Separate
    from strokes.pictures.stages import Mask
    from strokes.reading.recognizer import Recognizer


@dataclasses.dataclass(frozen=True)
class PictureOptions:
    """Which pictures, and how they are prepared."""

    pictures: Annotated[tuple[Path, ...], tyro.conf.Positional]
    """Pictures, or folders of pictures: PNG, JPEG, WebP, BMP, GIF, TIFF, PGM."""
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

    @property
    def many(self) -> bool:
        """Whether each picture is said to be a sheet."""
        return self.sheet or bool(self.grid)

    def digits(
        self,
        *,
        separate: "Separate | None" = None,
        form: Callable[[Centring], Form] = Form,
    ) -> "PreparedDigits":
        """The digits, prepared one after the other; what cannot be is named on standard error.

        Args:
          separate: finds how many digits there are in a line, as `PreparedDigits` takes it.
          form: what they are prepared as, placed so; asked once the first is wanted.

        Raises:
          RunError: options clash, or no picture is there at all.
          DataError: there is no picture.
        """
        self._rows_and_columns()
        console.check_there("", *self.pictures)
        from strokes.pictures.digits import PreparedDigits

        return PreparedDigits(
            self.pictures,
            layout=self.layout(),
            form=lambda: form(self.centring),
            separate=separate,
            complain=lambda reason: print(f"error: {reason}", file=sys.stderr),
        )


class Reader:
    """A recogniser that is loaded when the first picture is there to be read."""

    def __init__(self, path: Path, classes: Classes | None = DIGITS):
        """Read with the weights in a file, which are of these classes; None for any."""
        self._path, self._classes = path, classes

    @functools.cached_property
    def recognizer(self) -> "Recognizer":
        """The recogniser, loaded."""
        from strokes.reading.recognizer import load_recognizer

        return load_recognizer(self._path, classes=self._classes)

    def form(self, centring: Centring) -> Form:
        """What pictures are prepared as for it to read."""
        if self._path == GREY_RECOGNIZER:  # for which it need not be loaded yet
            return Form(centring)
        from strokes.reading.recognizer import form_of

        return form_of(self.recognizer, centring)

    def separate(self, mask: "Mask") -> "Sequence[Mask]":
        """The digits of a line, as `strokes.reading.numbers.separate` finds them."""
        from strokes.pictures.cuts import may_be_several

        if not may_be_several(mask):
            return [mask]
        from strokes.reading.numbers import separate

        return separate(mask, self.recognizer)
