import numpy as np

from strokes.handwriting import Handwriting


def two_numbers():
    points = np.arange(27, dtype=np.float32).reshape(9, 3)
    return Handwriting(
        ["1", "47"], points, np.array([0, 2, 5, 7, 9]), np.array([0, 1, 4]), np.array([0, 0, 0, 1])
    )


def test_a_number_is_taken_out_of_many():
    found = two_numbers().number(1)
    assert found.text == "47"
    assert found.characters == [0, 0, 1]
    assert [stroke[0, 0] for stroke in found.strokes] == [6, 15, 21]
    assert [len(stroke) for stroke in found.strokes] == [3, 2, 2]


def test_points_know_their_number_and_stroke():
    both = two_numbers()
    assert both.point_starts.tolist() == [0, 2, 9]
    assert both.stroke_of_point.tolist() == [0, 0, 1, 1, 1, 2, 2, 3, 3]
