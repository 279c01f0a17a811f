"""Frames of digits being drawn: ground truth, the pen at work, the reconstruction."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.figures.cells import Cell, grid, ink_cell, pen_cell

FRAME_MS = 40  # a whole number of GIF's hundredths, and not below what browsers honour
_HOLD_MS = 1800
_CAPTIONS = ("picture", "pen", "drawing")


class StrokeFigure(NamedTuple):
    """Digits to show: n pictures, their strokes and their reconstructions."""

    targets: npt.NDArray[np.uint8] | npt.NDArray[np.float32]
    """``[n, H, W]`` in [0, 1]."""
    points: npt.NDArray[np.float32]
    """``[n, T, 3]``; the first two columns are used."""
    pen_up: npt.NDArray[np.bool_]
    """``[n, T]``."""
    drawings: npt.NDArray[np.float32]
    """``[n, H', W']``, the rasterizer's pictures."""


class _Inks(NamedTuple):
    """The cells of digits that stay as they are."""

    targets: list[Cell]
    drawings: list[Cell]


def _inks(figure: StrokeFigure, size: int) -> _Inks:
    return _Inks(
        [ink_cell(target, size) for target in figure.targets],
        [ink_cell(drawing, size) for drawing in figure.drawings],
    )


def _frame(
    figure: StrokeFigure,
    inks: _Inks,
    size: int,
    *,
    columns: int,
    progress: float = 1.0,
    tip: bool = False,
    coloured: bool = False,
) -> Cell:
    """Three rows, again below for each further ``columns`` digits."""
    pens = [
        pen_cell(path[:, :2], up, size, progress=progress, tip=tip, coloured=coloured)
        for path, up in zip(figure.points, figure.pen_up, strict=True)
    ]
    rows = [
        cells[start : start + columns]
        for start in range(0, len(pens), columns)
        for cells in (inks.targets, pens, inks.drawings)
    ]
    return grid(rows, captions=_CAPTIONS * (len(rows) // 3))


def still(figure: StrokeFigure, size: int, *, columns: int) -> Cell:
    """The finished drawing, its strokes coloured by time from dark violet to yellow."""
    return _frame(figure, _inks(figure, size), size, columns=columns, coloured=True)


def frame_durations(seconds: float) -> list[int]:
    """Milliseconds that each frame is shown: the drawing in ``seconds``, then its end, held."""
    return [FRAME_MS] * max(2, round(1000 * seconds / FRAME_MS)) + [_HOLD_MS]


def frames(figure: StrokeFigure, size: int, *, columns: int, seconds: float) -> Iterator[Cell]:
    """Frames of an animation, one for each of `frame_durations`.

    The pen moves at an even speed along its path, lifted or not; the last frame is the
    finished drawing.

    Args:
      figure: what to show.
      size: edge of a digit's cell in pixels.
      columns: digits side by side.
      seconds: length of the drawing.
    """
    inks = _inks(figure, size)
    for share in np.linspace(0, 1, len(frame_durations(seconds)) - 1):
        yield _frame(figure, inks, size, columns=columns, progress=float(share), tip=True)
    yield _frame(figure, inks, size, columns=columns)
