import numpy as np
import pytest

from tests.train.evaluation.written import as_written
from train.evaluation.faithfulness import (
    chamfer_distance,
    faithfulness_measures,
    intersection_over_union,
    mean_squared_error,
)
from train.evaluation.hard_drawing import draw_hard, draw_opencv


def picture(*inked):
    drawn = np.zeros((28, 28), np.uint8)
    for place in inked:
        drawn[place] = 1
    return drawn


def slow_chamfer(drawing, target):
    a, b = np.argwhere(drawing), np.argwhere(target)
    gaps = np.linalg.norm(a[:, None] - b[None], axis=-1)
    return (gaps.min(1).mean() + gaps.min(0).mean()) / 2


def test_chamfer_equals_all_pairs(rng):
    drawings, targets = (rng.random((2, 20, 28, 28)) > 0.97).astype(np.uint8)
    expected = [slow_chamfer(d, t) for d, t in zip(drawings, targets, strict=True)]
    np.testing.assert_allclose(chamfer_distance(drawings, targets), expected, rtol=1e-5)


def test_empty_drawings():
    blank, dot = picture(), picture((3, 3))
    assert chamfer_distance(
        np.stack([blank, blank, dot]), np.stack([dot, blank, dot])
    ).tolist() == [
        14.0,
        0.0,
        0.0,
    ]
    assert intersection_over_union(np.stack([blank, blank]), np.stack([dot, blank])).tolist() == [
        0,
        1,
    ]


def test_iou_and_mse_of_a_known_pair():
    drawing, target = picture((1, 1), (1, 2)), picture((1, 2), (1, 3), (1, 4))
    assert intersection_over_union(drawing[None], target[None])[0] == pytest.approx(1 / 4)
    assert mean_squared_error(drawing[None], target[None])[0] == pytest.approx(3 / 784)
    assert mean_squared_error(drawing[None] * 0.5, target[None])[0] == pytest.approx(2.5 / 784)


def test_all_measures_are_of_the_same_hard_drawing(rng):
    targets = (rng.random((30, 28, 28)) > 0.95).astype(np.uint8)
    points, up = rng.random((30, 6, 2)).astype(np.float32), rng.random((30, 6)) > 0.7
    written = as_written(points, up, targets)._replace(mse=rng.random(30).astype(np.float32))
    found = faithfulness_measures(written)
    assert set(found) == {"iou", "chamfer_px", "mse_soft", "mse_hard", "iou_opencv"}
    hard, rounded = draw_hard(points, up), draw_opencv(points, up)
    np.testing.assert_array_equal(found["iou"], intersection_over_union(hard, targets))
    np.testing.assert_array_equal(found["iou_opencv"], intersection_over_union(rounded, targets))
    distances = chamfer_distance(hard, targets)
    np.testing.assert_allclose(found["chamfer_px"], distances, rtol=1e-6)  # OpenCV's last bits vary
    np.testing.assert_array_equal(found["mse_hard"], mean_squared_error(hard, targets))
    np.testing.assert_array_equal(found["mse_soft"], written.mse)
    assert {values.dtype for values in found.values()} == {np.dtype(np.float64)}


def test_drawings_have_the_size_of_their_pictures():
    across = np.float32([[[0.0, 0.5], [1.0, 0.5]]])
    wide = np.zeros((1, 10, 60), np.uint8)
    wide[0, 5] = 1
    found = faithfulness_measures(as_written(across, np.array([[False, True]]), wide))
    assert found["iou"].tolist() == [1.0]
