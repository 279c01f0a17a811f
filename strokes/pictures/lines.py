"""Straight lines that are no strokes: followed through a picture and taken out of its ink.

Lines run across the picture, from left to right; turn the picture for others. What crosses a line
stays whole: only where the ink is no thicker than the line is, it goes.
"""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from strokes.pictures.stages import Floats, Mask

Rows = npt.NDArray[np.float64]

_SLOPE = np.radians(12.0)  # of lines, at most
_ANGLES = np.radians(0.5)  # between those that are tried
_MOST_TRIED = 60
_WOBBLE = 0.006  # of the picture's longer side: how far a line strays from straight
_THICKEST = 0.035  # likewise: thicker ones are no lines


class Traced(NamedTuple):
    """A line as it is in a picture ``[H, W]``."""

    covered: npt.NDArray[np.bool_]
    """Where there is ink on it, ``[W]``."""
    thickness: float
    """In pixels."""
    itself: Mask
    """``[H, W]``: its ink, but for what crosses it."""


def thickest(mask: Mask) -> int:
    """Pixels of the thickest line that is none of a digit's."""
    return max(4, round(_THICKEST * float(max(mask.shape))))


def straight_ways(mask: Mask) -> list[Rows]:
    """Straight ways across a picture with much ink on them, the best first: rows ``[W]``."""
    height, width = mask.shape
    found = cv2.HoughLines(
        mask.astype(np.uint8),
        1,
        _ANGLES,
        round(0.5 * width),
        min_theta=np.pi / 2 - _SLOPE,
        max_theta=np.pi / 2 + _SLOPE,
    )
    ways: list[Rows] = []
    columns = np.arange(width)
    near = 2 * max(4, round(0.012 * height))
    for distance, angle in [] if found is None else found.reshape(-1, 2)[:, :2].tolist():
        rows = (distance - columns * np.cos(angle)) / np.sin(angle)
        ends = rows[[0, -1]]
        if all(np.abs(ends - other[[0, -1]]).sum() > near for other in ways):
            ways.append(rows)
        if len(ways) == _MOST_TRIED:
            break
    return ways


def trace(mask: Mask, rows: Rows) -> Traced:
    """Follow a line through the ink.

    Args:
      mask: ``[H, W]``.
      rows: where the line is expected in each column, ``[W]``.
    """
    height, width = mask.shape
    wobble = max(2, round(_WOBBLE * max(mask.shape)))
    reach = wobble + 2 * thickest(mask)
    offsets = np.arange(-reach, reach + 1)[:, None]
    places = np.clip(np.round(rows).astype(int), -reach, height + reach - 1) + offsets
    columns = np.broadcast_to(np.arange(width), places.shape)
    there = np.pad(mask, ((2 * reach, 2 * reach), (0, 0)))[places + 2 * reach, columns]
    away = np.where(there & (np.abs(offsets) <= wobble), np.abs(offsets), reach + 1)
    nearest = away.argmin(axis=0)
    covered = away.min(axis=0) <= wobble
    index = np.arange(len(offsets))[:, None]
    first = np.where(~there & (index <= nearest), index, -1).max(axis=0) + 1
    last = np.where(~there & (index >= nearest), index, len(offsets)).min(axis=0) - 1
    runs = last - first + 1
    # Most of a line may lie along a stroke: a third that does not is enough to tell how thick.
    thickness = float(np.percentile(runs[covered], 30)) if covered.any() else 0.0
    alone = covered & (runs <= 1.5 * thickness + 1.5)
    soft = 1  # the edge of a line is grey
    gone = alone & (index >= first - soft) & (index <= last + soft)
    itself = np.zeros_like(mask)
    valid = gone & (places >= 0) & (places < height)
    itself[places[valid], columns[valid]] = True
    return Traced(covered, thickness, itself)


def without(ink: Floats, lines: Mask) -> Floats:
    """Ink with paper in the lines' places."""
    return np.where(lines, np.minimum(ink, np.float32(0.0)), ink)
