"""The hard drawing of pen points, as an export's reader would draw it. NumPy and OpenCV.

Points are ``[T, 2]`` in canvas units, x to the right, y down; ``pen_up`` says which of
the T points begin a lifted segment.
"""

import cv2
import numpy as np
import numpy.typing as npt

from strokes.ink import Flags, Points, pen_runs, to_pixels
from strokes.pictures.pen import FIXED_POINT_BITS, to_fixed_point

Pictures = npt.NDArray[np.uint8]

_FAR = 10  # lines are followed so many canvas sizes off the canvas, not farther


def _nearest(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    return np.floor(values + 0.5).astype(np.int64)


def _pixels_between(
    start: npt.NDArray[np.float64], end: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pixels of straight lines from ``start`` to ``end``, ``[S, 2]``: line, column and row.

    A line visits each column (row, where it is steep) from that of its one end to that of
    its other, and there the pixel nearest to it at the column's middle, or at its end if
    that comes first.
    """
    steep = np.abs(end - start)[:, 1] > np.abs(end - start)[:, 0]
    start, end = (np.where(steep[:, None], at[:, ::-1], at) for at in (start, end))
    back = (start[:, 0] > end[:, 0])[:, None]
    start, end = np.where(back, end, start), np.where(back, start, end)

    first = _nearest(start[:, 0])
    counts = _nearest(end[:, 0]) - first + 1
    line = np.repeat(np.arange(len(start)), counts)
    along = first[line] + np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts)

    run, rise = (end - start).T
    slope = rise / np.where(run > 0, run, 1.0)
    walked = np.clip(along, start[line, 0], end[line, 0]) - start[line, 0]
    across = _nearest(start[line, 1] + slope[line] * walked)
    turned = steep[line]
    return line, np.where(turned, across, along), np.where(turned, along, across)


def draw_hard(points: Points, pen_up: Flags, *, height: int = 28, width: int = 28) -> Pictures:
    """Draw pen-down segments 1 px wide, 8-connected, with sub-pixel ends.

    The pixel of every pressed point is inked, and on the way between two of them one pixel
    for each column (row, where it is steep): the nearest. OpenCV's ``line`` is no help here:
    for lines 1 px wide it rounds the ends to whole pixels, whatever its ``shift`` says.

    Args:
      points: float32 ``[N, T, 2]``.
      pen_up: bool ``[N, T]``; segment t of a digit is drawn unless ``pen_up[t]``.
      height: rows of the pictures.
      width: columns of the pictures.

    Returns:
      uint8 ``[N, height, width]`` of 0 and 1.
    """
    far = _FAR * max(height, width)
    grid = np.clip(to_pixels(points, height=height, width=width), -far, far)
    digit, segment = np.nonzero(~pen_up[:, :-1])
    start, end = grid[digit, segment], grid[digit, segment + 1]
    line, column, row = _pixels_between(start, end)
    ends = _nearest(np.concatenate([start, end]))
    digit = np.concatenate([digit[line], digit, digit])
    column, row = np.concatenate([column, ends[:, 0]]), np.concatenate([row, ends[:, 1]])

    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    pictures = np.zeros((len(points), height, width), np.uint8)
    pictures[digit[inside], row[inside], column[inside]] = 1
    return pictures


def draw_opencv(points: Points, pen_up: Flags, *, height: int = 28, width: int = 28) -> Pictures:
    """The same by OpenCV's ``polylines``, which rounds every point to a whole pixel."""
    pictures = np.zeros((len(points), height, width), np.uint8)
    fixed = to_fixed_point(points, height=height, width=width)
    for picture, path, up in zip(pictures, fixed, pen_up, strict=True):
        strokes = [path[first : last + 1] for first, last in pen_runs(up)]
        cv2.polylines(picture, strokes, False, 1, 1, cv2.LINE_8, FIXED_POINT_BITS)
    return pictures
