"""Labels as other formats write them, and ink that has none."""

from pathlib import Path

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.ink import Recording, Stroke, checked_number

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def digit_of(text: str) -> int:
    """A digit by its figure or English name, also between dollars as TeX writes it.

    Raises:
      ValueError: it is neither.
    """
    bare = text.strip().strip("$").strip().lower()
    if bare in _WORDS:
        return _WORDS.index(bare)
    if len(bare) == 1 and bare in "0123456789":
        return int(bare)
    raise ValueError(
        f"label {text.strip()!r:.40}, expected a digit from 0 to 9 or its English name"
    )


def class_of(text: str, classes: Classes = DIGITS) -> int:
    """The number of the class that a text names: of digits as `digit_of`, else by its name.

    Raises:
      ValueError: it names none.
    """
    return digit_of(text) if classes == DIGITS else classes.number(text.strip())


def check_digits(path: Path, classes: Classes) -> None:
    """Refuse a file of a format that knows digits alone, where other classes are expected.

    Raises:
      DataError: they are.
    """
    if classes != DIGITS:
        raise DataError(
            f"{path}: its format knows digits alone, expected {classes.described}; "
            "write it as ndjson"
        )


def check_classes(path: Path, found: Classes, classes: Classes) -> None:
    """Refuse a file whose labels are numbers of other classes.

    Raises:
      DataError: so it is.
    """
    if found.names != classes.names:
        raise DataError(f"{path}: its labels are other classes, expected {classes.described}")


def word_of(label: int, classes: Classes = DIGITS) -> str:
    """The English name of a digit; of any other class its name."""
    return _WORDS[label] if classes == DIGITS else classes.names[label]


class Unlabelled(DataError):
    """Ink of which a file does not say of which class it is; who reads it may know."""

    def __init__(self, where: str, strokes: list[Stroke], units: str, source: str):
        super().__init__(f"{where}: no label in it; say which digit it is (--label)")
        self._ink = strokes, units, source

    def labelled(self, label: int, classes: Classes = DIGITS) -> Recording:
        """The recording, once its class is known. Raises ValueError for a number of none."""
        return Recording(checked_number(label, classes), *self._ink)
