"""The hard drawing of pen points, as an export's reader would draw it. NumPy and OpenCV.

Points are ``[T, 2]`` in canvas units, x to the right, y down; ``pen_up`` says which of
the T points begin a lifted segment.
"""

import cv2
import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Pictures = npt.NDArray[np.uint8]

_SHIFT = 8  # OpenCV's fixed point: 8 binary places


def pen_runs(pen_up: Flags) -> list[tuple[int, int]]:
    """Runs of points that one stroke joins, as (first, last), both inclusive.

    Args:
      pen_up: bool ``[T]``; the last one is unused.
    """
    down = np.concatenate([[False], ~pen_up[:-1], [False]])
    edges = np.flatnonzero(down[1:] != down[:-1])
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def to_fixed_point(points: Points, *, height: int, width: int) -> npt.NDArray[np.int32]:
    """Canvas units to OpenCV's sub-pixel coordinates, whose origin is a pixel's centre."""
    scaled = points * np.array([width, height], np.float32) - 0.5
    return np.round(np.clip(scaled, -1e4, 1e4) * (1 << _SHIFT)).astype(np.int32)


def draw_hard(points: Points, pen_up: Flags, *, height: int = 28, width: int = 28) -> Pictures:
    """Draw pen-down segments 1 px wide, 8-connected, with sub-pixel ends.

    Args:
      points: float32 ``[N, T, 2]``.
      pen_up: bool ``[N, T]``; segment t of a digit is drawn unless ``pen_up[t]``.
      height: rows of the pictures.
      width: columns of the pictures.

    Returns:
      uint8 ``[N, height, width]`` of 0 and 1.
    """
    pictures = np.zeros((len(points), height, width), np.uint8)
    fixed = to_fixed_point(points, height=height, width=width)
    for picture, path, up in zip(pictures, fixed, pen_up, strict=True):
        strokes = [path[first : last + 1] for first, last in pen_runs(up)]
        cv2.polylines(picture, strokes, False, 1, 1, cv2.LINE_8, _SHIFT)
    return pictures
