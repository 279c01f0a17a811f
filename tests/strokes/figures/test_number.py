import numpy as np

from strokes.figures.cells import PAPER
from strokes.figures.number import number_durations, number_frames
from strokes.handwriting import WrittenNumber


def test_ink_grows_stroke_by_stroke():
    first = np.linspace([0.0, -5.0, 0.0], [0.0, 0.0, 200.0], 21)
    second = np.linspace([4.0, -5.0, 400.0], [4.0, 0.0, 600.0], 21)
    number = WrittenNumber("11", [first, second], [0, 1])
    frames = list(number_frames(number, scale=8, pen=0.5))
    assert len(frames) == len(number_durations(number))
    assert frames[0].shape == (8 * 8, 7 * 8, 3)
    ink = [(frame < 100).all(axis=2) for frame in frames]
    amounts = [one.sum() for one in ink]
    assert amounts[-1] > 1.8 * amounts[8] > 1.5 * amounts[3] > 0
    assert not ink[8][:, 28:].any()
    assert ink[-1][:, 28:].any()
    assert (frames[-1][0, 0] == PAPER).all()
