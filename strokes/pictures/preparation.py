"""A person's handwriting as MNIST's pictures: found, cleaned, scaled and centred.

MNIST's own recipe (LeCun et al., 1998): the digit's longest side becomes 20 pixels, its
aspect stays, edges are anti-aliased, and its centre of mass is placed in the middle of
28x28. Before that, a photo needs what a scanner did for NIST's forms: the page alone, which of
dark and bright is ink, even light, no rules, no specks (`strokes.pictures.cleaning`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.pictures.binarising import binarise, box_of, stroke_width
from strokes.pictures.cleaning import clean
from strokes.pictures.dots import join_dots
from strokes.pictures.names import AS_MNIST, SIDE, Centring, Form
from strokes.pictures.paper import find_ink
from strokes.pictures.stages import Floats, Mask, Photo, Stage, resized, shrunk

_BOX = 20  # MNIST's longest side
_PADDED_BOX = 22  # the box with 3 pixels of paper around it
_MIDDLE = 14.5  # where MNIST's centres of mass lie
ENOUGH = 1000
"""Pixels of a photo's longer side that are used of it, where it holds one line."""
_FINE, _FINE_LINE = 240, 120  # pixels at which a digit is cut out, and at least those of a line
_LINE = 1.3  # times as broad as high: more than one digit may be in it
_LOOKED_AT_AGAIN = 0.3  # of the picture: a smaller digit is cut out and looked at again
_RIM = 1 / 12  # of a single digit's picture, where none is written
_EMPTY_RIM = 0.15  # of a cell's sides: a digit reaches farther in
_THINNEST, _NATURAL = 1.9, 2.5  # widths of a stroke in pixels of MNIST: thicken below, to
_THICKEST, _BOLD = 5.0, 3.5  # thin above, to
_MANY_PARTS = 3  # a person lifts the pen less often
_GAPS = (0.05, 0.1)  # of a digit's longer side, which are closed where it has many parts
_LONGEST_ASPECT = 40.0


class Prepared(NamedTuple):
    """A digit, or other character, as MNIST would have it."""

    picture: npt.NDArray[np.uint8]
    """``[S, S]``, 28x28 unless asked otherwise, 0 paper to 255 ink."""
    stages: tuple[Stage, ...]

    @property
    def done(self) -> list[str]:
        """What was done to it, where that is worth a word: "frame removed"."""
        return [stage.done for stage in self.stages if stage.done]


class Binarised(NamedTuple):
    """Ink that was found."""

    ink: Floats
    """``[H, W]``, as `strokes.pictures.stages` has it."""
    mask: Mask
    """``[H, W]``: where it is, without specks; not empty."""
    stages: tuple[Stage, ...]


def _fine(ink: Floats) -> Floats:
    """A small picture enlarged, so that its binarised edges keep their place in a pixel."""
    scale = min(max(_FINE / max(ink.shape), _FINE_LINE / min(ink.shape)), ENOUGH / max(ink.shape))
    if scale <= 1.0:
        return ink
    longest = round(scale * max(ink.shape))
    return np.asarray(resized(ink, longest, interpolation=cv2.INTER_CUBIC))


