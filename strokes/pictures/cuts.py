"""Where a line of digits may be cut: between its parts, and through ink where digits touch.

Masks are ``[H, W]``: where the ink is.
"""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from strokes.pictures.binarising import box_of, stroke_width
from strokes.pictures.stages import Mask

_STEP = 0.05  # of the line's height, between places where a cut is tried
_REACH = 0.16  # of the height, to either side, that a cut may stray
_STRAYING = 0.12  # of a pixel of ink, for every pixel aside
_DEAREST = 4.0  # stroke widths of ink that a cut may go through
_APART, _SEAMS_APART = 0.12, 0.04  # of the height, between two cuts, and between two seams
_SLIMMEST = 0.08  # of the height: what is left on either side of a cut
_BROAD = 0.5  # of the height: slimmer parts are not cut
_SINGLE, _SINGLE_IN_PARTS = 0.75, 0.3  # times as broad as high: slimmer is one digit
_CRUMB = 0.02  # of the height squared: smaller parts belong to their neighbours


def is_broad(mask: Mask, *, times: float = 1.15) -> bool:
    """Whether ink is broader than so many times its height: than a digit on a sheet is."""
    rows, columns = box_of(mask)
    return bool(columns.stop - columns.start > times * (rows.stop - rows.start))


def may_be_several(mask: Mask) -> bool:
    """Whether ink is so broad, or has such gaps, that more than one digit may be there."""
    _, columns = box_of(mask)
    gap = not mask[:, columns].any(axis=0).all()
    return is_broad(mask, times=_SINGLE) or (gap and is_broad(mask, times=_SINGLE_IN_PARTS))


Cut = tuple[npt.NDArray[np.int_], float]
"""A way from top to bottom: its column in each row, ``[H]``; the ink on it, in stroke widths."""


class Atom(NamedTuple):
    """A part of a line that is not cut any further."""

    mask: Mask
    """``[H, W]``, as the whole line's."""
    cut: float
    """Ink that was cut through on its left, in stroke widths; 0 at a gap."""


def _cheapest(
    ink: Mask, middles: npt.NDArray[np.int_], reach: int
) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.float64]]:
    """Ways from top to bottom through least ink, one near each middle.

    Returns:
      the columns in each row, ``[K, H]``, and the ink on each way, ``[K]``, in pixels.
    """
    height, width = ink.shape
    columns = middles[:, None] + np.arange(-reach, reach + 1)  # [K, C]
    outside = (columns < 0) | (columns >= width)
    price = ink[:, np.clip(columns, 0, width - 1)].transpose(1, 0, 2) + 0.0  # [K, H, C]
    price += 1e-3 * np.abs(np.arange(-reach, reach + 1))
    price[np.broadcast_to(outside[:, None], price.shape)] = height
    paid = price[:, 0]
    came = np.zeros(price.shape, np.int8)
    for row in range(1, height):
        padded = np.pad(paid, ((0, 0), (1, 1)), constant_values=np.inf)
        ways = np.stack([padded[:, :-2] + _STRAYING, paid, padded[:, 2:] + _STRAYING])
        came[:, row] = ways.argmin(axis=0) - 1
        paid = ways.min(axis=0) + price[:, row]
    place = paid.argmin(axis=1)
    chosen = np.arange(len(middles))
    path = np.zeros((len(middles), height), int)
    for row in range(height - 1, -1, -1):
        path[:, row] = columns[chosen, place]
        place = place + came[chosen, row, place]
    rows = np.arange(height)
    inked = ink[rows, np.clip(path, 0, width - 1)].sum(axis=1)
    return path, inked.astype(np.float64)


def _cuts(part: Mask, height: int, pen: float) -> list[Cut]:
    """Ways to cut a connected part, from left to right."""
    _, columns = box_of(part)
    slim = max(2, round(_SLIMMEST * height))
    if columns.stop - columns.start < _BROAD * height:
        return []
    found = _cheap_cuts(part, columns, slim, height, pen) + _seams(part, height, pen)
    return sorted(found, key=lambda cut: float(cut[0].mean()))


def _cheap_cuts(part: Mask, columns: slice, slim: int, height: int, pen: float) -> list[Cut]:
    """The ways through least ink."""
    step = max(1, round(_STEP * height))
    middles = np.arange(columns.start + slim, columns.stop - slim, step)
    if not len(middles):
        return []
    paths, prices = _cheapest(part, middles, max(2, round(_REACH * height)))
    prices = prices / max(pen, 1.0)
    where = paths[:, np.flatnonzero(part.any(axis=1))].mean(axis=1)
    kept: list[int] = []
    for index in np.argsort(prices, kind="stable").tolist():
        if prices[index] > _DEAREST:
            break
        if all(abs(where[index] - where[other]) > _APART * height for other in kept):
            kept.append(index)
    return [(paths[index], float(prices[index])) for index in kept]


