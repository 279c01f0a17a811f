"""Recordings as arrays in an ``.npz``: four layouts, told apart by the names of the arrays.

- ``points`` (or ``lines``) ``[N, T, 3]``: x, y in canvas units and pen-up; ``labels`` ``[N]``: as
  Grzego's *MNIST to handwriting* (2017) keeps recordings;
- ``SPLIT_points``, ``SPLIT_softness``, ``SPLIT_label`` and so on: what `strokes.formats.npz` wrote;
- ``train``, ``valid``, ``test``: sketch-rnn's drawings, in stroke-3 or stroke-5
  (`strokes.formats.offsets`); their labels in ``train_label`` and so on, if there are any.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.formats.labels import Unlabelled, check_classes
from strokes.formats.limits import read_npz_arrays
from strokes.formats.lines import Found
from strokes.formats.offsets import strokes_of_rows
from strokes.formats.sequences import recordings_in
from strokes.ink import CANVAS, Recording, Stroke, checked_number, checked_strokes

Arrays = dict[str, npt.NDArray[Any]]

_EXPECTED = (
    "expected arrays 'points' and 'labels', an export's, or sketch-rnn's 'train', 'valid', 'test'"
)
_DRAWINGS = ("train", "valid", "test")
_NAMES = re.compile(r"points|lines|labels|(train|valid|test)(_labels?)?")


def parse_arrays(
    points: npt.NDArray[Any],
    labels: npt.NDArray[Any],
    *,
    source: str,
    classes: Classes = DIGITS,
) -> Iterator[Found]:
    """Recordings from arrays ``[N, T, 3]`` of x, y in canvas units and pen-up, and ``[N]``.

    The pen is lifted from a point with pen-up 1 to the next point.

    Raises:
      DataError: other shapes or types.
    """
    _check_labels(labels, len(points) if points.ndim else -1, source)
    if points.dtype.kind not in "fiub" or points.ndim != 3 or points.shape[2] != 3:
        raise DataError(
            f"{source}: points are {list(points.shape)} {points.dtype}, expected numbers [N, T, 3]"
        )
    for number, (path, label) in enumerate(zip(points, labels.tolist(), strict=True), start=1):
        try:
            if not np.isin(path[:, 2], (0, 1)).all():
                raise ValueError("pen-up is neither 0 nor 1")
            cuts = np.flatnonzero(path[:-1, 2] == 1) + 1
            strokes = _checked([stroke[:, :2] for stroke in np.split(path, cuts)], canvas=True)
            yield Recording(checked_number(label, classes), strokes, CANVAS, "points and labels")
        except ValueError as error:
            yield DataError(f"{source}, recording {number}: {error}")


def _check_labels(labels: npt.NDArray[Any], count: int, source: str) -> None:
    if labels.dtype.kind not in "iu" or labels.shape != (count,):
        raise DataError(
            f"{source}: labels are {list(labels.shape)} {labels.dtype}, expected a whole number "
            "for each recording"
        )


def _checked(strokes: list[Stroke], *, canvas: bool = False) -> list[Stroke]:
    checked = checked_strokes([stroke.tolist() for stroke in strokes])
    if canvas and max(float(np.abs(stroke).max()) for stroke in checked) > 10:
        raise ValueError("a point lies far off the canvas; expected shares of it, 0 to 1")
    return checked


def _drawings(found: Arrays, source: str, classes: Classes) -> Iterator[Found]:
    """Of sketch-rnn's arrays."""
    for split in _DRAWINGS:
        if split not in found:
            continue
        drawings = found[split]
        if drawings.ndim != (1 if drawings.dtype == object else 3):
            raise DataError(f"{source}: {split} is {list(drawings.shape)}, expected drawings")
        labels = found.get(f"{split}_label", found.get(f"{split}_labels"))
        if labels is not None:
            _check_labels(labels, len(drawings), source)
        for index, rows in enumerate(drawings):
            where = f"{source}, {split} {index + 1}"
            try:
                strokes = _checked(strokes_of_rows(rows))
                if labels is None:
                    yield Unlabelled(where, strokes, "px", "sketch-rnn")
                else:
                    label = checked_number(int(labels[index]), classes)
                    yield Recording(label, strokes, "px", "sketch-rnn")
            except ValueError as error:
                yield DataError(f"{where}: {error}")


def read_arrays(path: Path, classes: Classes = DIGITS) -> Iterator[Found]:
    """Recordings from the arrays of an ``.npz``, or why one cannot be meant.

    Labels are the numbers of classes.

    Raises:
      DataError: no such file, damaged, or other arrays.
    """
    names: list[str] = []

    def wanted(name: str) -> bool:
        names.append(name)
        return _NAMES.fullmatch(name) is not None

    found = read_npz_arrays(path, wanted, complaint=_EXPECTED)
    points = found.get("points", found.get("lines"))
    if points is not None and "labels" in found:
        yield from parse_arrays(points, found["labels"], source=str(path), classes=classes)
    elif any(split in found for split in _DRAWINGS):
        yield from _drawings(found, str(path), classes)
    elif splits := [name.removesuffix("_points") for name in names if name.endswith("_points")]:
        from strokes.formats.npz import read_npz, read_npz_classes  # which need PyArrow to write

        check_classes(path, read_npz_classes(path), classes)
        for split in splits:
            yield from recordings_in(read_npz(path, split))
    else:
        raise DataError(f"{path}: {_EXPECTED}; it holds {', '.join(names)[:200] or 'nothing'}")
