"""Where a prepared digit lies in the picture that it was cut from."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from strokes.pictures.binarising import box_of
from strokes.pictures.preparation import Prepared
from strokes.pictures.stages import Mask

_MARGIN = 0.08  # of a square, around what fills it


class Place(NamedTuple):
    """Where the canvas of a digit lies on a larger one, in shares of that."""

    x: float
    """Its left edge."""
    y: float
    """Its upper edge."""
    side: float


WHOLE = Place(0.0, 0.0, 1.0)


def place_on(prepared: Prepared, mask: Mask) -> Place:
    """Where the canvas of a prepared digit lies, in pixels of the picture that it was cut from.

    Args:
      prepared: the digit.
      mask: its ink in that picture, ``[H, W]``.
    """
    rows, columns = box_of(mask)
    inked_rows, inked_columns = box_of(np.asarray(prepared.picture > 0))
    pixel = _longer(rows, columns) / _longer(inked_rows, inked_columns)
    left = _middle(columns) - pixel * _middle(inked_columns)
    side = len(prepared.picture) * pixel
    return Place(left, _middle(rows) - pixel * _middle(inked_rows), side)


def moved(place: Place, *, left: float, top: float, unit: float) -> Place:
    """A place measured from another corner and in another unit."""
    return Place((place.x - left) / unit, (place.y - top) / unit, place.side / unit)


def filling(places: Sequence[Place], masks: Sequence[Mask]) -> list[Place]:
    """Places in pixels of a line, in shares of the square that its ink fills.

    Args:
      places: of each digit, as `place_on` gives it.
      masks: its ink, ``[H, W]``.
    """
    rows, columns = box_of(np.asarray(np.any(masks, axis=0)))
    side = (1.0 + 2.0 * _MARGIN) * _longer(rows, columns)
    left, top = _middle(columns) - 0.5 * side, _middle(rows) - 0.5 * side
    return [moved(place, left=left, top=top, unit=side) for place in places]


def _longer(rows: slice, columns: slice) -> float:
    return float(max(rows.stop - rows.start, columns.stop - columns.start))


def _middle(part: slice) -> float:
    return 0.5 * float(part.start + part.stop)