def _fallen(ink: Mask) -> tuple[Mask, list[tuple[int, int]]]:
    """Paper that is reached from above, a column aside in a row at most.

    Returns:
      where it is, ``[H, W]``, and the row and column of each place where it ends between ink.
    """
    reached = np.zeros_like(ink)
    reached[0] = ~ink[0]
    for row in range(1, len(ink)):
        reached[row] = _widened(reached[row - 1]) & ~ink[row]
    ends = []
    for row in np.flatnonzero(reached[:-1].any(axis=1)).tolist():
        edges = np.flatnonzero(np.diff(np.pad(reached[row], 1).astype(np.int8)))
        onward = _widened(reached[row + 1])
        for first, last in edges.reshape(-1, 2).tolist():
            if not onward[first:last].any():
                ends.append((row, (first + last) // 2))
    return reached, ends


def _widened(row: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    wide = row.copy()
    wide[1:] |= row[:-1]
    wide[:-1] |= row[1:]
    return wide


def _way_up(reached: Mask, row: int, column: int) -> list[int]:
    """Columns of paper from the top down to a place that is reached from there."""
    way = [column]
    for above in range(row - 1, -1, -1):
        column += next(aside for aside in (0, -1, 1) if _is_at(reached[above], column + aside))
        way.append(column)
    return way[::-1]


def _is_at(row: npt.NDArray[np.bool_], column: int) -> bool:
    return 0 <= column < len(row) and bool(row[column])


def _seams(part: Mask, height: int, pen: float) -> list[Cut]:
    """Straight ways from a notch above to one below: where two digits lie side by side."""
    above, tops = _fallen(part)
    below, bottoms = _fallen(part[::-1])
    seams: list[Cut] = []
    for top, left in tops:
        for upward, right in bottoms:
            bottom = len(part) - 1 - upward
            if bottom <= top or abs(left - right) > _REACH * height:
                continue
            rows = np.arange(top, bottom + 1)
            line = np.round(np.interp(rows, (top, bottom), (left, right))).astype(int)
            price = float(part[rows, line].sum()) / max(pen, 1.0)
            if price <= _DEAREST:
                down = _way_up(below, upward, right)[::-1]
                path = np.array([*_way_up(above, top, left)[:-1], *line, *down[1:]])
                seams.append((path, price))
    kept: list[Cut] = []
    for path, price in sorted(seams, key=lambda seam: seam[1]):
        where = [other.mean() for other, _ in kept]
        if all(abs(path.mean() - other) > _SEAMS_APART * height for other in where):
            kept.append((path, price))
    return kept


def atoms(mask: Mask) -> list[Atom]:
    """A line of digits in parts from left to right, finer than its digits are.

    Args:
      mask: of the whole line, without specks, not empty.
    """
    rows, _ = box_of(mask)
    height = rows.stop - rows.start
    pen = stroke_width(mask)
    count, blobs = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    found: list[Atom] = []
    for number in range(1, count):
        part = np.asarray(blobs == number)
        left, price = part, 0.0
        columns = np.arange(mask.shape[1])
        for path, next_price in _cuts(part, height, pen):
            before = left & (columns < path[:, None])
            if before.sum() < _CRUMB * height**2 or (left & ~before).sum() < _CRUMB * height**2:
                continue
            found.append(Atom(before, price))
            left, price = left & ~before, next_price
        found.append(Atom(left, price))
    return sorted(found, key=lambda atom: _middle(atom.mask))


def parts_apart(mask: Mask) -> list[Atom]:
    """A line in the parts that have paper between them from top to bottom; no ink is cut.

    Args:
      mask: of the whole line, not empty.
    """
    edges = np.flatnonzero(np.diff(np.pad(mask.any(axis=0), 1).astype(np.int8)))
    columns = np.arange(mask.shape[1])
    return [
        Atom(np.asarray(mask & (first <= columns) & (columns < last)), 0.0)
        for first, last in edges.reshape(-1, 2).tolist()
    ]


def _middle(mask: Mask) -> float:
    columns = np.flatnonzero(mask.any(axis=0))
    return float(columns[0] + columns[-1])
