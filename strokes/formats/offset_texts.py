"""Stroke-3 and stroke-5 (`strokes.formats.offsets`) as text: a row a line, one drawing a file.

Numbers stand between commas, semicolons or blanks; a line of names may stand above. No label.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from strokes.errors import DataError
from strokes.formats.labels import Unlabelled
from strokes.formats.limits import number_of
from strokes.formats.lines import Found
from strokes.formats.offsets import strokes_of_rows
from strokes.ink import MAX_POINTS, checked_strokes

_NUMBER = r"[-+]?(\d{1,20}\.?\d{0,20}|\.\d{1,20})([eE][-+]?\d{1,3})?"
_NAMES = ["dx", "dy"]


def _fields(line: str) -> list[str]:
    return re.sub(r"[,;]", " ", line).split()


def are_offsets(line: str) -> bool:
    """Whether a text that begins with this line is of a drawing's steps."""
    fields = _fields(line)
    if [field.lower() for field in fields[:2]] == _NAMES:
        return len(fields) in (3, 5)
    pens = fields[2:]
    return (
        len(pens) in (1, 3)
        and all(re.fullmatch(_NUMBER, field) for field in fields[:2])
        and all(re.fullmatch(r"[01](\.0{1,20})?", pen) for pen in pens)
    )


def read_offsets(path: Path, text: str) -> Iterator[Found]:
    """The drawing of a file, or why there is none.

    Args:
      path: of the file.
      text: of the file.
    """
    lines = [fields for line in text.splitlines() if (fields := _fields(line))]
    lines = lines[1:] if [name.lower() for name in lines[0][:2]] == _NAMES else lines
    try:
        if not 1 <= len(lines) <= MAX_POINTS or len({len(fields) for fields in lines}) != 1:
            raise ValueError(f"expected 1 to {MAX_POINTS:,} rows of as many numbers")
        rows = np.array([[number_of(field) for field in fields] for fields in lines])
        strokes = checked_strokes([stroke.tolist() for stroke in strokes_of_rows(rows)])
        yield Unlabelled(str(path), strokes, "px", f"stroke-{rows.shape[1]}")
    except ValueError as error:
        yield DataError(f"{path}: {error}")
