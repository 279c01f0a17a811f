import numpy as np
import pytest

from strokes.reading.recognizer import load_recognizer
from strokes.weights import THINNED_RECOGNIZER
from tests.train.recognizer.conftest import thinned
from train.recognizer.heat_map import heat_figure, heat_of


@pytest.fixture(scope="module")
def recognizer():
    return load_recognizer(THINNED_RECOGNIZER, of="thinned")


def test_heat_lies_on_the_digit_and_depends_on_the_class(recognizer):
    pictures, labels = thinned("test", 8)
    near, far = [], []
    for picture, label in zip(pictures, labels, strict=True):
        heat = heat_of(recognizer, picture, int(label))
        assert heat.shape == (28, 28)
        assert heat.min() >= 0.0
        assert heat.max() == 1.0
        near.append(heat[picture > 0].mean())
        far.append(heat[picture == 0].mean())
    assert np.mean(near) > 2 * np.mean(far)
    other = heat_of(recognizer, pictures[0], (int(labels[0]) + 1) % 10)
    assert np.abs(other - heat_of(recognizer, pictures[0], int(labels[0]))).max() > 0.1


def test_a_figure_shows_the_picture_and_a_map_for_each_class(recognizer):
    pictures, labels = thinned("test", 1)
    shown = heat_figure(recognizer, pictures[0], [int(labels[0]), 3]).axes
    assert [len(axes.images) for axes in shown] == [1, 2, 2]
    assert shown[0].get_title().startswith(f"read as {labels[0]}, ")
    assert shown[2].get_title().startswith("for 3, ")
