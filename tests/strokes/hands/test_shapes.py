import numpy as np

from strokes.hands.shapes import POINTS, alike, shape_of, upright

LINE = [np.array([[10.0, 10.0], [12.0, 50.0]])]
CROSS = [np.array([[0.0, 0.0], [40.0, 40.0]]), np.array([[40.0, 0.0], [0.0, 40.0]])]


def test_a_shape_stands_on_the_line_and_is_one_tall():
    (line,) = upright(LINE)
    np.testing.assert_allclose(line, [[-0.025, -1.0], [0.025, 0.0]])


def test_what_is_flat_is_not_blown_up():
    (line,) = upright([np.array([[0.0, 0.0], [10.0, 0.1]])])
    assert np.ptp(line[:, 0]) < 2


def test_the_commonest_way_is_the_shape():
    longer = [LINE[0] * [1.0, 1.1]]
    turned = [np.array([[12.0, 50.0], [10.0, 10.0]])]
    shape = shape_of([LINE, CROSS, longer, turned, LINE])
    assert shape.counts == (POINTS - 1,)
    assert shape.path.shape == (POINTS, 2)
    assert len(shape.repetitions) == 3
    assert shape.path[0, 1] < shape.path[-1, 1]
    assert alike([LINE, CROSS, longer, turned, LINE]) == [LINE, longer, LINE]
    assert alike([]) == []


def test_strokes_share_the_points_by_their_lengths():
    shape = shape_of([CROSS])
    assert sum(shape.counts) + len(shape.counts) == POINTS
    assert abs(shape.counts[0] - shape.counts[1]) <= 1
