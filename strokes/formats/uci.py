"""UCI Pen-Based Digits (Alimoglu and Alpaydin, 1996): a line a digit.

Eight points x, y in 0 to 100, y up, then the class as a digit or as ten bits, together or apart.
Between them stand commas, semicolons or white space, and between semicolons commas may be decimal;
a line of names may stand above, and where the first one says so, a number of the row before all
else, as pandas writes it.
"""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from strokes.formats.labels import digit_of
from strokes.formats.limits import number_of, numbered_lines
from strokes.formats.lines import Found, found_in
from strokes.ink import Recording, checked_strokes

_COORDINATES = 16
_NUMBERS_OF_ROWS = ("", "id", "index", "unnamed: 0")
_SEPARATOR = re.compile(r"\s*[,;\t]\s*|\s+")


def _fields(line: str) -> list[str]:
    plain = line.replace(",", ".") if ";" in line else line
    return [field.strip("\"'") for field in _SEPARATOR.split(plain.strip().rstrip(",;"))]


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
    lines = numbered_lines(path)
    above = list(itertools.islice(lines, 1))
    names = [_fields(line.decode(errors="replace")) for _, line in above]
    numbered = bool(names) and names[0][0].lower() in _NUMBERS_OF_ROWS and _are_names(names[0][1:])
    named = numbered or (bool(names) and _are_names(names[0]))
    parse = _parse_numbered if numbered else parse_pen_digits
    yield from found_in(lines if named else itertools.chain(above, lines), parse, source=str(path))


def _parse_numbered(line: str) -> Recording:
    return parse_pen_digits(_SEPARATOR.split(line.strip(), maxsplit=1)[-1])


def _are_names(fields: list[str]) -> bool:
    """Whether these name the columns: as many as there are, and no number among them."""
    return len(fields) in (_COORDINATES + 1, _COORDINATES + 10) and not any(
        re.fullmatch(r"[-+.\deE]*|nan|inf", field) for field in fields
    )
