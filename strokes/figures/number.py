"""A number being written: frames of an animation, in the time that the hand took."""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from strokes.figures.animation import FRAME_MS
from strokes.figures.cells import INK, PAPER, TIP, Cell
from strokes.handwriting import WrittenNumber
from strokes.pictures.pen import FIXED_POINT_BITS

Floats = npt.NDArray[np.float64]

_MARGIN = 1.5  # mm
_FINER = 2  # pixels drawn to one that is shown
_HOLD_MS = 1800
_TIP = 0.8  # radius of the pen's tip, in widths of its line


def number_durations(number: WrittenNumber) -> list[int]:
    """Milliseconds that each frame is shown; the end is held."""
    count = int(np.ceil(number.strokes[-1][-1, 2] / FRAME_MS))
    return [FRAME_MS] * (count + 1) + [_HOLD_MS]


def number_frames(number: WrittenNumber, *, scale: float, pen: float) -> Iterator[Cell]:
    """Frames, one for each of `number_durations`; the last is the finished number.

    Args:
      number: what was written.
      scale: pixels to a mm.
      pen: its width in mm.
    """
    places = np.concatenate([stroke[:, :2] for stroke in number.strokes])
    low, high = places.min(axis=0) - _MARGIN, places.max(axis=0) + _MARGIN
    width, height = (max(1, round(float(side))) for side in scale * (high - low))
    paper = np.full((_FINER * height, _FINER * width, 3), PAPER, np.uint8)
    line = max(1, round(_FINER * scale * pen))
    pixels = [
        (_FINER * scale * (stroke[:, :2] - low) - 0.5) * (1 << FIXED_POINT_BITS)
        for stroke in number.strokes
    ]
    times = [stroke[:, 2] for stroke in number.strokes]
    drawn = [0] * len(pixels)
    for moment in np.arange(len(number_durations(number)) - 1) * FRAME_MS:
        tip, touching = pixels[0][0], True
        for index, (path, when) in enumerate(zip(pixels, times, strict=True)):
            if when[0] > moment:
                break
            tip, touching = _at(path, when, float(moment)), moment <= when[-1]
            last = int(np.searchsorted(when, moment, side="right"))
            if last > drawn[index]:
                _draw(paper, path[max(0, drawn[index] - 1) : last], line)
                drawn[index] = last
        with_tip = paper.copy()
        centre = np.round(tip).astype(int).tolist()
        radius = round(_TIP * line) << FIXED_POINT_BITS
        filled = cv2.FILLED if touching else max(1, line // 4)
        cv2.circle(with_tip, centre, radius, TIP, filled, cv2.LINE_AA, FIXED_POINT_BITS)
        yield _shrunk(with_tip, width, height)
    for path, done in zip(pixels, drawn, strict=True):
        _draw(paper, path[max(0, done - 1) :], line)
    yield _shrunk(paper, width, height)


def _at(path: Floats, when: Floats, moment: float) -> Floats:
    place = [np.interp(moment, when, path[:, axis]) for axis in (0, 1)]
    return np.asarray(place)


def _draw(paper: Cell, path: Floats, line: int) -> None:
    fixed = np.round(path).astype(np.int32)
    cv2.polylines(paper, [fixed], False, INK, line, cv2.LINE_AA, FIXED_POINT_BITS)


def _shrunk(paper: Cell, width: int, height: int) -> Cell:
    return np.asarray(cv2.resize(paper, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
