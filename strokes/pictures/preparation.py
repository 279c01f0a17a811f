"""A person's handwriting as MNIST's pictures: found, cleaned, scaled and centred.

MNIST's own recipe (LeCun et al., 1998): the digit's longest side becomes 20 pixels, its
aspect stays, edges are anti-aliased, and its centre of mass is placed in the middle of
28x28. Before that, a photo needs what a scanner did for NIST's forms: which of dark and
bright is ink, even light, no specks.

Grey is float32 ``[H, W]`` in [0, 1], 0 black and 1 white; ink is float32 ``[H, W]`` in
[0, 1], 0 paper.
"""

from typing import Literal, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from strokes.errors import DataError

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Centring = Literal["mass", "box", "padded", "cell"]

SIDE = 28
_BOX = 20  # MNIST's longest side
_PADDED_BOX = 22  # the box with 3 pixels of paper around it
_MIDDLE = 14.0  # where MNIST's centres of mass lie, counted from the first pixel's middle
_LARGEST = 1000  # longer sides are shrunk before anything else
_SMALLEST = 8  # shorter sides hold no digit
_SHADE = 64  # pixels that are enough to see light and shade
_FINE = 240  # a digit is cut out at about so many pixels
_CONTRAST = 0.07  # between ink and paper, at least
_CLEARNESS = 3.5  # that contrast over the paper's noise, at least
_MOST_INK = 0.75  # of the picture
_SPECK = 0.03  # of the largest blob's area
_RIM = 1 / 12  # of a single digit's picture, where none is written
_AT_RIM = 0.8  # of a blob's area: with more of it in the rim it goes
_THINNEST, _NATURAL = 1.9, 2.5  # widths of a stroke in pixels of MNIST: thicken below, to
_LONGEST_ASPECT = 40.0


class Stage(NamedTuple):
    """A step of the preparation, to be looked at."""

    name: str
    picture: Floats
    """``[H, W]`` in [0, 1]; what it shows follows from the step."""


class Prepared(NamedTuple):
    """A digit as MNIST would have it."""

    picture: npt.NDArray[np.uint8]
    """``[28, 28]``, 0 paper to 255 ink."""
    stages: tuple[Stage, ...]


def resized(picture: Floats, longest: int, *, interpolation: int) -> Floats:
    """A picture with its longest side at so many pixels, the other at least one."""
    height, width = picture.shape
    scale = longest / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=interpolation), np.float32)


def _shrunk(grey: Floats) -> Floats:
    if max(grey.shape) <= _LARGEST:
        return grey
    return resized(grey, _LARGEST, interpolation=cv2.INTER_AREA)


def _surface_terms(height: int, width: int) -> npt.NDArray[np.float64]:
    """1, x, y, xx, xy, yy at every pixel, ``[H * W, 6]``."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    ones = np.ones_like(x)
    return np.stack([ones, x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)


def paper_level(grey: Floats) -> Floats:
    """The paper's grey value at every pixel, as a quadratic surface.

    It is fitted to the border first, then to all pixels that lie near it: ink is left out
    however much of the picture it covers, as long as the border is mostly paper.
    """
    height, width = grey.shape
    scale = min(1.0, 96 / max(height, width))
    rows, columns = max(8, round(height * scale)), max(8, round(width * scale))
    small = cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float64)
    terms, values = _surface_terms(rows, columns), small.ravel()
    ring = np.ones((rows, columns), bool)
    margin = max(1, min(rows, columns) // 16)
    ring[margin:-margin, margin:-margin] = False
    used = ring.ravel() & (np.abs(values - np.median(values[ring.ravel()])) < 0.25)
    flat = 3  # a plane while only the border is known
    for _ in range(6):
        known = terms[used, :flat]  # terms lie in [-1, 1]: the normal equations are tame
        fitted = np.linalg.solve(known.T @ known, known.T @ values[used])
        residual = values - terms[:, :flat] @ fitted
        spread = 1.4826 * np.median(np.abs(residual[used]))
        used = np.abs(residual) < max(3.0 * spread, 0.03)
        flat = 6
    level = (terms[:, : len(fitted)] @ fitted).reshape(rows, columns).astype(np.float32)
    return np.asarray(cv2.resize(level, (width, height), interpolation=cv2.INTER_LINEAR))


def _broad(ink: Floats) -> Floats:
    """What is broader than any stroke, light and shade: an opening, in a small picture."""
    small = ink
    if max(ink.shape) > _SHADE:
        small = resized(ink, _SHADE, interpolation=cv2.INTER_AREA)
    kernel = max(3, min(small.shape) // 2) | 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (kernel, kernel))
    opened = cv2.morphologyEx(small, cv2.MORPH_OPEN, ellipse)
    height, width = ink.shape
    whole = cv2.resize(opened, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(whole, np.float32)


def find_ink(grey: Floats) -> Floats:
    """How much darker, or brighter, than the paper each pixel is.

    Which of the two is ink is decided by what stands out from the paper more, and the paper
    is what lies at the border: the mean says nothing where a pen is thick.
    """
    away = grey - paper_level(grey)
    darker = float((away.astype(np.float64) ** 3).sum()) <= 0.0  # noise is even, ink is not
    ink = np.clip(-away if darker else away, 0.0, None)
    return np.asarray(np.clip(ink - _broad(ink), 0.0, None))


def _threshold(ink: Floats, name: str) -> float:
    """Half way between ink and paper, as Otsu tells them apart.

    Raises:
      DataError: nothing stands out, or everything does.
    """
    top = float(ink.max())
    if top < _CONTRAST:
        raise DataError(f"{name}: blank, no ink stands out from the paper")
    levels = np.round(ink * (255.0 / top)).astype(np.uint8)
    threshold = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0] * top / 255.0
    inked = ink > threshold
    above, below = float(ink[inked].mean()), float(ink[~inked].mean())
    contrast = above - below
    if contrast < _CONTRAST or contrast < _CLEARNESS * float(ink[~inked].std()):
        raise DataError(f"{name}: blank, no ink stands out from the paper")
    if inked.mean() > _MOST_INK:
        raise DataError(f"{name}: almost all ink; leave some paper around the digit")
    return 0.5 * (above + below)  # Otsu's own may lie anywhere between two clear levels


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
    noisy = max(0.5, max(ink.shape) / 500)
    smooth = cv2.GaussianBlur(ink, (0, 0), noisy)
    return without_specks(smooth > _threshold(ink, name), rim=rim)


def _box_of(mask: Mask) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _fine(ink: Floats) -> Floats:
    """A small picture enlarged, so that its binarised edges keep their place in a pixel."""
    if max(ink.shape) >= _FINE:
        return ink
    return np.clip(resized(ink, _FINE, interpolation=cv2.INTER_CUBIC), 0.0, None)


def _natural_width(digit: Mask, box: int) -> Mask:
    """Thicken a stroke that would be thinner than MNIST's pens when scaled to the box."""
    margin = max(digit.shape) // 4
    padded = np.pad(digit, margin)
    depth = cv2.distanceTransform(padded.astype(np.uint8), cv2.DIST_L2, 5)
    pixel = max(digit.shape) / box
    width = 4.0 * float(depth[padded].mean()) / pixel  # a stroke's depth averages a quarter
    if width >= _THINNEST:
        return digit
    reach = 0.5 * (_NATURAL - width) * pixel
    away = cv2.distanceTransform((~padded).astype(np.uint8), cv2.DIST_L2, 5)
    thick = away <= reach
    return np.asarray(thick[_box_of(thick)])


