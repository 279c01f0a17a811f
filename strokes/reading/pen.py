"""What a pen wrote, to digits: how many there are, where, and each prepared to be read.

The strokes are known, so there is no paper to be told from ink: they are drawn as large and with a
pen as thick as preparation wants them. The finder of numbers puts them together to digits; it need
not cut what is one stroke, and two digits that touch are two strokes. Characters of other classes,
of which no finder knows, are written one at a time.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.ink import Stroke
from strokes.pictures.binarising import box_of
from strokes.pictures.cuts import Atom, atoms
from strokes.pictures.names import AS_MNIST, Form
from strokes.pictures.pen import draw_ink
from strokes.pictures.places import WHOLE, Place, moved, place_on
from strokes.pictures.preparation import Prepared, prepare_mask
from strokes.pictures.stages import Mask, Stage
from strokes.reading.numbers import separate_atoms
from strokes.reading.recognizer import Recognizer

_PEN = 0.035  # width in canvas units, of what was written large
_THICKEST = 0.11  # of the height of what was written small: as MNIST's pens are
_BROADEST = 4.0  # times its height: what is broader is no number, or of many digits
_SINGLE, _LINE = 240, 120  # pixels of the longer side of one digit, of the height of several
_BROAD = 1.3  # times as broad as high: several digits
_ENDLESS = 6.0  # times as broad as high: a line, or a scribble, which is not cut
_MOST_CUT, _MOST_PARTS = 16, 40  # parts of a stroke, and of all: more are no number
_MOST = 720  # pixels
_SHARED, _PER_SHARED = 0.3, 12.0  # columns of a stroke that others reach; price as of a cut

Pressures = Sequence[npt.NDArray[np.float64]]


class _Ink(NamedTuple):
    strokes: list[Mask]  # each [H, W]
    left: float  # of the masks, in canvas units
    top: float
    pixel: float

    @property
    def mask(self) -> Mask:
        return np.asarray(np.any(self.strokes, axis=0))


class PenDigit(NamedTuple):
    """A digit among what a pen wrote."""

    prepared: Prepared
    place: Place
    """Of its canvas on the pen's; the whole of it where the digit is alone."""


def _drawn(strokes: Sequence[Stroke], pressures: Pressures | None) -> _Ink:
    together = np.concatenate([stroke[:, :2] for stroke in strokes])
    low, high = together.min(axis=0), together.max(axis=0)
    width, height = (high - low).tolist()
    pen = min(_PEN, _THICKEST * max(height, width / _BROADEST, 1e-6))
    low, size = low - pen, max(width, height) + 2.0 * pen
    side = _SINGLE if width <= _BROAD * height else _LINE * size / (height + 2.0 * pen)
    side = round(min(side, _MOST))
    drawn = []
    for index, stroke in enumerate(strokes):
        placed = np.asarray((stroke[:, :2] - low) / size)
        pressed = None if pressures is None else pressures[index : index + 1]
        ink = draw_ink([placed], side=side, width=pen / size, pressures=pressed)
        drawn.append(np.asarray(ink < 0.5))
    rows, columns = box_of(np.asarray(np.any(drawn, axis=0)))
    inside = [mask[: rows.stop, : columns.stop] for mask in drawn if mask.any()]
    return _Ink(inside, float(low[0]), float(low[1]), size / side)


def _parts(ink: _Ink) -> list[Atom]:
    """Strokes from left to right, of which only what is too broad for one digit is cut.

    A stroke that stands over or under those before it hardly begins another digit.
    """
    rows, _ = box_of(ink.mask)
    height = rows.stop - rows.start
    found = []
    for mask in ink.strokes:
        _, columns = box_of(mask)
        broad = _BROAD * height < columns.stop - columns.start < _ENDLESS * height
        cut = atoms(mask) if broad else []
        found += cut if 0 < len(cut) <= _MOST_CUT else [Atom(mask, 0.0)]
    if len(found) > _MOST_PARTS:
        return [Atom(ink.mask, 0.0)]
    found.sort(key=lambda atom: _middle(atom.mask))
    reached, parts = 0, []
    for atom in found:
        _, columns = box_of(atom.mask)
        shared = max(0, min(reached, columns.stop) - columns.start) / (columns.stop - columns.start)
        parts.append(Atom(atom.mask, atom.cut + _PER_SHARED * max(0.0, shared - _SHARED)))
        reached = max(reached, columns.stop)
    return parts


def _middle(mask: Mask) -> int:
    columns = np.flatnonzero(mask.any(axis=0))
    return int(columns[0] + columns[-1])


def find_digits(
    strokes: Sequence[Stroke],
    recognizer: Recognizer | None,
    *,
    pressures: Pressures | None = None,
    form: Form = AS_MNIST,
) -> list[PenDigit]:
    """The digits that a pen wrote, from left to right; also what is none is one.

    Args:
      strokes: ``[n, 2]`` or ``[n, 3]`` each, in canvas units, at least one.
      recognizer: of grey digits; without one all that was written is one character.
      pressures: ``[n]`` each in 0..1, if the pen knows.
      form: what they are prepared as.

    Returns:
      digits; nothing of strokes, or of a part of them, that are as thin as a hair.
    """
    ink = _drawn(strokes, pressures)
    masks = [ink.mask]
    if recognizer is not None and len(parts := _parts(ink)) > 1:
        masks = separate_atoms(parts, recognizer)
    line = Stage("line", ink.mask.astype(np.float32))
    stages = (line,) if len(masks) > 1 else ()
    found = []
    for mask in masks:
        try:
            prepared = prepare_mask(mask, stages, form=form)
        except DataError:
            continue
        place = moved(
            place_on(prepared, mask),
            left=-ink.left / ink.pixel,
            top=-ink.top / ink.pixel,
            unit=1.0 / ink.pixel,
        )
        found.append(PenDigit(prepared, place if len(masks) > 1 else WHOLE))
    return found
