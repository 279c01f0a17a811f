"""De Jong's *MNIST digits as stroke sequences* (2016): text files, three for each digit.

``trainimg-13-inputdata.txt``: steps, ``dx dy eos eod`` a line, in pixels, y down, the first from
the origin; ``eos`` ends a stroke, ``eod`` the digit. ``-targetdata.txt``: before them ten columns
of which one is 1, the class. ``-points.txt``: places, ``x,y`` a line, ``-1,-1`` between strokes.
The class is that of the digit's targetdata, or the line of its number in ``trainlabels.txt``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.formats.labels import Unlabelled
from strokes.formats.limits import number_of, read_lenient
from strokes.formats.lines import Found
from strokes.formats.offsets import strokes_of_offsets
from strokes.ink import MAX_POINTS, Recording, Stroke, checked_label, checked_strokes

_NAME = re.compile(r"(train|test)?img-(\d{1,9})-(inputdata|targetdata|points)\.txt")
_SOURCE = "MNIST digits as stroke sequences"

Table = npt.NDArray[np.float64]


def is_sequence(line: str) -> bool:
    """Whether a text that begins with this line is one of a digit."""
    fields = line.replace(",", " ").split()
    if "," in line:
        return fields == ["x", "y"] or (len(fields) == 2 and _whole(fields))
    return len(fields) in (4, 14) and _whole(fields)


def _whole(fields: list[str]) -> bool:
    return all(re.fullmatch(r"-?\d{1,9}", field) for field in fields)


def _table(text: str) -> Table:
    """The numbers of a text, a row a line; a first line of names is passed over."""
    lines = [line for line in text.replace(",", " ").splitlines() if line.strip()]
    if lines and lines[0].split() == ["x", "y"]:
        lines = lines[1:]
    if not 1 <= len(lines) <= MAX_POINTS:
        raise ValueError(f"{len(lines)} lines of numbers, expected 1 to {MAX_POINTS:,}")
    rows = [[number_of(field) for field in line.split()] for line in lines]
    if {len(row) for row in rows} not in ({2}, {4}, {14}):
        raise ValueError("expected rows of 4 numbers (dx dy eos eod), of 14, or of 2 (x,y)")
    table = np.array(rows)
    if not (np.abs(table) <= 1e6).all():
        raise ValueError("a number that is not finite, or too large to be a place")
    return table


def _strokes(table: Table) -> list[Stroke]:
    if table.shape[1] == 2:
        lifted = (table == -1).all(axis=1)
        parts = np.split(table, np.flatnonzero(lifted))
        return [part for part in ([p[(p != -1).any(axis=1)] for p in parts]) if len(part)]
    steps, ends = table[:, -4:-2], table[:, -2]
    if not np.isin(table[:, -2:], (0, 1)).all():
        raise ValueError("an end of a stroke that is neither 0 nor 1")
    if table.shape[1] == 14 and np.abs(steps[0]).max() <= 1:
        # What is to come after each row of the input: the first place itself is not told.
        steps, ends = np.vstack([[0.0, 0.0], steps]), np.concatenate([[0.0], ends])
    parts = strokes_of_offsets(steps, ends == 1)
    return [_without_repeat(part) for part in parts]


def _without_repeat(stroke: Stroke) -> Stroke:
    """A row that ends a stroke without a step repeats its last point."""
    return stroke[:-1] if len(stroke) > 1 and (stroke[-1] == stroke[-2]).all() else stroke


def _class_of(table: Table) -> int | None:
    if table.shape[1] != 14:
        return None
    if sorted(table[0, :10].tolist()) != [0.0] * 9 + [1.0]:
        raise ValueError("expected one 1 among the ten columns of the class")
    return int(table[0, :10].argmax())


def _class_beside(path: Path) -> int | None:
    """The class by the files beside: the digit's targetdata, or all digits' labels."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    target = path.with_name(path.name.replace(match[3], "targetdata"))
    if target.is_file():
        return _class_of(_table(read_lenient(target)))
    labels = path.with_name(f"{match[1] or ''}labels.txt")
    if not labels.is_file():
        return None
    lines = read_lenient(labels).split()
    if int(match[2]) >= len(lines) or not re.fullmatch("[0-9]", lines[int(match[2])]):
        raise ValueError(f"{labels.name} has no digit for number {match[2]}")
    return int(lines[int(match[2])])


def read_sequence(path: Path, text: str) -> Iterator[Found]:
    """The digit of a file, or why there is none.

    Args:
      path: of the file; its class may be in another beside it.
      text: of the file.
    """
    try:
        table = _table(text)
        label = _class_of(table)
        if label is None:
            label = _class_beside(path)
        strokes = checked_strokes([stroke.tolist() for stroke in _strokes(table)])
        if label is None:
            yield Unlabelled(str(path), strokes, "px", _SOURCE)
        else:
            yield Recording(checked_label(label), strokes, "px", _SOURCE)
    except ValueError as error:
        yield error if isinstance(error, DataError) else DataError(f"{path}: {error}")


def sequence_files(folder: Path) -> list[Path]:
    """A file for each digit of a folder, in their order: steps before places."""
    found: dict[tuple[str, int], tuple[str, Path]] = {}
    for path in folder.iterdir():
        if match := _NAME.fullmatch(path.name):
            digit = (match[1] or "", int(match[2]))
            found[digit] = min((match[3], path), found.get(digit, ("~", path)))
    return [path for _, (_, path) in sorted(found.items())]
