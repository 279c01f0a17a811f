"""The sheet that training draws after every epoch."""

import numpy as np
import numpy.typing as npt

from strokes.figures.cells import Cell, difference_cell, grid, ink_cell, pen_cell

_CAPTIONS = ("target", "strokes", "drawing", "difference")
_MOST_COLUMNS = 20


def training_sheet(
    targets: npt.NDArray[np.uint8],
    points: npt.NDArray[np.float32],
    pen_up: npt.NDArray[np.bool_],
    drawings: npt.NDArray[np.float32],
    *,
    size: int = 84,
) -> Cell:
    """Target, strokes coloured by time, drawing and difference, a column for each digit.

    Of more than `_MOST_COLUMNS` the columns stand below one another, in blocks of equal width.

    Args:
      targets: uint8 ``[n, H, W]`` of 0 and 1.
      points: float32 ``[n, T, 3]``.
      pen_up: bool ``[n, T]``.
      drawings: float32 ``[n, H, W]``, the differentiable drawings.
      size: edge of a cell in pixels.
    """
    strokes = [
        pen_cell(path[:, :2], up, size, coloured=True)
        for path, up in zip(points, pen_up, strict=True)
    ]
    rows = [
        [ink_cell(target, size) for target in targets],
        strokes,
        [ink_cell(drawing, size) for drawing in drawings],
        [
            difference_cell(drawing, target, size)
            for drawing, target in zip(drawings, targets, strict=True)
        ],
    ]
    blocks = -(-len(targets) // _MOST_COLUMNS)
    columns = -(-len(targets) // blocks)
    starts = range(0, len(targets), columns)
    return grid(
        [row[start : start + columns] for start in starts for row in rows],
        captions=_CAPTIONS * len(starts),
    )
