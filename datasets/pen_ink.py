"""Strokes as a picture of ink on paper, as a pen of some width would leave them."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from datasets.recordings import Stroke

Floats = npt.NDArray[np.float32]

_SHIFT = 8  # OpenCV's fixed point: 8 binary places


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
        scaled = np.clip(stroke[:, :2], -1.0, 2.0) * side - 0.5
        places = np.round(scaled * (1 << _SHIFT)).astype(int).tolist()
        pressed = np.full(len(stroke), 0.5) if pressures is None else pressures[index]
        widths = np.maximum(1, np.round(width * side * (0.5 + pressed))).astype(int).tolist()
        for first, second, thickness in zip(places, [*places[1:], places[-1]], widths, strict=True):
            cv2.line(paper, first, second, 0, thickness, cv2.LINE_AA, _SHIFT)
    return paper.astype(np.float32) / np.float32(255.0)


def fitted(strokes: Sequence[Stroke], *, margin: float = 0.15) -> list[Stroke]:
    """Strokes of any unit moved and scaled into the canvas, their proportions kept.

    Args:
      strokes: each ``[n, 2]`` or more columns.
      margin: of paper on each side of the longer extent, in canvas units.
    """
    together = np.concatenate([stroke[:, :2] for stroke in strokes])
    low, high = together.min(axis=0), together.max(axis=0)
    scale = (1.0 - 2.0 * margin) / max(float((high - low).max()), 1e-9)
    return [(stroke[:, :2] - 0.5 * (low + high)) * scale + 0.5 for stroke in strokes]
