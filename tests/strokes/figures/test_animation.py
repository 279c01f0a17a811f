import numpy as np
import pytest

from strokes.figures.animation import FRAME_MS, StrokeFigure, frame_durations, frames, still
from strokes.figures.cells import grid, ink_cell, pen_cell

SIZE = 28


@pytest.fixture
def figure(rng):
    up = np.zeros((3, 5), bool)
    up[:, -1] = up[1, 2] = True
    return StrokeFigure(
        (rng.random((3, 28, 28)) > 0.8).astype(np.uint8),
        rng.uniform(0.1, 0.9, (3, 5, 3)).astype(np.float32),
        up,
        rng.random((3, 28, 28)).astype(np.float32),
    )


@pytest.mark.parametrize("seconds", [0.01, 1.0, 2.5])
def test_frames_are_of_equal_length_but_the_held_last_one(seconds):
    *drawing, held = frame_durations(seconds)
    assert set(drawing) == {FRAME_MS}
    assert sum(drawing) == pytest.approx(max(1000 * seconds, 2 * FRAME_MS), abs=FRAME_MS / 2)
    assert held > 1000
    assert FRAME_MS % 10 == 0  # GIF keeps hundredths of a second


def test_there_is_a_frame_for_each_duration_and_the_last_is_the_finished_drawing(figure):
    shown = list(frames(figure, SIZE, columns=3, seconds=0.4))
    assert len(shown) == len(frame_durations(0.4))
    rows = [
        [ink_cell(one, SIZE) for one in figure.targets],
        [pen_cell(p[:, :2], u, SIZE) for p, u in zip(figure.points, figure.pen_up, strict=True)],
        [ink_cell(one, SIZE) for one in figure.drawings],
    ]
    expected = grid(rows, captions=("picture", "pen", "drawing"))
    np.testing.assert_array_equal(shown[-1], expected)
    assert {frame.shape for frame in shown} == {expected.shape}
    first, later = shown[0].astype(int), shown[-2].astype(int)
    third = expected.shape[0] // 3
    np.testing.assert_array_equal(first[: third - 4], later[: third - 4])  # the pictures stand
    assert (first[third:-third] != later[third:-third]).any()  # the pen moves


def test_further_digits_stand_below(figure):
    wide, tall = (still(figure, SIZE, columns=columns) for columns in (3, 2))
    assert tall.shape[1] < wide.shape[1]
    assert tall.shape[0] > 1.8 * wide.shape[0]
    part = StrokeFigure(*(array[:2] for array in figure))
    above = still(part, SIZE, columns=2)
    np.testing.assert_array_equal(tall[: len(above) - 2], above[:-2])


def test_a_still_is_coloured_by_time(figure):
    cells = still(figure, SIZE, columns=3).astype(int)
    colourful = (cells.max(axis=-1) - cells.min(axis=-1)).max()
    last = list(frames(figure, SIZE, columns=3, seconds=0.1))[-1].astype(int)
    assert colourful > 100 > (last.max(axis=-1) - last.min(axis=-1)).max()
