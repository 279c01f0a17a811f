"""The box line taken apart: what each of its stages makes of one segment.

`rasterizer` computes the same in fewer steps (`rasterizer.lines`); this is for looking at. Places
are canvas units, x to the right and y down; pictures are ``[side, side]`` in [0, 1].
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit

Array = npt.NDArray[np.float64]
Place = tuple[float, float]


class Band(NamedTuple):
    """The pixels that hold a crossing of the line with the middle of their column, or row."""

    crossings: Array
    """``[side]``: where the line crosses the middle of each column (y), or row (x)."""
    before: Array
    """1 where a pixel begins before the crossing: above it, or left of it."""
    after: Array
    """1 where a pixel ends after the crossing: below it, or right of it."""
    both: Array
    """Their product."""


class BoxStages(NamedTuple):
    """From a segment to its ink."""

    columns: Band
    rows: Band
    line: Array
    """The brighter of both bands: the endless line."""
    rectangle: Array
    """1 where a pixel touches the box around the segment."""
    segment: Array
    """Line times rectangle."""


def _band(crossings: Array, softness: float) -> Band:
    """``[side, side]``, a column for each crossing."""
    side = len(crossings)
    edges = np.linspace(0.0, 1.0, side + 1)[:, None]
    before = expit(softness * (crossings - edges[:-1]))
    after = expit(softness * (edges[1:] - crossings))
    return Band(crossings, before, after, before * after)


def _between(first: float, last: float, side: int, softness: float) -> Array:
    """1 for the pixels of a row that touch the stretch between two places."""
    edges = np.linspace(0.0, 1.0, side + 1)
    low, high = min(first, last), max(first, last)
    return np.asarray(expit(softness * (edges[1:] - low)) * expit(softness * (high - edges[:-1])))


def box_stages(start: Place, end: Place, *, softness: float, side: int = 8) -> BoxStages:
    """Draw a segment by the box line, stage by stage (Grzego, 2017).

    Args:
      start: x and y; neither may be `end`'s.
      end: x and y.
      softness: slope of the masks' edges, in 1/canvas units.
      side: pixels of a row, and of a column.
    """
    (x1, y1), (x2, y2) = start, end
    middles = (np.arange(side) + 0.5) / side
    columns = _band(y1 + (middles - x1) * (y2 - y1) / (x2 - x1), softness)
    across = _band(x1 + (middles - y1) * (x2 - x1) / (y2 - y1), softness)
    rows = across._replace(before=across.before.T, after=across.after.T, both=across.both.T)
    line = np.maximum(columns.both, rows.both)
    rectangle = np.outer(_between(y1, y2, side, softness), _between(x1, x2, side, softness))
    return BoxStages(columns, rows, line, rectangle, line * rectangle)
