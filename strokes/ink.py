"""What ink is, as data. Every other module uses the layouts that are stated here.

- **Points** ``float32 [..., T, 3]``: x to the right and y down, both in [0, 1] of the canvas, and
  softness > 0, in 1/canvas units. Pixel (row r, column c) of an HxW canvas covers
  [c/W, (c+1)/W) x [r/H, (r+1)/H). Where softness plays no part, points are ``[..., T, 2]``.
- **Pen-up** ``bool [..., T]``: the segment that begins at the point leaves no ink; always true at
  the last point, where no segment begins. Which softness lifts the pen is the line's business
  (`rasterizer.PEN_UP`).
- **Strokes**: a list of ``float64 [n, 2]`` or ``[n, 3]``, x, y and, if known, the time in
  milliseconds; n >= 1. What lies between two strokes was in the air.
- A **recording** is a person's ink: strokes with their label and unit.

`strokes_of` leads from points to strokes, `strokes.resampling.resample` back.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.classes import DIGITS, Classes

CANVAS = "canvas"
"""Unit of coordinates that are shares of the canvas."""

MAX_STROKES = 64
MAX_POINTS = 20_000
"""A recording with more points, in all strokes together, is refused: it is no digit."""

_FARTHEST = 1e15
_SMALLEST = 1e-9
_FINEST = 1e-12  # of the coordinates: what is smaller is lost in their last digits

Stroke = npt.NDArray[np.float64]
Points = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


class Recording(NamedTuple):
    """One character as a pen wrote it."""

    label: int
    """The number of its class (`strokes.classes`): of digits, the digit itself."""
    strokes: list[Stroke]
    """Float64 ``[n, 2]`` (x, y) or ``[n, 3]`` (x, y, t), y down, n >= 1."""
    units: str = CANVAS
    """"canvas", or a unit in which only the shape counts."""
    source: str = ""
    """Who or what made it."""
    variant: str = ""
    """What kind of this character."""


def pen_runs(pen_up: Flags) -> list[tuple[int, int]]:
    """Runs of points that one stroke joins, as (first, last), both inclusive.

    Args:
      pen_up: bool ``[T]``; the last one is unused.
    """
    down = np.concatenate([[False], ~pen_up[:-1], [False]])
    edges = np.flatnonzero(down[1:] != down[:-1])
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def stroke_counts(pen_up: Flags) -> npt.NDArray[np.int64]:
    """How many strokes each of N digits has, ``[N]``; flags ``[N, T]`` as of `pen_runs`."""
    down = np.pad(~pen_up[:, :-1], [(0, 0), (1, 0)])
    return np.asarray((down[:, 1:] & ~down[:, :-1]).sum(axis=1))


def strokes_of(points: Points, pen_up: Flags) -> list[Stroke]:
    """The strokes that points make, ``[n, 2]`` each, in canvas units and in the order of writing.

    Args:
      points: ``[T, 2]`` or more columns.
      pen_up: bool ``[T]``.
    """
    return [points[first : last + 1, :2].astype(np.float64) for first, last in pen_runs(pen_up)]


def to_pixels(points: Points, *, height: int, width: int) -> Stroke:
    """Canvas units ``[..., 2]`` to pixels, the first pixel's centre at 0."""
    return points.astype(np.float64) * [width, height] - 0.5


def checked_number(value: Any, classes: Classes = DIGITS) -> int:
    """The number of a class, or a ValueError that says what it is instead."""
    if type(value) is not int or not 0 <= value < len(classes):
        raise ValueError(f"label {value!r:.40}, expected {classes.described}")
    return value


def checked_label(value: Any, classes: Classes = DIGITS) -> int:
    """The number of the class that a file's label means, or a ValueError.

    A digit's label is the whole number; that of any other class is its name.
    """
    if classes == DIGITS:
        return checked_number(value)
    if not isinstance(value, str):
        raise ValueError(f"label {value!r:.40}, expected {classes.described}")
    return classes.number(value)


def label_of(number: int, classes: Classes = DIGITS) -> int | str:
    """The label that a file says: the inverse of `checked_label`."""
    return number if classes == DIGITS else classes.names[number]


def checked_strokes(strokes: Any) -> list[Stroke]:
    """Strokes as arrays, or a ValueError that names the first thing wrong."""
    if not isinstance(strokes, list) or not strokes:
        raise ValueError("strokes: expected a list of at least one stroke")
    if len(strokes) > MAX_STROKES:
        raise ValueError(f"{len(strokes)} strokes, expected at most {MAX_STROKES}")
    found = [_checked_stroke(stroke, f"stroke {index}") for index, stroke in enumerate(strokes, 1)]
    if sum(map(len, found)) > MAX_POINTS:
        raise ValueError(f"{sum(map(len, found))} points, expected at most {MAX_POINTS}")
    xy = np.concatenate([stroke[:, :2] for stroke in found])
    extent = np.ptp(xy, axis=0).max()
    if extent == 0:
        raise ValueError("all points are the same: nothing was written")
    if not extent > max(_SMALLEST, _FINEST * np.abs(xy).max()):
        raise ValueError(f"all points lie within {extent:.2g}: too small to be a digit")
    return found


def _checked_stroke(stroke: Any, name: str) -> Stroke:
    if not isinstance(stroke, list) or not stroke:
        raise ValueError(f"{name}: expected a list of at least one point")
    sizes = {len(point) if isinstance(point, list) else 0 for point in stroke}
    if sizes not in ({2}, {3}):
        raise ValueError(f"{name}: expected points [x, y] or [x, y, t], all alike")
    for point in stroke:
        for value in point:
            if not isinstance(value, int | float) or isinstance(value, bool):
                raise ValueError(f"{name}: {value!r:.40} is not a number")
            if not -_FARTHEST <= value <= _FARTHEST:  # true of NaN too, and of endless integers
                raise ValueError(f"{name}: {value!r:.40} is not finite, or too large to be a place")
    array = np.array(stroke, np.float64)
    if array.shape[1] == 3 and (np.diff(array[:, 2]) < 0).any():
        raise ValueError(f"{name}: time runs backwards")
    return array
