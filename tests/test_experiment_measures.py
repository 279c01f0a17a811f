import numpy as np
import pytest

from train.experiment_measures import crossings, disagreement, drawn_twice, turning


def one(*places):
    return np.float32([places]) / 28, np.zeros((1, len(places)), bool)


def test_crossings_of_known_strokes():
    points, up = one((2, 2), (20, 20), (20, 2), (2, 20))  # like a fish: one crossing
    assert crossings(points, up).tolist() == [1.0]
    up[0, 0] = True
    assert crossings(points, up).tolist() == [0.0]
    points, up = one((2, 2), (20, 2), (20, 20), (2, 20), (2, 2))  # a closed square touches itself
    assert crossings(points, up).tolist() == [0.0]


def test_what_is_drawn_twice():
    points, up = one((2, 5), (12, 5), (12, 15), (2, 15), (2, 5), (12, 5))  # the first side again
    assert drawn_twice(points, up)[0] == pytest.approx(10 / 50, abs=0.05)
    up[0, 4] = True
    assert drawn_twice(points, up)[0] == pytest.approx(0.0, abs=0.05)
    assert drawn_twice(points, np.ones_like(up)).tolist() == [0.0]


def test_turning_of_known_strokes():
    points, up = one((2, 2), (10, 2), (10, 10), (18, 10))
    assert turning(points, up)[0] == pytest.approx(90.0)
    points, up = one((2, 2), (4, 4), (10, 10), (18, 18))
    assert turning(points, up)[0] == pytest.approx(0.0, abs=1e-4)
    up[0, 1] = True  # no turn is left
    assert turning(points, up)[0] == 0.0


def test_disagreement_of_runs(rng):
    points = rng.random((5, 8, 2)).astype(np.float32)
    up = np.zeros((5, 8), bool)
    assert disagreement([(points, up)] * 3) == pytest.approx(np.zeros(5), abs=1e-6)
    smaller = 0.5 * points + 0.1  # the same shape elsewhere
    assert disagreement([(points, up), (smaller, up)]) == pytest.approx(np.zeros(5), abs=1e-5)
    reverse = points[:, ::-1]
    gap = disagreement([(points, up), (reverse, up)])
    assert (gap > 0.1).all()
    both = disagreement([(points, up), (points, up), (reverse, up)])
    np.testing.assert_allclose(both, gap * 2 / 3, rtol=1e-5)
