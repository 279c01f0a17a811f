import numpy as np
import pytest

from strokes.pictures.stages import Outcome, resized, run_steps, shown, shrunk


def test_steps_follow_one_another_and_say_what_they_did():
    steps = (
        ("doubled", lambda picture: Outcome(2 * picture, done="made twice as strong")),
        ("left", lambda picture: Outcome(picture, skipped="nothing to do")),
    )
    picture, stages = run_steps(np.full((4, 5), 0.25, np.float32), steps)
    assert picture[0, 0] == 0.5
    assert [(one.name, one.done, one.skipped) for one in stages] == [
        ("doubled", "made twice as strong", ""),
        ("left", "", "nothing to do"),
    ]
    assert all(one.picture.max() == 0.5 for one in stages)


def test_everything_is_shown_in_grey_from_0_to_1():
    assert shown(np.full((3, 3, 3), 255, np.uint8)).max() == pytest.approx(1.0)
    ink = shown(np.array([[-0.1, 0.1], [0.0, 0.2]], np.float32))
    np.testing.assert_allclose(ink, [[0.0, 0.5], [0.0, 1.0]])


def test_sizes():
    assert resized(np.zeros((10, 40), np.float32), 20, interpolation=1).shape == (5, 20)
    assert shrunk(np.zeros((10, 40, 3), np.uint8), 20).shape == (5, 20, 3)
    small = np.zeros((10, 20), np.float32)
    assert shrunk(small, 20) is small
