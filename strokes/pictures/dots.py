"""Digits of dots or dashes, as displays and printers make them: their small parts joined.

Dots of a display are as far apart as their neighbours in a digit, and digits farther: all are
joined that are little farther apart than most are from their nearest.
"""

import cv2
import numpy as np
import numpy.typing as npt

from strokes.pictures.binarising import box_of
from strokes.pictures.stages import Mask

_FEWEST, _MOST = 6, 600  # parts: ten digits of a display of 7 by 5 have 350 at most
_HIGHEST = 0.6  # of the line's height: higher parts are digits, or strokes of one
_SOLID = 0.8  # of the convex shape around it that a dot fills, or a dash
_FARTHER = 1.7  # times the usual distance: diagonal neighbours are at 1.4, other digits' dots at 2
_FARTHEST = 0.25  # of the line's height
_RIDGE = 0.8  # of a part's depth: where its middle is

Integers = npt.NDArray[np.int64]


def join_dots(mask: Mask) -> tuple[Mask, str]:
    """A line's parts joined, if they are dots or dashes.

    Args:
      mask: ``[H, W]``, where ink is, without specks, not empty.

    Returns:
      ``[H, W]``; and what was done, nothing where they are no dots.
    """
    count, blobs, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    rows, _ = box_of(mask)
    high = rows.stop - rows.start
    if not _FEWEST <= count - 1 <= _MOST:
        return mask, ""
    if stats[1:, cv2.CC_STAT_HEIGHT].max() > _HIGHEST * high:
        return mask, ""
    parts = np.asarray(blobs, np.int64)
    boxes = np.asarray(stats[1:, :4], np.int64)
    if np.median(_solidities(parts, boxes)) < _SOLID:
        return mask, ""
    depths, middles = _middles(parts)
    pairs, ends = _neighbours(parts)
    ways = middles[ends[..., 0], ends[..., 1]]
    lengths = np.linalg.norm(ways[:, 0] - ways[:, 1], axis=-1)
    nearest = np.full(count, np.inf)
    np.minimum.at(nearest, pairs, lengths[:, None])
    usual = float(np.median(nearest[1:]))
    if usual > _FARTHEST * high:
        return mask, ""
    joined = mask.astype(np.uint8)
    width = max(1, round(2.0 * float(np.median(depths)) - 1.0))
    for start, end in ways[lengths <= _FARTHER * usual, :, ::-1].tolist():
        cv2.line(joined, start, end, 1, width)
    return np.asarray(joined > 0), "dots joined"


def _solidities(parts: Integers, boxes: Integers) -> npt.NDArray[np.float64]:
    """`_solidity` of each part, ``[P]``, in its box (left, top, width, height), ``[P, 4]``."""
    found = [
        _solidity(parts[top : top + height, left : left + width] == number)
        for number, (left, top, width, height) in enumerate(boxes.tolist(), start=1)
    ]
    return np.array(found)


def _solidity(part: Mask) -> float:
    """Share of the convex shape around a part that it fills."""
    contours, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = np.zeros(part.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(contours[0]), 1)
    return float(part.sum()) / float(hull.sum())


def _nearest_of(mask: Mask) -> tuple[npt.NDArray[np.float32], Integers]:
    """How far the mask is from each pixel, ``[H, W]``, and where, row and column ``[H, W, 2]``."""
    away, labels = cv2.distanceTransformWithLabels(
        (~mask).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    places = np.zeros((int(labels.max()) + 1, 2), np.int64)
    places[labels[mask]] = np.argwhere(mask)
    return np.asarray(away, np.float32), places[labels]


def _middles(parts: Integers) -> tuple[npt.NDArray[np.float64], Integers]:
    """How deep parts are, ``[P]``, and, for each pixel, which is the nearest in their middles."""
    mask = np.pad(parts > 0, 1).astype(np.uint8)
    depth = cv2.distanceTransform(mask, cv2.DIST_L2, 5)[1:-1, 1:-1]
    deepest = np.zeros(int(parts.max()) + 1)
    np.maximum.at(deepest, parts, depth)
    return deepest[1:], _nearest_of((parts > 0) & (depth >= _RIDGE * deepest[parts]))[1]


def _neighbours(parts: Integers) -> tuple[Integers, Integers]:
    """The numbers of neighbouring parts, ``[G, 2]``, and the ends of the gap between them.

    Args:
      parts: ``[H, W]``, 0 where none is.

    Returns:
      the numbers; row and column of the pixel of each that is nearest to the other, ``[G, 2, 2]``.
    """
    away, places = _nearest_of(parts > 0)
    owner = parts[places[..., 0], places[..., 1]]
    found = []
    for axis in (0, 1):
        one, other = (
            [np.moveaxis(array, axis, 0)[half] for array in (owner, places, away)]
            for half in (slice(1, None), slice(-1))
        )
        meet = one[0] != other[0]  # the ways from both
        found.append([np.stack([a[meet], b[meet]], 1) for a, b in zip(one, other, strict=True)])
    pairs, ends, widths = (np.concatenate(both) for both in zip(*found, strict=True))
    order = np.argsort(widths.sum(axis=1), kind="stable")
    _, first = np.unique(np.sort(pairs[order], axis=1), axis=0, return_index=True)
    return pairs[order][first], ends[order][first]
