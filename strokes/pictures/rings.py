"""Closed frames around what is written: rings of ink of four sides, that nothing touches."""

import cv2
import numpy as np

from strokes.pictures.binarising import box_of, without_specks
from strokes.pictures.page import Corners, four_cornered
from strokes.pictures.stages import Mask

_SMALLEST = 24  # pixels of a ring's sides
_FILLED = 0.92  # of the four-cornered shape around it: corners may be rounded
_THICKEST = 1 / 14  # of its longer side: half a dot of a display's digit, which is seven high
_LEAST = 0.35  # of its height is written on


def find_rings(mask: Mask) -> tuple[Mask, list[Corners]]:
    """What lies in frames, and the corners of each frame; of frames in frames the outermost.

    Args:
      mask: ``[H, W]``, where the ink is.

    Returns:
      ``[H, W]``, the frames' insides without the frames; four corners for each.
    """
    _, blobs, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    large = np.flatnonzero(
        stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].min(axis=1) >= _SMALLEST
    )
    areas = stats[:, cv2.CC_STAT_WIDTH] * stats[:, cv2.CC_STAT_HEIGHT]
    enclosed, inside = np.zeros_like(mask), np.zeros_like(mask)
    corners: list[Corners] = []
    for number in sorted(large[large > 0].tolist(), key=lambda one: -int(areas[one])):
        left, top, width, height = stats[number, :4].tolist()
        window = slice(top, top + height), slice(left, left + width)
        part = np.asarray(blobs[window] == number)
        if enclosed[window][part].any():
            continue
        outline = _filled(part)
        if (found := _ring(part, outline, mask[window])) is not None:
            corners.append(found + np.array([left, top], np.float32))
            enclosed[window] |= outline
            soft = cv2.dilate(part.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
            inside[window] |= outline & ~soft
    return inside, corners


def _filled(part: Mask) -> Mask:
    """A connected part with what it encloses."""
    contours, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(part.shape, np.uint8)
    cv2.drawContours(filled, contours, -1, 1, cv2.FILLED)
    return np.asarray(filled > 0)


def _ring(part: Mask, outline: Mask, mask: Mask) -> Corners | None:
    """Corners of a part that is a thin ring of four sides with something large in it, or None."""
    rows, columns = np.nonzero(outline)
    corners = four_cornered(np.stack([columns, rows], axis=-1).astype(np.int32))
    if corners is None or outline.sum() < _FILLED * cv2.contourArea(corners):
        return None
    depth = cv2.distanceTransform(np.pad(outline, 1).astype(np.uint8), cv2.DIST_L2, 5)
    if float(depth[1:-1, 1:-1][part].max()) > max(3.0, _THICKEST * max(part.shape)):
        return None  # a digit's strokes, or a digit that touches its frame
    content = mask & outline & ~part
    if not content.any():
        return None
    written, _ = box_of(without_specks(content))
    return corners if written.stop - written.start >= _LEAST * len(part) else None
