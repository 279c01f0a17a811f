import numpy as np
import pytest

from strokes.formats.offsets import rows_of_strokes, stroke_5, strokes_of_offsets, strokes_of_rows

STROKES = [np.array([[1.0, 2.0], [4.0, 6.0], [4.0, 5.0]]), np.array([[0.0, 0.0], [-1.5, 3.0]])]


def test_stroke_3_is_steps_and_lifts():
    rows = rows_of_strokes(STROKES)
    expected = [[1, 2, 0], [3, 4, 0], [0, -1, 1], [-4, -5, 0], [-1.5, 3, 1]]
    np.testing.assert_array_equal(rows, expected)
    for ours, theirs in zip(strokes_of_rows(rows), STROKES, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_stroke_5_is_the_same_padded():
    padded = stroke_5(rows_of_strokes(STROKES), 7)
    assert padded.shape == (7, 5)
    np.testing.assert_array_equal(padded[:, 2:].sum(axis=1), np.ones(7))
    np.testing.assert_array_equal(padded[5:], [[0, 0, 0, 0, 1]] * 2)
    np.testing.assert_array_equal(padded[:5, 3], [0, 0, 1, 0, 1])
    for ours, theirs in zip(strokes_of_rows(padded), STROKES, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_last_stroke_need_not_say_that_it_ends():
    steps = np.ones((4, 2))
    for last in (False, True):
        found = strokes_of_offsets(steps, np.array([False, True, False, last]))
        assert [stroke.tolist() for stroke in found] == [[[1, 1], [2, 2]], [[3, 3], [4, 4]]]
    assert strokes_of_offsets(steps[:0], np.zeros(0, bool)) == []


@pytest.mark.parametrize("rows", [np.zeros((2, 4)), np.zeros(3), np.array([["a"] * 3])])
def test_other_rows_are_none(rows):
    with pytest.raises(ValueError, match="expected stroke-3 or stroke-5"):
        strokes_of_rows(rows)
