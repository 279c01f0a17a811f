"""Tables of pictures as text: CSV, as Kaggle's ``train.csv``, of a label and all pixels a line.

The label stands first, or last if the line of names says so; commas, semicolons, tabs or blanks
part them; pandas' numbers of rows are passed over. Pixels are 0 to 255, or 0 to 1.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.formats.limits import numbered_lines

_SEPARATORS = (",", ";", "\t")
_LAST = ("label", "class", "target", "y", "digit")
_NUMBERS_OF_ROWS = ("", "id", "index", "unnamed: 0")
_FARTHEST = 1e6

Table = npt.NDArray[np.float32]


class _Columns(NamedTuple):
    separator: str | None
    """Between the fields of a line; None for blanks."""
    first: int = 0
    """Fields before the picture and its label."""
    label_last: bool = False
    named: bool = False
    """Whether the first line is of names."""


def _fields(line: str, separator: str | None) -> list[str]:
    bare = line.strip()
    bare = bare if separator is None else bare.removesuffix(separator)
    return [field.strip("\"' ") for field in bare.split(separator)]


def _columns(line: str, pixels: int) -> _Columns:
    """What the first line says: names, or, as of data without any, their places from 0 on."""
    separator = max(_SEPARATORS, key=line.count)
    split_at = separator if separator in line else None
    names = [name.lower() for name in _fields(line, split_at)]
    counted = names == [str(place) for place in range(len(names))]
    if not counted and not any(re.match("[a-z]", name) for name in names):
        return _Columns(split_at)
    numbered = len(names) == pixels + 2 and names[0] in _NUMBERS_OF_ROWS
    return _Columns(split_at, int(numbered), names[-1] in _LAST, named=True)


def _row(line: str, columns: _Columns, pixels: int) -> Table:
    """The pixels of a line, then its label."""
    try:
        row = np.array(_fields(line, columns.separator)[columns.first :], np.float32)
    except ValueError:
        raise ValueError("expected numbers with commas between them") from None
    if len(row) == pixels:
        raise ValueError(f"{pixels} numbers, a picture without its label")
    if len(row) != pixels + 1:
        raise ValueError(f"{len(row)} numbers, expected a label and {pixels} pixels")
    row = row if columns.label_last else np.roll(row, -1)
    if not (np.abs(row) < _FARTHEST).all() or row[-1] != np.round(row[-1]):
        raise ValueError("expected a whole number as label, and pixels from 0 to 255")
    return row


def iterate_table(path: Path, *, most: int, chunk: int, pixels: int) -> Iterator[Table]:
    """The rows of a file, each the pixels and then the label, ``chunk`` at a time.

    Args:
      path: of the file.
      most: bytes that it may hold.
      chunk: rows to read together.
      pixels: of each picture.

    Raises:
      DataError: a line is no such row, with its number and the reason.
    """
    rows: list[Table] = []
    columns = None
    for number, content in numbered_lines(path, most=most):
        line = content.decode(errors="replace")
        if columns is None and line.strip():
            columns = _columns(line, pixels)
            if columns.named:
                continue
        if columns is not None and line.strip():
            try:
                rows.append(_row(line, columns, pixels))
            except ValueError as error:
                raise DataError(f"{path}, line {number}: {error}") from error
        if len(rows) == chunk:
            yield np.stack(rows)
            rows = []
    if rows:
        yield np.stack(rows)
