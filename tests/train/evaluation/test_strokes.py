import numpy as np
import pytest

from tests.train.evaluation.written import as_written
from train.evaluation.strokes import (
    crossings,
    drawn_twice,
    experiment_measures,
    off_ink,
    skeleton_length,
    stairway,
    stroke_measures,
    turning,
    turns,
)


def path(*corners):
    return np.array([corners], np.float32) / 28


DOWN = np.array([[False, False, False, False, True]])


def test_turns_are_clockwise_and_skip_still_segments():
    right_then_down = np.array([[0, 0], [1, 0], [1, 0], [1, 1], [2, 2]])
    np.testing.assert_allclose(turns(right_then_down), [90.0, -45.0])
    np.testing.assert_allclose(np.abs(turns(np.array([[0, 0], [1, 0], [0, 0]]))), [180.0])


def test_a_stairway_is_one_and_a_square_or_a_line_is_none():
    stairs = path((0, 0), (4, 0), (4, 4), (8, 4), (8, 8))
    square = path((0, 0), (8, 0), (8, 8), (0, 8), (0, 0))
    gentle = path((0, 0), (4, 0), (8, 2), (12, 2), (16, 4))
    assert [stairway(one, DOWN)[0] for one in (stairs, square, gentle)] == [1.0, 0.0, 0.0]
    lifted = DOWN.copy()
    lifted[0, 2] = True  # two strokes of two and one segments: no two turns follow each other
    assert stairway(stairs, lifted)[0] == 0.0


def test_off_ink_is_the_share_of_length_far_from_ink():
    target = np.zeros((1, 28, 28), np.uint8)
    target[0, 5, 2:12] = 1
    # From the middle of pixel 2 to that of pixel 21: ink reaches to 11, near is up to 12.5.
    line = path((2.5, 5.5), (21.5, 5.5))
    up = np.array([[False, True]])
    assert off_ink(line, up, target)[0] == pytest.approx((21 - 12.5) / 19, abs=0.07)
    assert off_ink(line, np.array([[True, True]]), target)[0] == 0.0
    assert off_ink(line, up, np.zeros_like(target))[0] == 1.0
    beside = path((2.5, 7.1), (11.5, 7.1))
    assert off_ink(beside, up, target)[0] == 1.0
    assert off_ink(path((2.5, 6.9), (11.5, 6.9)), up, target)[0] == 0.0


def test_length_of_a_skeleton():
    picture = np.zeros((2, 8, 8), np.uint8)
    picture[0, 1, 1:5] = 1  # three sides
    picture[0, 2, 5] = 1  # and a corner
    picture[1, 3, 3] = picture[1, 3, 4] = picture[1, 4, 4] = 1  # a bend: two sides, no corner
    np.testing.assert_allclose(skeleton_length(picture), [3 + np.sqrt(2), 2.0])


def test_counts_of_points_and_lifts():
    target = np.zeros((1, 28, 28), np.uint8)
    target[0, 2, 2:13] = 1
    two = path((2.5, 2.5), (6.5, 2.5), (8.5, 2.5), (12.5, 2.5), (20, 20))
    up = np.array([[False, True, False, True, True]])
    found = stroke_measures(as_written(two, up, target))
    assert (found["points_used"][0], found["pen_lifts"][0]) == (4.0, 1.0)
    assert found["ink_ratio"][0] == pytest.approx(0.8)
    none = stroke_measures(as_written(two, np.ones((1, 5), bool), target))
    assert (none["points_used"][0], none["pen_lifts"][0], none["ink_ratio"][0]) == (0, 0, 0)


def pressed(*places):
    return np.float32([places]) / 28, np.zeros((1, len(places)), bool)


def test_crossings_of_known_strokes():
    points, up = pressed((2, 2), (20, 20), (20, 2), (2, 20))  # like a fish: one crossing
    assert crossings(points, up).tolist() == [1.0]
    up[0, 0] = True
    assert crossings(points, up).tolist() == [0.0]
    points, up = pressed(
        (2, 2), (20, 2), (20, 20), (2, 20), (2, 2)
    )  # a closed square touches itself
    assert crossings(points, up).tolist() == [0.0]


def test_what_is_drawn_twice():
    points, up = pressed(
        (2, 5), (12, 5), (12, 15), (2, 15), (2, 5), (12, 5)
    )  # the first side again
    assert drawn_twice(points, up)[0] == pytest.approx(10 / 50, abs=0.05)
    up[0, 4] = True
    assert drawn_twice(points, up)[0] == pytest.approx(0.0, abs=0.05)
    assert drawn_twice(points, np.ones_like(up)).tolist() == [0.0]


def test_turning_of_known_strokes():
    points, up = pressed((2, 2), (10, 2), (10, 10), (18, 10))
    assert turning(points, up)[0] == pytest.approx(90.0)
    points, up = pressed((2, 2), (4, 4), (10, 10), (18, 18))
    assert turning(points, up)[0] == pytest.approx(0.0, abs=1e-4)
    up[0, 1] = True  # no turn is left
    assert turning(points, up)[0] == 0.0


def test_the_measures_of_experiments_are_those_three():
    points, up = pressed((2, 2), (20, 20), (20, 2), (2, 20))
    found = experiment_measures(as_written(points, up))
    assert found["crossings"].tolist() == crossings(points, up).tolist() == [1.0]
    assert found["drawn_twice"].tolist() == drawn_twice(points, up).tolist()
    assert found["turning"].tolist() == turning(points, up).tolist()
    assert set(found) == {"crossings", "drawn_twice", "turning"}