def _placed(digit: Floats, centring: Centring) -> Floats:
    """A scaled digit on 28x28, by whole pixels."""
    height, width = digit.shape
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    if centring == "mass":
        mass = max(float(digit.sum()), 1e-6)
        row = float((digit.sum(axis=1) * np.arange(height)).sum()) / mass
        column = float((digit.sum(axis=0) * np.arange(width)).sum()) / mass
        top = int(np.clip(round(_MIDDLE - row), 0, SIDE - height))
        left = int(np.clip(round(_MIDDLE - column), 0, SIDE - width))
    placed = np.zeros((SIDE, SIDE), np.float32)
    placed[top : top + height, left : left + width] = digit
    return placed


def prepare(grey: Floats, *, centring: Centring = "mass", name: str = "picture") -> Prepared:
    """Turn a picture of one digit into MNIST's 28x28.

    Args:
      grey: ``[H, W]`` in [0, 1], 0 black and 1 white; see `strokes.pictures.files`.
      centring: "mass", as MNIST; "box", the bounding box in the middle; "padded", a box of
        22 pixels and 3 of paper around it; "cell", the whole picture scaled, as if it
        were a cell of a ruled sheet, with nothing cut out.
      name: what messages call it.

    Raises:
      DataError: there is no digit to be seen; the message says why.
    """
    if min(grey.shape) < _SMALLEST:
        height, width = grey.shape
        raise DataError(f"{name}: {width}x{height} pixels, expected at least {_SMALLEST} each way")
    if max(grey.shape) > _LONGEST_ASPECT * min(grey.shape):
        raise DataError(f"{name}: a strip as thin as a hair, no picture of a digit")
    shrunk = _shrunk(grey)
    ink = _fine(find_ink(shrunk))
    mask = binarise(ink, rim=_RIM, name=name)
    stages = [
        Stage("picture", shrunk),
        Stage("ink", ink / max(float(ink.max()), 1e-6)),
        Stage("binarised", mask.astype(np.float32)),
    ]
    if centring == "cell":
        whole = mask.astype(np.float32)
        placed = np.asarray(cv2.resize(whole, (SIDE, SIDE), interpolation=cv2.INTER_AREA))
    else:
        box = _PADDED_BOX if centring == "padded" else _BOX
        found = mask[_box_of(mask)]
        if max(found.shape) > _LONGEST_ASPECT * min(found.shape):
            raise DataError(f"{name}: a line as thin as a hair, no digit")
        digit = _natural_width(found, box).astype(np.float32)
        stages.append(Stage("digit", digit))
        placed = _placed(resized(digit, box, interpolation=cv2.INTER_AREA), centring)
    picture = np.round(255.0 * np.clip(placed / max(float(placed.max()), 1e-6), 0.0, 1.0))
    stages.append(Stage("28x28", (picture / 255.0).astype(np.float32)))
    return Prepared(picture.astype(np.uint8), tuple(stages))
