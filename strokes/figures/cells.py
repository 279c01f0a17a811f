"""Pictures of digits and strokes for people: cells, rows and sheets. NumPy and OpenCV.

A cell is uint8 ``[S, S, 3]``, RGB. Points are ``[T, 2]`` in canvas units, and
``pen_up`` says which of the T points begin a lifted segment.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from strokes.classes import folder_of
from strokes.ink import Flags, Points
from strokes.pictures.pen import FIXED_POINT_BITS, to_fixed_point
from strokes.resampling import path_progress

Cell = npt.NDArray[np.uint8]

PAPER = 255  # white
INK = (22, 28, 45)
TIP = (235, 87, 45)
_CAPTION = (110, 116, 130)
_COLOURS = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[:, None], cv2.COLORMAP_PLASMA)[
    :, 0, ::-1
]
_BRIGHTEST = 0.92  # of the colour map: its very end is hard to see on paper
_SUPERSAMPLE = 4
_PEN_WIDTH = 1.3 / 28  # of the canvas: about the width of a thinned digit's line


def _blown_up(picture: npt.NDArray[np.generic], size: int) -> npt.NDArray[np.float32]:
    """A picture ``[H, W]`` as ``[size, size]``, each of its pixels a square."""
    rows = np.arange(size) * picture.shape[0] // size
    columns = np.arange(size) * picture.shape[1] // size
    return np.asarray(picture[rows[:, None], columns], np.float32)


def ink_cell(picture: npt.NDArray[np.generic], size: int) -> Cell:
    """A picture ``[H, W]`` in [0, 1] as dark ink on paper."""
    ink = np.clip(_blown_up(picture, size), 0.0, 1.0)[..., None]
    return np.asarray(np.round(ink * np.array(INK) + (1.0 - ink) * PAPER), np.uint8)


def difference_cell(
    drawing: npt.NDArray[np.generic], target: npt.NDArray[np.generic], size: int
) -> Cell:
    """Where a drawing misses its target: blue for ink that it lacks, red for too much."""
    difference = _blown_up(drawing.astype(np.float32) - target.astype(np.float32), size)[..., None]
    lacking, excess = np.clip(-difference, 0.0, 1.0), np.clip(difference, 0.0, 1.0)
    cell = PAPER - lacking * np.array([215, 160, 20]) - excess * np.array([20, 190, 200])
    return np.asarray(np.round(np.clip(cell, 0, 255)), np.uint8)


def pen_cell(
    points: Points,
    pen_up: Flags,
    size: int,
    *,
    progress: float = 1.0,
    coloured: bool = False,
    tip: bool = False,
) -> Cell:
    """Strokes drawn with a round, anti-aliased pen.

    Args:
      points: float32 ``[T, 2]``.
      pen_up: bool ``[T]``.
      size: edge of the cell in pixels.
      progress: share of the path's length that is drawn, 0 to 1.
      coloured: colour by time, from dark violet to yellow, instead of ink.
      tip: mark the pen's tip; hollow where the pen is lifted.
    """
    wide = size * _SUPERSAMPLE
    cell = np.full((wide, wide, 3), PAPER, np.uint8)
    travelled = path_progress(points)
    colours = _COLOURS[(256 * _BRIGHTEST * travelled).astype(int)]
    thickness = max(1, round(_PEN_WIDTH * wide))
    last, last_up = points[0], bool(pen_up[0])
    for index in range(len(points) - 1):
        if travelled[index] > progress:
            break
        span = travelled[index + 1] - travelled[index]
        share = 1.0 if span <= 0 else min(1.0, (progress - travelled[index]) / span)
        last = points[index] + share * (points[index + 1] - points[index])
        last_up = bool(pen_up[index])
        if not last_up:
            ends = to_fixed_point(np.stack([points[index], last]), height=wide, width=wide)
            colour = tuple(colours[index].tolist()) if coloured else INK
            cv2.line(cell, ends[0], ends[1], colour, thickness, cv2.LINE_AA, FIXED_POINT_BITS)
    if tip:
        centre = to_fixed_point(last[None], height=wide, width=wide)[0]
        radius = round(1.1 * thickness) << FIXED_POINT_BITS
        width = max(1, thickness // 3) if last_up else cv2.FILLED
        cv2.circle(cell, centre, radius, TIP, width, cv2.LINE_AA, FIXED_POINT_BITS)
    shrunk = cv2.resize(cell, (size, size), interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk, np.uint8)


def grid(rows: Sequence[Sequence[Cell]], captions: Sequence[str] = ()) -> Cell:
    """Cells in rows on paper, with a caption to the left of each row if given.

    OpenCV's letters are ASCII: of others their codes are written, as U+5C71.
    """
    captions = [one if one.isascii() else folder_of(one) for one in captions]
    size = rows[0][0].shape[0]
    gap = max(2, size // 14)
    margin = 0
    scale = max(0.3, size / 220)
    if captions:
        widths = [
            cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)[0][0] for text in captions
        ]
        margin = max(widths) + 2 * gap
    height = len(rows) * (size + gap) + gap
    width = margin + max(map(len, rows)) * (size + gap) + gap
    sheet = np.full((height, width, 3), PAPER, np.uint8)
    for row, cells in enumerate(rows):
        top = gap + row * (size + gap)
        if captions:
            at = (gap, top + size // 2 + gap // 2)
            cv2.putText(
                sheet, captions[row], at, cv2.FONT_HERSHEY_SIMPLEX, scale, _CAPTION, 1, cv2.LINE_AA
            )
        for column, cell in enumerate(cells):
            left = margin + gap + column * (size + gap)
            sheet[top : top + size, left : left + size] = cell
    return sheet
