import numpy as np

from strokes.figures.stages import stage_strip
from strokes.pictures.stages import Stage


def test_stages_stand_side_by_side_in_squares_unstretched():
    tall = np.zeros((280, 140), np.float32)
    tall[140:] = 1.0
    small = np.float32([[0.0, 1.0], [0.5, 2.0]])
    strip = stage_strip([Stage("tall", tall), Stage("small", small)])
    assert strip.shape == (160, 310, 3)
    first, second = strip[10:150, 10:150, 0], strip[10:150, 160:300, 0]
    assert (first[:, :35] == 200).all()  # beside a tall picture, neither ink nor paper
    assert (first[:70, 35:105] == 0).all()
    assert (first[70:, 35:105] == 255).all()
    for quarter, value in zip(
        (second[:70, :70], second[:70, 70:], second[70:, :70], second[70:, 70:]),
        (0, 255, 128, 255),
        strict=True,
    ):
        assert (quarter == value).all()
