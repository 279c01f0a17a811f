import numpy as np
import pytest

from train.documents import explanations


def inks(figure):
    """The pictures that a figure shows."""
    return [axes.images[0].get_array() for axes in figure.axes if axes.images]


def test_masks_are_multiplied_and_the_brighter_is_taken():
    across, down = inks(explanations.columns()), inks(explanations.rows())
    for before, after, both in (across, down):
        np.testing.assert_allclose(before * after, both)
    line, rectangle, segment = inks(explanations.segment())
    np.testing.assert_allclose(line, np.maximum(across[2], down[2]))
    np.testing.assert_allclose(line * rectangle, segment)


def test_crossings_lie_on_the_line():
    crossed = explanations.crossings().axes[2].lines[-1].get_xydata()
    slopes = np.diff(crossed[:, 1]) / np.diff(crossed[:, 0])
    assert slopes == pytest.approx((0.66 - 0.22) / (0.84 - 0.15))


def test_descent_ends_on_the_picture():
    places = [axes.lines[0].get_xydata() for axes in explanations.descent().axes]
    far = [np.abs(each - explanations._SEVEN).max() for each in places]
    assert far[0] > 0.09
    assert far[-1] < 0.03
