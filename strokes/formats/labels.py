"""Labels as other formats write them, and ink that has none."""

from strokes.errors import DataError
from strokes.ink import Recording, Stroke, checked_label

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


def word_of(digit: int) -> str:
    """The English name of a digit."""
    return _WORDS[digit]


class Unlabelled(DataError):
    """Ink of which a file does not say which digit it is; who reads it may know."""

    def __init__(self, where: str, strokes: list[Stroke], units: str, source: str):
        super().__init__(f"{where}: no label in it; say which digit it is (--label)")
        self._ink = strokes, units, source

    def labelled(self, label: int) -> Recording:
        """The recording, once the digit is known. Raises ValueError for no digit."""
        return Recording(checked_label(label), *self._ink)
