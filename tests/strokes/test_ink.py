import itertools

import numpy as np
import pytest

from strokes.classes import Classes
from strokes.ink import (
    checked_label,
    checked_strokes,
    label_of,
    pen_runs,
    strokes_of,
    to_pixels,
)


def slow_runs(pen_up):
    """Segment by segment: a run goes on while the pen is down."""
    runs, first = [], None
    for index in range(len(pen_up) - 1):
        if not pen_up[index] and first is None:
            first = index
        if first is not None and (pen_up[index + 1] or index + 2 == len(pen_up)):
            if not pen_up[index]:
                runs.append((first, index + 1))
            first = None
    return runs


@pytest.mark.parametrize("count", [2, 3, 6])
def test_runs_of_every_pattern_of_lifts(count):
    for pattern in itertools.product([False, True], repeat=count):
        assert pen_runs(np.array(pattern)) == slow_runs(pattern), pattern


def test_strokes_are_the_points_between_the_lifts(rng):
    points = rng.random((7, 3)).astype(np.float32)
    up = np.array([False, False, True, False, True, True, True])
    first, second = strokes_of(points, up)
    np.testing.assert_array_equal(first, points[:3, :2])
    np.testing.assert_array_equal(second, points[3:5, :2])
    assert first.dtype == np.float64
    assert strokes_of(points, np.ones(7, bool)) == []


def test_the_first_pixel_s_centre_is_at_zero():
    corners = np.array([[0.0, 0.0], [1.0, 1.0], [0.5 / 28, 0.5 / 14]], np.float32)
    found = to_pixels(corners, height=14, width=28)
    np.testing.assert_allclose(found, [[-0.5, -0.5], [27.5, 13.5], [0.0, 0.0]], atol=1e-6)


def test_labels_are_digits():
    assert [checked_label(digit) for digit in range(10)] == list(range(10))
    for wrong in (-1, 10, 3.0, "3", True, None):
        with pytest.raises(ValueError, match=f"label {wrong!r}, expected a digit from 0 to 9"):
            checked_label(wrong)


def test_strokes_become_arrays_with_time_if_known():
    found = checked_strokes([[[0, 1], [2.5, 3]], [[4, 5, 0], [6, 7, 0], [6, 7, 9]]])
    np.testing.assert_array_equal(found[0], [[0, 1], [2.5, 3]])
    np.testing.assert_array_equal(found[1], [[4, 5, 0], [6, 7, 0], [6, 7, 9]])
    assert {stroke.dtype for stroke in found} == {np.dtype(np.float64)}
    dot, line = checked_strokes([[[1, 1]], [[1, 1], [2, 2]]])
    assert (len(dot), len(line)) == (1, 2)


@pytest.mark.parametrize(
    ("strokes", "message"),
    [
        ("x", "expected a list of at least one stroke"),
        ([[[0, 0], [1, 1]], [[0, 0], "ab"]], r"stroke 2: expected points \[x, y\]"),
        ([[[0, 0], [1, True]]], "stroke 1: True is not a number"),
        ([[[0, 0], [1, float("inf")]]], "not finite"),
        ([[[1, 1]], [[1, 1]]], "nothing was written"),
    ],
)
def test_what_is_no_ink_is_refused(strokes, message):
    with pytest.raises(ValueError, match=message):
        checked_strokes(strokes)


@pytest.mark.parametrize("size", [1e-320, 1e-10])
@pytest.mark.parametrize("place", [0.0, 0.5])
def test_ink_smaller_than_its_numbers_tell_is_none(size, place):
    with pytest.raises(ValueError, match=r"nothing was written|too small to be a digit"):
        checked_strokes([[[place, place], [place + size, place]]])
    with pytest.raises(ValueError, match="too small to be a digit"):
        checked_strokes([[[1e14, 0], [1e14 + 0.0625, 0]]])
    assert len(checked_strokes([[[place, place], [place + 1e-8, place]]])) == 1


def test_labels_of_other_classes_are_names():
    letters = Classes(("A", "a", "一"))
    assert [checked_label(name, letters) for name in letters.names] == [0, 1, 2]
    assert [label_of(number, letters) for number in range(3)] == ["A", "a", "一"]
    assert label_of(7) == 7
    for wrong in ("b", 0, None):
        with pytest.raises(ValueError, match="expected one of A a 一"):
            checked_label(wrong, letters)
