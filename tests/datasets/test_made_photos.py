import numpy as np
import pytest

from datasets.made_photos import KINDS, seven_segment_photo
from datasets.recordings import OWN_RECORDINGS
from strokes.formats.recordings import read_recordings

STROKES = read_recordings(OWN_RECORDINGS)[0].strokes


def test_there_are_as_many_kinds_as_troubles():
    assert len(KINDS) == 34


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_is_a_picture_that_its_seed_decides(kind):
    first, again, other = (KINDS[kind](STROKES, np.random.default_rng(s)) for s in (1, 1, 2))
    assert first.dtype == np.uint8
    assert first.ndim == 3
    assert first.shape[2] == 3
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or (first != other).any()
    assert np.ptp(first.astype(int), axis=(0, 1)).max() > 15


def test_displays_show_every_digit_in_its_own_way(rng):
    shares = [(seven_segment_photo(d, rng).min(axis=-1) < 90).any() for d in range(10)]
    assert len(shares) == 10
    with pytest.raises(IndexError):
        seven_segment_photo(10, rng)
