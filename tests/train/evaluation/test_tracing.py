import numpy as np
import pytest

from datasets import load_thinned
from strokes.ink import pen_runs
from train.evaluation.faithfulness import intersection_over_union
from train.evaluation.hard_drawing import draw_hard
from train.evaluation.tracing import trace, trace_pixels


def test_a_line_is_one_stroke_from_its_end_nearest_the_top_left():
    picture = np.zeros((9, 9), np.uint8)
    np.fill_diagonal(picture[1:8, 1:8], 1)
    (stroke,) = trace_pixels(picture)
    assert stroke == [(k, k) for k in range(1, 8)]


def test_two_parts_are_two_strokes_and_a_ring_closes():
    picture = np.zeros((12, 12), np.uint8)
    picture[2, 1:5] = picture[8, 1:5] = 1
    assert [len(stroke) for stroke in trace_pixels(picture)] == [4, 4]
    ring = np.zeros((12, 12), np.uint8)
    ring[2, 3:6] = ring[6, 3:6] = ring[3:6, 2] = ring[3:6, 6] = 1
    (stroke,) = trace_pixels(ring)
    assert len(stroke) == ring.sum() + 1
    assert max(np.abs(np.subtract(stroke[0], stroke[-1]))) <= 1


@pytest.mark.parametrize("points", [2, 8, 20])
def test_real_digits_within_the_number_of_points(points):
    images = load_thinned("test")[0][:60]
    paths, lifted = trace(images, points=points)
    assert paths.shape == (60, points, 2)
    assert lifted[:, -1].all()
    assert ((paths >= 0) & (paths <= 1)).all()
    if points == 20:
        assert intersection_over_union(draw_hard(paths, lifted), images).mean() > 0.85


def test_blank_and_dot():
    pictures = np.zeros((2, 5, 7), np.uint8)
    pictures[1, 2, 3] = 1
    paths, lifted = trace(pictures)
    assert lifted[0].all()
    assert pen_runs(lifted[1]) == [(0, 1)]
    np.testing.assert_allclose(paths[1, :2], [[0.5, 0.5]] * 2)
