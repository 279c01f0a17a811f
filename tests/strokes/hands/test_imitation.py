import numpy as np
import pytest

from strokes.errors import DataError
from strokes.hands.imitation import hand_of_recordings
from strokes.hands.shapes import upright
from strokes.ink import Recording
from strokes.resampling import resample_path
from tests.strokes.hands.small import small_bank


def recorded(digit, person, slant=0.0, wobble=0.0, rng=None):
    path = small_bank().shapes[person, digit].copy()
    path[:, 0] -= slant * path[:, 1]
    if rng is not None:
        path[:, 0] += wobble * rng.normal() * (path[:, 1] + 0.5)
    return Recording(digit, [100 * path], "px")


def test_what_was_recorded_keeps_its_shape():
    hand = hand_of_recordings([recorded(3, 2)], bank=small_bank(), name="mine")
    (path,) = upright(recorded(3, 2).strokes)
    np.testing.assert_allclose(hand.shapes[3], resample_path(path, 47), atol=0.02)
    assert hand.name == "mine"
    assert hand.counts[3] == (47,)


def test_what_was_not_is_slanted_as_the_recordings_are():
    straight = hand_of_recordings([recorded(3, 0)], bank=small_bank())
    slanted = hand_of_recordings([recorded(3, 0, slant=0.4)], bank=small_bank())
    lean = [hand.shapes[5][0, 0] - hand.shapes[5][-1, 0] for hand in (straight, slanted)]
    assert lean[1] - lean[0] == pytest.approx(0.4, abs=0.1)


def test_a_restless_person_gives_a_restless_hand(rng):
    calm = [recorded(3, 0, wobble=0.01, rng=rng) for _ in range(8)]
    restless = [recorded(3, 0, wobble=0.2, rng=rng) for _ in range(8)]
    uneven = [
        hand_of_recordings(one, bank=small_bank()).style.unevenness for one in (calm, restless)
    ]
    assert uneven[0] < 1 < uneven[1]


def test_nothing_to_imitate_is_refused():
    with pytest.raises(DataError, match="no recording"):
        hand_of_recordings([], bank=small_bank())
    many = Recording(3, [np.array([[i, 0.0], [i, 1.0]]) for i in range(9)], "px")
    with pytest.raises(DataError, match="more than 8 strokes"):
        hand_of_recordings([many], bank=small_bank())
