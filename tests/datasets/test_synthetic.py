import numpy as np
import pytest

from datasets import load_thinned
from datasets.synthetic import as_photo, on_paper


@pytest.fixture(scope="module")
def digit():
    return 255 * load_thinned("test")[0][0]


def test_photos_are_grey_squares_of_many_sizes(digit, rng):
    photos = [as_photo(digit, rng) for _ in range(40)]
    for photo in photos:
        assert photo.dtype == np.float32
        assert photo.shape[0] == photo.shape[1]
        assert 64 <= len(photo) <= 400
        assert 0 <= photo.min() < photo.max() <= 1
    assert len({len(photo) for photo in photos}) > 20
    medians = np.array([np.median(photo) for photo in photos])
    assert 0.1 < (medians < 0.5).mean() < 0.5  # three in ten are light on dark


def test_the_generator_decides(digit):
    one, again, other = (as_photo(digit, np.random.default_rng(seed)) for seed in (4, 4, 5))
    np.testing.assert_array_equal(one, again)
    assert one.shape != other.shape or (one != other).any()


def test_ink_stands_out_wherever_the_light_falls(rng):
    ink = np.zeros((90, 120), np.float32)
    ink[20:70, 40:46] = 1.0
    for _ in range(20):
        grey = on_paper(ink, rng)
        assert grey.shape == ink.shape
        beside = np.concatenate([grey[20:70, 36:40], grey[20:70, 46:50]], axis=1).mean()
        assert abs(grey[20:70, 40:46].mean() - beside) > 0.1
