"""UCI Pen-Based Digits (Alimoglu and Alpaydin, 1996): a line a digit.

Eight points x, y in 0 to 100, y up, then the class as a digit or as ten bits, together or apart.
Between them stand commas, semicolons or white space; a line of names may stand above.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from strokes.formats.labels import digit_of
from strokes.formats.limits import number_of, numbered_lines
from strokes.formats.lines import Found, found_in
from strokes.ink import Recording, checked_strokes

_COORDINATES = 16
_SEPARATOR = re.compile(r"\s*[,;\t]\s*|\s+")


def _fields(line: str) -> list[str]:
    return [field.strip("\"'") for field in _SEPARATOR.split(line.strip())]


def parse_pen_digits(line: str) -> Recording:
    """Read a line of UCI Pen-Based Digits. Its pen lifts are lost: one stroke.

    Raises:
      ValueError: it is no such line; the message says why.
    """
    fields = _fields(line)
    label = "".join(fields[_COORDINATES:])
    if len(fields) not in (_COORDINATES + 1, _COORDINATES + 10):
        raise ValueError(f"{len(fields)} fields, expected {_COORDINATES} coordinates and the class")
    values = np.array([number_of(field) for field in fields[:_COORDINATES]])
    if not (values >= 0).all() or not (values <= 100).all():
        raise ValueError(f"coordinates from {values.min():.5g} to {values.max():.5g}, not 0 to 100")
    if len(label) == 10:
        if sorted(label) != ["0"] * 9 + ["1"]:
            raise ValueError(f"class {label!r}, expected one 1 among ten bits")
        digit = label.index("1")
    else:
        digit = digit_of(re.sub(r"\.0*$", "", label))
    points = values.reshape(8, 2) * [1.0, -1.0] + [0.0, 100.0]
    return Recording(digit, checked_strokes([points.tolist()]), "pen", "UCI Pen-Based Digits")


def read_pen_digits(path: Path) -> Iterator[Found]:
    """The digits of a file, or why a line is none. Raises DataError as `numbered_lines`."""
    yield from found_in(_without_names(numbered_lines(path)), parse_pen_digits, source=str(path))


def _without_names(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    for number, line in lines:
        if number > 1 or not _are_names(line.decode(errors="replace")):
            yield number, line


def _are_names(line: str) -> bool:
    """Whether a line names the columns: as many as there are, and no number among them."""
    fields = _fields(line)
    return len(fields) in (_COORDINATES + 1, _COORDINATES + 10) and not any(
        re.fullmatch(r"[-+.\deE]*|nan|inf", field) for field in fields
    )
