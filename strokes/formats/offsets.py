"""Strokes as steps from point to point: stroke-3 and stroke-5, as sketch-rnn keeps them.

D. Ha and D. Eck, *A Neural Representation of Sketch Drawings* (2017). In stroke-3 a row is dx, dy
and 1 where the pen is lifted after the point; the first step leads from the origin to the first
point. Stroke-5 says instead, in three columns of which one is 1: the pen stays down, it is lifted,
the drawing has ended; rows after the end are padding. y runs down.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from strokes.ink import Stroke

Rows = npt.NDArray[Any]


def strokes_of_offsets(steps: Rows, ends: npt.NDArray[np.bool_]) -> list[Stroke]:
    """Strokes ``[n, 2]`` each.

    Args:
      steps: ``[T, 2]``, from each point to the next, the first from the origin.
      ends: ``[T]``: the point ends its stroke.
    """
    places = np.cumsum(steps.astype(np.float64), axis=0)
    parts = np.split(places, np.flatnonzero(ends[:-1]) + 1) if len(places) else []
    return [part for part in parts if len(part)]


def strokes_of_rows(rows: Rows) -> list[Stroke]:
    """The same of a drawing in stroke-3, ``[T, 3]``, or stroke-5, ``[T, 5]``.

    Raises:
      ValueError: another shape, or pens that are neither down nor lifted.
    """
    if rows.ndim != 2 or rows.shape[1] not in (3, 5) or rows.dtype.kind not in "fiub":
        raise ValueError(f"{list(rows.shape)} {rows.dtype}, expected stroke-3 or stroke-5")
    pens = rows[:, 2:]
    if not np.isin(pens, (0, 1)).all():
        raise ValueError("a pen that is neither 0 nor 1")
    if rows.shape[1] == 3:
        return strokes_of_offsets(rows[:, :2], pens[:, 0] == 1)
    if (pens.sum(axis=1) != 1).any():
        raise ValueError("a pen that is not down, lifted or at its end")
    ended = np.flatnonzero(pens[:, 2] == 1)
    count = int(ended[0]) if len(ended) else len(rows)
    return strokes_of_offsets(rows[:count, :2], pens[:count, 1] == 1)


def rows_of_strokes(strokes: Sequence[Stroke]) -> npt.NDArray[np.float64]:
    """Strokes as stroke-3, ``[T, 3]``."""
    places = np.concatenate([stroke[:, :2] for stroke in strokes])
    lifted = np.zeros(len(places))
    lifted[np.cumsum([len(stroke) for stroke in strokes]) - 1] = 1
    return np.column_stack([np.diff(places, axis=0, prepend=0.0), lifted])


def stroke_5(rows: npt.NDArray[np.float64], length: int) -> npt.NDArray[np.float64]:
    """Stroke-3 as stroke-5, ``[length, 5]``, padded; ``length`` is at least that of ``rows``."""
    padded = np.zeros((length, 5))
    count = len(rows)
    padded[:count, :2] = rows[:, :2]
    padded[:count, 3] = rows[:, 2]
    padded[:count, 2] = 1 - rows[:, 2]
    padded[count:, 4] = 1
    return padded
