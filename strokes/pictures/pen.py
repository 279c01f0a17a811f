"""A pen on pixels: OpenCV's sub-pixel coordinates, and strokes as ink on paper."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from strokes.ink import Stroke

Floats = npt.NDArray[np.float32]
Grey = npt.NDArray[np.uint8]

FIXED_POINT_BITS = 8
"""Binary places of `to_fixed_point`, as OpenCV's ``shift``."""

MNIST_SIDE, MNIST_PEN = 19.0, 2.2
"""Pixels of 28: the longer side of a digit's strokes, and the width of the pen."""

_SIDE = 28
_FINER = 16  # pixels to one of MNIST's, so that edges come out grey
_FARTHEST = 1e4  # pixels; OpenCV's coordinates are of 32 bits


def to_fixed_point(
    points: npt.NDArray[np.floating], *, height: int, width: int
) -> npt.NDArray[np.int32]:
    """Canvas units ``[..., 2]`` to OpenCV's sub-pixels, whose origin is a pixel's centre."""
    scaled = points * np.array([width, height], np.float32) - 0.5
    scaled = np.clip(scaled, -_FARTHEST, _FARTHEST)
    return np.asarray(np.round(scaled * (1 << FIXED_POINT_BITS)), np.int32)


def draw_ink(
    strokes: Sequence[Stroke],
    *,
    side: int,
    width: float,
    pressures: Sequence[npt.NDArray[np.float64]] | None = None,
) -> Floats:
    """Draw strokes with a round pen, anti-aliased.

    Args:
      strokes: each ``[n, 2]`` or more columns; x and y in canvas units, n >= 1.
      side: edge of the picture in pixels.
      width: of the pen, in canvas units.
      pressures: for each stroke ``[n]`` in 0..1: the pen is half as wide at 0, half as wide
        again at 1; none for an even pen.

    Returns:
      grey ``[side, side]``, 1 paper and 0 ink.
    """
    paper = np.full((side, side), 255, np.uint8)
    for index, stroke in enumerate(strokes):
        near = np.clip(stroke[:, :2], -1.0, 2.0)
        places = to_fixed_point(near, height=side, width=side).tolist()
        pressed = np.full(len(stroke), 0.5) if pressures is None else pressures[index]
        widths = np.maximum(1, np.round(width * side * (0.5 + pressed))).astype(int).tolist()
        for first, second, thickness in zip(places, [*places[1:], places[-1]], widths, strict=True):
            cv2.line(paper, first, second, 0, thickness, cv2.LINE_AA, FIXED_POINT_BITS)
    return paper.astype(np.float32) / np.float32(255.0)


def draw_as_mnist(strokes: Sequence[Stroke], *, side: int = _SIDE) -> tuple[Grey, list[Stroke]]:
    """Draw strokes as MNIST's digits are: size, pen, place.

    The longer side, from middle to middle of the pen, is `MNIST_SIDE` pixels and the pen
    `MNIST_PEN` wide; the ink's centre of mass is the middle of the picture.

    Args:
      strokes: each ``[n, 2]`` or more columns, in any unit, not all at one place.
      side: edge of the picture in pixels; size and pen grow with it.

    Returns:
      uint8 ``[side, side]``, 0 paper to 255 ink; and the strokes as drawn, in canvas units.
    """
    together = np.concatenate([stroke[:, :2] for stroke in strokes])
    low, high = together.min(axis=0), together.max(axis=0)
    scale = MNIST_SIDE / (_SIDE * float((high - low).max()))
    placed = [(stroke[:, :2] - 0.5 * (low + high)) * scale + 0.5 for stroke in strokes]
    ink = _thick_ink(placed)
    mass = _centre_of_mass(ink)
    placed = [stroke + 0.5 - (mass + 0.5) / len(ink) for stroke in placed]
    small = cv2.resize(255 * _thick_ink(placed), (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), placed


def _centre_of_mass(ink: Grey) -> npt.NDArray[np.float64]:
    """(x, y) in pixels of ink 0 and 1; by sums along the sides, five times as fast as moments."""
    counts = np.arange(len(ink))
    by_column = cv2.reduce(ink, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel()
    by_row = cv2.reduce(ink, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel()
    return np.asarray([by_column @ counts, by_row @ counts] / by_row.sum(), np.float64)


def _thick_ink(strokes: Sequence[Stroke]) -> Grey:
    """Strokes in canvas units drawn with MNIST's pen, many pixels to one of MNIST's: 0 and 1."""
    side = _SIDE * _FINER
    ink = np.zeros((side, side), np.uint8)
    width = round(MNIST_PEN * _FINER)
    for stroke in strokes:
        line = to_fixed_point(
            np.repeat(stroke, 2, axis=0) if len(stroke) == 1 else stroke, height=side, width=side
        )
        cv2.polylines(ink, [line], False, 1, width, cv2.LINE_8, FIXED_POINT_BITS)
    return ink