def _located(ink: Floats, mask: Mask, name: str) -> Mask:
    """A digit that is small in its picture, looked at again by itself."""
    rows, columns = box_of(mask)
    longer = max(rows.stop - rows.start, columns.stop - columns.start)
    if longer > _LOOKED_AT_AGAIN * max(ink.shape):
        return mask
    margin = max(4, longer // 4)
    around = tuple(slice(max(0, one.start - margin), one.stop + margin) for one in (rows, columns))
    return join_dots(binarise(_fine(np.ascontiguousarray(ink[around])), name=name))[0]


def _joined(mask: Mask) -> tuple[Mask, str]:
    """A digit of many parts, as displays and dashes make it, with its small gaps closed."""
    parts = cv2.connectedComponents(mask.astype(np.uint8))[0] - 1
    if parts < _MANY_PARTS:
        return mask, ""
    rows, columns = box_of(mask)
    longer = max(rows.stop - rows.start, columns.stop - columns.start)
    for gap in _GAPS:
        reach = max(1, round(0.5 * gap * longer))
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
        closed = cv2.morphologyEx(
            np.pad(mask, reach).astype(np.uint8), cv2.MORPH_CLOSE, kernel, borderValue=0
        )
        if cv2.connectedComponents(closed)[0] - 1 <= parts // 2:
            return np.asarray(closed[reach:-reach, reach:-reach] > 0), "gaps closed"
    return mask, ""


def _natural_width(digit: Mask, box: int) -> tuple[Mask, str]:
    """Strokes as thick as MNIST's pens would make them, where they are thinner or thicker.

    Returns:
      the digit, and what was done.
    """
    margin = max(digit.shape) // 4
    padded = np.pad(digit, margin)
    pixel = max(digit.shape) / box
    width = stroke_width(digit) / pixel
    if width < _THINNEST:
        reach = 0.5 * (_NATURAL - width) * pixel
        away = cv2.distanceTransform((~padded).astype(np.uint8), cv2.DIST_L2, 5)
        thick = np.asarray(away <= reach)
        return thick[box_of(thick)], "strokes thickened"
    if width > _THICKEST:
        thin = _thinned(padded, 0.5 * (width - _BOLD) * pixel)
        return thin[box_of(thin)], "strokes thinned"
    return digit, ""


def _thinned(mask: Mask, reach: float) -> Mask:
    """A digit without its outer pixels, so many as leave its parts together."""
    depth = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    parts = cv2.connectedComponents(mask.astype(np.uint8))[0]
    for share in (1.0, 0.75, 0.5, 0.25):
        thin = np.asarray(depth > share * reach)
        if thin.any() and cv2.connectedComponents(thin.astype(np.uint8))[0] == parts:
            return thin
    return mask


def _placed(digit: Floats, centring: Centring, side: int) -> Floats:
    """A scaled digit on its square, by whole pixels."""
    height, width = digit.shape
    top, left = (side - height) // 2, (side - width) // 2
    if centring == "mass":
        mass = max(float(digit.sum()), 1e-6)
        row = float((digit.sum(axis=1) * np.arange(height)).sum()) / mass
        column = float((digit.sum(axis=0) * np.arange(width)).sum()) / mass
        middle = _MIDDLE * side / SIDE - 0.5  # counted from the first pixel's middle
        top = int(np.clip(round(middle - row), 0, side - height))
        left = int(np.clip(round(middle - column), 0, side - width))
    placed = np.zeros((side, side), np.float32)
    placed[top : top + height, left : left + width] = digit
    return placed


def prepare(photo: Photo, *, form: Form = AS_MNIST, name: str = "picture") -> Prepared:
    """Turn a picture of one digit, or other character, into MNIST's 28x28, or another size.

    Args:
      photo: grey, float32 ``[H, W]`` in [0, 1], or colours, uint8 ``[H, W, 3]``, as
        `strokes.pictures.files.read_picture` reads them.
      form: its centring is "mass", as MNIST; "box", the bounding box in the middle; "padded", a
        box of 22 pixels and 3 of paper around it; "cell", the whole picture scaled, as if it
        were a cell of a ruled sheet, with nothing cut out. Pixels are those of 28.
      name: what messages call it.

    Raises:
      DataError: there is no digit to be seen; the message says why.
    """
    found = binarised(photo, framed=form.centring != "cell", name=name)
    return prepare_found(found, form=form, name=name)


def binarised_piece(
    grey: Floats, stages: Sequence[Stage] = (), *, name: str = "picture"
) -> Binarised:
    """Where the ink is in a piece of a sheet that is clean already.

    Args:
      grey: float32 ``[H, W]``, dark ink on light paper.
      stages: of the whole sheet.
      name: what messages call it.

    Raises:
      DataError: there is nothing to be seen; the message says why.
    """
    ink = _fine(find_ink(grey))
    mask = binarise(ink, rim=_RIM, name=name)
    reach = round(_EMPTY_RIM * min(mask.shape))
    if not mask[reach:-reach, reach:-reach].any():
        raise DataError(f"{name}: blank, but for what reaches in from outside")
    return Binarised(ink, mask, (*stages, Stage("piece", np.clip(grey, 0.0, 1.0))))


def binarised(photo: Photo, *, framed: bool = True, name: str = "picture") -> Binarised:
    """Where the ink of a photo of at most a line of digits is.

    Args:
      photo: as `prepare` takes it.
      framed: as `strokes.pictures.cleaning.clean` takes it.
      name: what messages call it.

    Raises:
      DataError: there is nothing to be seen; the message says why.
    """
    cleaned = clean(shrunk(photo, ENOUGH), framed=framed, name=name)
    ink = _fine(cleaned.ink)
    broad = ink.shape[1] > _LINE * ink.shape[0]  # a line of digits, which may reach its ends
    mask, done = join_dots(binarise(ink, rim=0.0 if broad else _RIM, name=name))
    dots = Stage("dots", mask.astype(np.float32), done, "" if done else "no dots or dashes")
    return Binarised(ink, mask, (*cleaned.stages, dots))


def prepare_found(
    found: Binarised,
    *,
    form: Form = AS_MNIST,
    name: str = "picture",
) -> Prepared:
    """Scale and place the ink that was found, as one digit.

    Raises:
      DataError: it is no digit; the message says why.
    """
    if form.centring == "cell":
        whole = found.mask.astype(np.float32)
        small = cv2.resize(whole, (form.side, form.side), interpolation=cv2.INTER_AREA)
        return _finished(np.asarray(small), (*found.stages, Stage("binarised", whole)))
    mask = _located(found.ink, found.mask, name)
    return prepare_mask(mask, found.stages, form=form, name=name)


def prepare_mask(
    mask: Mask,
    stages: Sequence[Stage] = (),
    *,
    form: Form = AS_MNIST,
    name: str = "picture",
) -> Prepared:
    """Scale and place a digit that is binarised, ``[H, W]``, not empty.

    Args:
      mask: where its ink is.
      stages: before this one.
      form: as `prepare` takes it. The gaps of a digit that has many parts, as on a display, are
        closed.
      name: what messages call it.

    Raises:
      DataError: it is a hair.
    """
    mask, joined = _joined(mask) if form.digits else (mask, "")
    found = mask[box_of(mask)]
    if max(found.shape) > _LONGEST_ASPECT * min(found.shape):
        raise DataError(f"{name}: a line as thin as a hair, no {form.noun}")
    box = _PADDED_BOX if form.centring == "padded" else _BOX
    digit, done = _natural_width(found, box)
    longest = max(1, round(box * form.side / SIDE))
    scaled = np.asarray(resized(digit.astype(np.float32), longest, interpolation=cv2.INTER_AREA))
    stages = (
        *stages,
        Stage("binarised", mask.astype(np.float32), joined),
        Stage("digit", digit.astype(np.float32), done),
    )
    return _finished(_placed(scaled, form.centring, form.side), stages)


def _finished(placed: Floats, stages: Sequence[Stage]) -> Prepared:
    levels = np.round(255.0 * np.clip(placed / max(float(placed.max()), 1e-6), 0.0, 1.0))
    last = Stage(f"{len(levels)}x{len(levels)}", (levels / 255.0).astype(np.float32))
    return Prepared(levels.astype(np.uint8), (*stages, last))
