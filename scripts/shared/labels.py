"""Which digit each prepared picture is, as the options of a program say."""

import dataclasses
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from train.errors import RunError

if TYPE_CHECKING:
    from scripts.shared.pictures import PictureOptions, Reader
    from strokes.pictures.digits import PreparedDigit

_PLACE = re.compile(r"-row-(\d+)-column-(\d+)(?:-digit-\d+)?$")  # which sheets add to a name
_SURE = 0.9  # certainty with which a reading needs no look


@dataclasses.dataclass(frozen=True)
class LabelOptions:
    """Which digit is which, where the pictures' names do not say."""

    label: int | None = None
    """All of them are this digit."""
    label_by_reading: bool = False
    """They are what the shipped recogniser reads; those that it is not sure of are named."""
    row_labels: str = ""
    """Of a sheet, the digit of each row, as 0123456789."""
    column_labels: str = ""
    """Of a sheet, the digit of each column."""

    @property
    def _given(self) -> list[str]:
        said = {
            "--label": self.label is not None,
            "--label-by-reading": self.label_by_reading,
            "--row-labels": bool(self.row_labels),
            "--column-labels": bool(self.column_labels),
        }
        return [name for name, is_given in said.items() if is_given]

    def check(self, source: "PictureOptions") -> None:
        """Refuse early what does not fit together.

        Raises:
          RunError: more than one is given, one is no digit, or there is no sheet of that size.
        """
        if len(self._given) > 1:
            raise RunError(f"{' and '.join(self._given)}: give one of them")
        if self.label is not None and not 0 <= self.label <= 9:
            raise RunError(f"--label {self.label}: expected a digit, 0 to 9")
        for index, (name, digits) in enumerate(self._lines()):
            if not re.fullmatch(r"[0-9]*", digits, re.ASCII):
                raise RunError(f"{name} {digits}: expected a digit for each, as 0123456789")
            if digits and not source.many:
                raise RunError(f"{name}: of a sheet; give --grid ROWSxCOLUMNS, or --sheet")
            if digits and source.grid and len(digits) != int(source.grid.split("x")[index]):
                raise RunError(f"{name} {digits}: {len(digits)} digits for a grid of {source.grid}")

    def _lines(self) -> tuple[tuple[str, str], ...]:
        return ("--row-labels", self.row_labels), ("--column-labels", self.column_labels)

    def named(
        self, digits: Sequence["PreparedDigit"], reader: "Reader", *, ruled: bool
    ) -> list[Path]:
        """The name of each digit of a picture, in a folder that says which it is.

        Args:
          digits: of one picture.
          reader: reads them, if that is asked for.
          ruled: the picture is a grid, of which rows may be blank.

        Raises:
          RunError: the sheet has other rows or columns than there are labels.
        """
        if not self._given:
            return [digit.name for digit in digits]
        labels = self._labels(digits, reader, ruled)
        return [
            digit.name.parent / str(label) / digit.name.name
            for digit, label in zip(digits, labels, strict=True)
        ]

    def _labels(
        self, digits: Sequence["PreparedDigit"], reader: "Reader", ruled: bool
    ) -> list[int]:
        if self.label is not None:
            return [self.label] * len(digits)
        if self.label_by_reading:
            return _read(digits, reader)
        places = [_PLACE.search(digit.name.name) for digit in digits]
        index, line = (1, self.row_labels) if self.row_labels else (2, self.column_labels)
        numbers = [int(place[index]) for place in places if place]
        found, what = max(numbers), ("rows", "columns")[index - 1]
        if found > len(line) or (self.row_labels and found < len(line) and not ruled):
            raise RunError(
                f"{digits[0].picture}: {found} {what} found, {len(line)} labels given ({line}); "
                "with --grid ROWSxCOLUMNS a sheet is cut as you say"
            )
        return [int(line[number - 1]) for number in numbers]


def _read(digits: Sequence["PreparedDigit"], reader: "Reader") -> list[int]:
    import numpy as np

    chances = reader.recognizer.probabilities(np.stack([one.prepared.picture for one in digits]))
    for digit, sure in zip(digits, chances, strict=True):
        if sure.max() < _SURE:
            said = f"read as {sure.argmax()}, {sure.max():.1%}: look at it"
            print(f"note: {digit.where}: {said}", file=sys.stderr)
    return [int(one) for one in chances.argmax(axis=1)]
