"""Ink or paper: a threshold that the noise allows, and blobs that are no specks."""

import cv2
import numpy as np

from strokes.errors import DataError
from strokes.pictures.stages import Floats, Mask

_CONTRAST = 0.02  # between ink and paper, at least
_CLEARNESS = 3.0  # that contrast over the spread of the paper, at least; half a noise has 2.7
_OVER_NOISE = 5.0  # the darkest ink over the paper's noise, at least
_FINEST = 1 / 512  # noise that nobody sees
_SMOOTHINGS = (1.0, 3.0, 6.0)  # the first that tells ink from paper is taken
_MOST_INK = 0.75  # of the picture
_SPECK = 0.03  # of the largest blob's area
_AT_RIM = 0.8  # of a blob's area: with more of it in the rim it goes


def _noise(ink: Floats) -> float:
    """Spread of the paper, from where it is brighter than its mean: no ink is there."""
    bright = ink[ink < 0]
    if len(bright) < 0.02 * ink.size:
        return _FINEST
    return max(_FINEST, -1.4826 * float(np.median(bright)))


def _threshold(ink: Floats) -> float | None:
    """Half way between ink and paper, as Otsu tells them apart; None where nothing stands out."""
    top = float(ink.max())
    if top < max(_CONTRAST, _OVER_NOISE * _noise(ink)):
        return None
    levels = np.round(np.clip(ink, 0.0, None) * (255.0 / top)).astype(np.uint8)
    level = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0]
    inked = levels > level
    above, below = float(ink[inked].mean()), ink[~inked]
    contrast = above - float(below.mean())
    if contrast < _CONTRAST or contrast < _CLEARNESS * float(below.std()):
        return None
    return 0.5 * (above + float(below.mean()))  # Otsu's may lie anywhere between two clear levels


def _told_apart(ink: Floats) -> Mask | None:
    sharp = max(0.5, max(ink.shape) / 500)
    for smoothing in _SMOOTHINGS:
        smooth = np.asarray(cv2.GaussianBlur(ink, (0, 0), smoothing * sharp), np.float32)
        threshold = _threshold(smooth)
        if threshold is not None:
            return np.asarray(smooth > threshold)
    return None


def stands_out(ink: Floats) -> bool:
    """Whether ink can be told from paper."""
    return _told_apart(ink) is not None


def inked(ink: Floats, *, name: str = "picture") -> Mask:
    """Where the ink is, specks and all.

    Raises:
      DataError: nothing stands out from the paper, or almost everything does.
    """
    mask = _told_apart(ink)
    if mask is None:
        raise DataError(f"{name}: blank, no ink stands out from the paper")
    if mask.mean() > _MOST_INK:
        raise DataError(f"{name}: almost all ink; leave some paper around the digit")
    return mask


def without_specks(mask: Mask, *, rim: float = 0.0) -> Mask:
    """Keep blobs of some size; ``rim`` is the share of each side where nothing is expected.

    What lies there is a neighbour's ink, a ruled line or a shadow: it goes, unless there
    is nothing else.
    """
    count, blobs, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count <= 2:
        return mask
    height, width = mask.shape
    margin = np.ones(mask.shape, bool)
    reach = round(rim * min(height, width))
    margin[reach : height - reach, reach : width - reach] = False
    areas = stats[1:, cv2.CC_STAT_AREA]
    at_rim = np.bincount(blobs[margin], minlength=count)[1:] / areas
    inner = at_rim < _AT_RIM
    candidates = inner if inner.any() else ~inner
    kept = candidates & (areas >= _SPECK * areas[candidates].max())
    return np.asarray(np.isin(blobs, 1 + np.flatnonzero(kept)))


def binarise(ink: Floats, *, rim: float = 0.0, name: str = "picture") -> Mask:
    """Ink or paper, without specks and without what lies in the rim.

    Raises:
      DataError: nothing stands out from the paper, or almost everything does.
    """
    return without_specks(inked(ink, name=name), rim=rim)


def box_of(mask: Mask) -> tuple[slice, slice]:
    """Rows and columns that hold all of a mask, which is not empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def stroke_width(mask: Mask) -> float:
    """Of what is inked, in pixels: a stroke's depth averages a quarter of its width."""
    padded = np.pad(mask, 1).astype(np.uint8)
    depth = np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5))
    return 4.0 * float(depth[padded > 0].mean())
