import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.sequences import checked_sequences, sequence_ids
from tests.strokes.formats.written import some


def test_names_are_of_one_width_and_sort_as_their_numbers():
    numbers = np.array([0, 7, 12, 59_999], np.int32)
    found = sequence_ids("train", numbers)
    assert found == ["train-00000", "train-00007", "train-00012", "train-59999"]
    assert found == sorted(found)


def test_softness_takes_the_place_of_pen_up(rng):
    sequences = some(rng, 3)
    before = sequences.points.copy()
    points, up = sequences.with_softness()
    np.testing.assert_array_equal(points[..., :2], before[..., :2])
    np.testing.assert_array_equal(points[..., 2], sequences.softness)
    np.testing.assert_array_equal(up, before[..., 2] == 1.0)
    np.testing.assert_array_equal(sequences.points, before)  # which stay as they were


def columns_of(sequences):
    return {name: getattr(sequences, name) for name in sequences._fields[1:]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": np.zeros((4, 5, 2))}, r"points has shape \[4, 5, 2\], expected 4 digits"),
        ({"softness": np.ones(4)}, r"softness has shape \[4\]"),
        ({"softness": np.ones((4, 1)), "points": np.zeros((4, 1, 3))}, "at least 2 points"),
        ({"label": np.array(list("7123"))}, "label is of type <U1, expected numbers"),
        ({"label": np.array([1.5, 1, 1, 1])}, "label is of type float64"),
        ({"label": np.array([0, 1, 11, 3])}, "a label other than 0 to 9, in row 3"),
        ({"mnist_index": np.array([0, -1, 2, 3])}, "an index below 0, in row 2"),
        ({"mse": np.array([0, 0, 0, np.nan])}, "an mse that is not finite, in row 4"),
        ({"softness": np.zeros((4, 5))}, "a softness that is not above 0"),
        ({"points": np.full((4, 5, 3), np.nan)}, "a place that is not finite"),
        ({"points": np.full((4, 5, 3), 0.5)}, "a pen-up other than 0 and 1"),
        ({"plan": np.array([0, 1, 2, -1])}, "a plan below 0, in row 4"),
        ({"plan": np.array([0.0, 1, 2, 3])}, "plan is of type float64"),
        ({"plan": np.array([0, 1])}, r"plan has shape \[2\]"),
        ({"plan_probability": np.array([1.5, 0, 0, 0])}, "probability outside 0 to 1, in row 1"),
        ({"plan_probability": np.array([1, 0, -0.1, 0])}, "probability outside 0 to 1, in row 3"),
        ({"plan_probability": np.array([0, np.nan, 0, 0])}, "probability outside 0 to 1, in row 2"),
    ],
)
def test_columns_that_mean_nothing_are_refused(rng, change, message):
    whole = some(rng, 4)
    checked = checked_sequences(whole.id, columns_of(whole), source="file")
    for one, other in zip(checked[1:], whole[1:], strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(DataError, match=f"file: .*{message}"):
        checked_sequences(whole.id, columns_of(whole) | change, source="file")
