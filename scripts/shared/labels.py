"""Which digit, or other class, each prepared picture is, as the options of a program say."""

import dataclasses
import re
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from strokes.classes import Classes, folder_of
from train.errors import RunError

if TYPE_CHECKING:
    from scripts.shared.pictures import PictureOptions, Reader
    from strokes.pictures.digits import PreparedDigit

_PLACE = re.compile(r"-row-(\d+)-column-(\d+)(?:-[a-z]+-\d+)?$")  # which sheets add to a name
_SURE = 0.9  # certainty with which a reading needs no look


@dataclasses.dataclass(frozen=True)
class LabelOptions:
    """Which one is which, where the pictures' names do not say."""

    label: str | None = None
    """All of them are this digit, or other class, by its name."""
    label_by_reading: bool = False
    """They are what the recogniser reads; those that it is not sure of are named."""
    row_labels: str = ""
    """Of a sheet, the digit of each row, as 0123456789; other classes by their names, as ABC, or
    apart by spaces."""
    column_labels: str = ""
    """Of a sheet, the digit of each column, likewise."""

    @property
    def _given(self) -> list[str]:
        said = {
            "--label": self.label is not None,
            "--label-by-reading": self.label_by_reading,
            "--row-labels": bool(self.row_labels),
            "--column-labels": bool(self.column_labels),
        }
        return [name for name, is_given in said.items() if is_given]

    def check(self, source: "PictureOptions", classes: Classes) -> None:
        """Refuse early what does not fit together.

        Raises:
          RunError: more than one is given, one is no class, or there is no sheet of that size.
        """
        if len(self._given) > 1:
            raise RunError(f"{' and '.join(self._given)}: give one of them")
        if self.label is not None:
            check_label(self.label, classes)
        for index, (option, given) in enumerate(self._lines()):
            names = _names(given)
            _check_names(option, given, names, classes)
            if given and not source.many:
                raise RunError(f"{option}: of a sheet; give --grid ROWSxCOLUMNS, or --sheet")
            if given and source.grid and len(names) != int(source.grid.split("x")[index]):
                what = "digits" if classes.of_digits else "classes"
                raise RunError(f"{option} {given}: {len(names)} {what} for a grid of {source.grid}")

    def _lines(self) -> tuple[tuple[str, str], ...]:
        return ("--row-labels", self.row_labels), ("--column-labels", self.column_labels)

    def named(
        self, digits: Sequence["PreparedDigit"], reader: "Reader", *, ruled: bool
    ) -> list[Path]:
        """The name of each digit of a picture, in the folder of its class.

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
            digit.name.parent / folder_of(label) / digit.name.name
            for digit, label in zip(digits, labels, strict=True)
        ]

    def _labels(
        self, digits: Sequence["PreparedDigit"], reader: "Reader", ruled: bool
    ) -> list[str]:
        if self.label is not None:
            return [self.label] * len(digits)
        if self.label_by_reading:
            return _read(digits, reader)
        places = [_PLACE.search(digit.name.name) for digit in digits]
        index, given = (1, self.row_labels) if self.row_labels else (2, self.column_labels)
        line = _names(given)
        numbers = [int(place[index]) for place in places if place]
        found, what = max(numbers), ("rows", "columns")[index - 1]
        if found > len(line) or (self.row_labels and found < len(line) and not ruled):
            raise RunError(
                f"{digits[0].picture}: {found} {what} found, {len(line)} labels given ({given}); "
                "with --grid ROWSxCOLUMNS a sheet is cut as you say"
            )
        return [line[number - 1] for number in numbers]


def check_label(label: str, classes: Classes) -> None:
    """Refuse a ``--label`` that names none of the classes. Raises RunError."""
    try:
        classes.number(label)
    except ValueError as error:
        raise RunError(f"--label {label}: expected {classes.described}") from error


def _names(given: str) -> list[str]:
    """The names that stand apart by spaces; without any each character is one."""
    return given.split() if " " in given else list(unicodedata.normalize("NFC", given))


def _check_names(option: str, given: str, names: Sequence[str], classes: Classes) -> None:
    try:
        for name in names:
            classes.number(name)
    except ValueError as error:
        if classes.of_digits:
            expected = "expected a digit for each, as 0123456789"
        else:
            expected = f"{error}; longer names stand apart by spaces"
        raise RunError(f"{option} {given}: {expected}") from error


def _read(digits: Sequence["PreparedDigit"], reader: "Reader") -> list[str]:
    import numpy as np

    recognizer = reader.recognizer
    chances = recognizer.probabilities(np.stack([one.prepared.picture for one in digits]))
    read = [recognizer.classes.names[number] for number in chances.argmax(axis=1)]
    for digit, name, sure in zip(digits, read, chances.max(axis=1), strict=True):
        if sure < _SURE:
            said = f"read as {name}, {sure:.1%}: look at it"
            print(f"note: {digit.where}: {said}", file=sys.stderr)
    return read
