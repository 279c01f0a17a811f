"""Recordings as arrays in an ``.npz``, as Grzego's *MNIST to handwriting* (2017) keeps them.

``points`` ``[N, T, 3]``: x, y in canvas units and pen-up; ``labels`` ``[N]``.
"""

from pathlib import Path

import numpy as np

from strokes.errors import DataError
from strokes.formats.limits import read_npz_arrays
from strokes.ink import CANVAS, Recording, checked_label, checked_strokes


def parse_arrays(points: np.ndarray, labels: np.ndarray, *, source: str) -> list[Recording]:
    """Recordings from arrays ``[N, T, 3]`` of x, y in canvas units and pen-up, and ``[N]``.

    The pen is lifted from a point with pen-up 1 to the next point.

    Raises:
      DataError: other shapes or values; the message names the recording.
    """
    kinds = (points.dtype.kind, labels.dtype.kind)
    if kinds[0] not in "fiub" or kinds[1] not in "iu":
        raise DataError(
            f"{source}: points are {points.dtype} and labels {labels.dtype}, "
            "expected numbers and whole numbers"
        )
    if points.ndim != 3 or points.shape[2] != 3 or labels.shape != points.shape[:1]:
        raise DataError(
            f"{source}: points {list(points.shape)} and labels {list(labels.shape)}, "
            "expected [N, T, 3] and [N]"
        )
    found = []
    for number, (path, label) in enumerate(zip(points, labels.tolist(), strict=True), start=1):
        try:
            if not np.isin(path[:, 2], (0, 1)).all():
                raise ValueError("pen-up is neither 0 nor 1")
            cuts = np.flatnonzero(path[:-1, 2] == 1) + 1
            strokes = [stroke[:, :2].tolist() for stroke in np.split(path, cuts)]
            label = checked_label(label)
            found.append(Recording(label, checked_strokes(strokes), CANVAS, "points and labels"))
        except ValueError as error:
            raise DataError(f"{source}, recording {number}: {error}") from error
    if not found:
        raise DataError(f"{source}: no recording in it")
    return found


def read_arrays(path: Path) -> list[Recording]:
    """Recordings from the arrays of an ``.npz``. Raises DataError as `parse_arrays`."""
    names, complaint = ("points", "labels"), "expected arrays 'points' and 'labels'"
    found = read_npz_arrays(path, lambda name: name in names, complaint=complaint)
    if missing := sorted(set(names) - found.keys()):
        raise DataError(f"{path}: {complaint} (there is no {missing[0]!r})")
    return parse_arrays(found["points"], found["labels"], source=str(path))
