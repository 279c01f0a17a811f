import numpy as np
import pytest

from strokes.ink import stroke_counts, strokes_of
from strokes.likeness import (
    PATH_POINTS,
    RECOVERED_PIXELS,
    Likeness,
    inked_path,
    inked_paths,
    likeness,
    recovers,
    warping_distance,
)

# A 2 in one stroke; a 5 in two: the body, then the bar on top.
TWO = [np.array([[0.3, 0.3], [0.5, 0.2], [0.7, 0.35], [0.5, 0.6], [0.3, 0.8], [0.75, 0.8]])]
FIVE = [
    np.array([[0.35, 0.2], [0.3, 0.5], [0.6, 0.5], [0.65, 0.7], [0.3, 0.8]]),
    np.array([[0.35, 0.2], [0.7, 0.2]]),
]


def slow_warping(one, other):
    """Mean distance of the cheapest warping path, cell by cell, with its length carried along."""
    best = {}
    for i in range(len(one)):
        for j in range(len(other)):
            here = float(np.hypot(*(one[i] - other[j])))
            before = [best[p] for p in ((i - 1, j - 1), (i - 1, j), (i, j - 1)) if p in best]
            total, steps = min(before, key=lambda cell: cell[0]) if before else (0.0, 0)
            best[i, j] = total + here, steps + 1
    total, steps = best[len(one) - 1, len(other) - 1]
    return total / steps


def moved(strokes, right=0.0, down=0.0):
    """Strokes moved by pixels of 28."""
    return [stroke + np.array([right, down]) / 28 for stroke in strokes]


def backwards(strokes):
    return [stroke[::-1] for stroke in strokes[::-1]]


def test_the_warping_distance_is_that_of_the_slow_oracle(rng):
    ones, others = rng.normal(size=(2, 5, 12, 2))
    expected = [slow_warping(one, other) for one, other in zip(ones, others, strict=True)]
    np.testing.assert_allclose(warping_distance(ones, others), expected, rtol=1e-5)
    np.testing.assert_allclose(warping_distance(others, ones), expected, rtol=1e-5)
    assert warping_distance(ones, ones).max() == 0
    assert warping_distance(ones[:0], others[:0]).shape == (0,)


def test_a_path_is_evenly_spaced_along_the_ink_only():
    strokes = [np.array([[0.0, 0.0], [0.5, 0.0]]), np.array([[0.5, 1.0], [0.5, 0.5]])]
    path = inked_path(strokes)
    assert path.shape == (PATH_POINTS, 2)
    np.testing.assert_allclose(path[[0, -1]], [[0, 0], [14, 14]])
    inked = 28 / (PATH_POINTS - 1)  # both strokes are 14 pixels long
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert (np.abs(steps - inked) < 1e-9).sum() == PATH_POINTS - 2  # all but that through the air
    assert steps.max() > 20
    np.testing.assert_allclose(inked_path([]), 14.0)
    np.testing.assert_allclose(inked_path([np.array([[0.25, 0.5]])]), [[7, 14]] * PATH_POINTS)


def test_the_likeness_is_the_distance_of_paths_either_way():
    pairs = [(TWO, FIVE), (FIVE, moved(FIVE, 0.5)), (backwards(TWO), TWO)]
    found = likeness(*zip(*pairs, strict=True))
    for index, (one, other) in enumerate(pairs):
        forth = slow_warping(inked_path(one), inked_path(other))
        back = slow_warping(inked_path(one)[::-1], inked_path(other))
        assert found.distance[index] == pytest.approx(forth)
        assert found.turned[index] == (back < forth)
    assert found.as_many.tolist() == [False, True, True]


@pytest.mark.parametrize("strokes", [TWO, FIVE], ids=["one stroke", "two strokes"])
def test_the_same_path_is_recovered_also_from_other_points(strokes):
    denser = [np.repeat(stroke, 2, axis=0) for stroke in strokes]
    for stroke in denser:  # a point in the middle of each segment
        stroke[1:-1:2] = 0.5 * (stroke[:-2:2] + stroke[2::2])
    found = likeness([strokes, denser], [strokes, strokes])
    assert found.recovered.all()
    assert found.distance.max() < 1e-9
    assert not found.turned.any()


@pytest.mark.parametrize("strokes", [TWO, FIVE], ids=["one stroke", "two strokes"])
def test_a_reversed_path_is_not(strokes):
    found = likeness([backwards(strokes)], [strokes])
    assert found.turned.all()
    assert found.as_many.all()
    assert not found.recovered.any()


def test_a_path_that_is_near_but_nearer_backwards_is_not():
    """A tick so small that both directions are near."""
    tick = [np.array([[0.5, 0.5], [0.52, 0.5]])]
    found = likeness([backwards(tick)], [tick])
    assert found.distance[0] < RECOVERED_PIXELS
    assert not found.recovered[0]


def test_the_same_path_in_another_number_of_strokes_is_not():
    cut = [TWO[0][:3], TWO[0][2:]]
    found = likeness([cut, TWO], [TWO, cut])
    assert found.distance.max() < 0.05  # the same path
    assert not found.as_many.any()
    assert not found.recovered.any()


def test_strokes_in_another_order_are_far():
    found = likeness([FIVE, FIVE[::-1]], [FIVE, FIVE])
    assert found.as_many.all()
    assert found.distance[1] > 3 + found.distance[0]
    assert found.recovered.tolist() == [True, False]


def test_small_moves_are_forgiven_and_large_ones_are_not():
    for strokes in (TWO, FIVE):
        pairs = [moved(strokes, 0.5, 0.5), moved(strokes, 2.0, 2.0)]
        found = likeness(pairs, [strokes, strokes])
        assert found.recovered.tolist() == [True, False]
        assert found.distance[0] <= np.hypot(0.5, 0.5) + 1e-9
        assert not found.turned.any()


def test_it_does_not_matter_which_is_the_person_s():
    ones, others = [TWO, FIVE, TWO], [moved(TWO, 0.7), FIVE[::-1], FIVE]
    forth, back = likeness(ones, others), likeness(others, ones)
    np.testing.assert_allclose(forth.distance, back.distance, rtol=1e-5)
    np.testing.assert_array_equal(forth.recovered, back.recovered)
    both = likeness(list(map(backwards, ones)), list(map(backwards, others)))
    np.testing.assert_allclose(both.distance, forth.distance, rtol=1e-5)


def test_all_three_are_needed():
    ok, no = np.array([True]), np.array([False])
    assert Likeness(np.array([0.99]), turned=no, as_many=ok).recovered[0]
    assert not Likeness(np.array([RECOVERED_PIXELS]), turned=no, as_many=ok).recovered[0]
    assert not Likeness(np.array([0.0]), turned=ok, as_many=ok).recovered[0]
    assert not Likeness(np.array([0.0]), turned=no, as_many=no).recovered[0]


def test_nothing_written_is_like_nothing_and_pairs_are_pairs():
    assert likeness([], []).recovered.shape == (0,)
    assert not likeness([[]], [TWO]).recovered[0]
    with pytest.raises(ValueError, match="longer"):
        likeness([TWO], [TWO, TWO])


def wandering(rng, count=40, points=13):
    """Random walks that are lifted here and there: before, between and after their ink."""
    points_of = np.cumsum(rng.normal(0.0, 0.1, (count, points, 2)), axis=1) + 0.5
    return points_of, rng.random((count, points)) < rng.random((count, 1))


def test_many_paths_at_once_are_those_of_each_digit(rng):
    points, pen_up = wandering(rng)
    pen_up[0], pen_up[1] = True, False
    strokes = [strokes_of(*one) for one in zip(points, pen_up, strict=True)]
    assert stroke_counts(pen_up).tolist() == [len(one) for one in strokes]
    paths = inked_paths(points, pen_up)
    # Where a stroke ends its path may go on at its end or at the next one's start.
    away = np.linalg.norm(paths - [inked_path(one) for one in strokes], axis=2)
    assert (away > 1e-9).mean() < 0.01
    assert away[:, [0, -1]].max() < 1e-9


def test_what_recovers_is_told_without_the_rest(rng):
    points, pen_up = wandering(rng)
    shaken = points + rng.normal(0.0, 0.02, points.shape)
    turned, turned_up = points[:, ::-1], np.roll(pen_up[:, ::-1], -1, axis=1)
    theirs = np.concatenate([points, points, points[::-1]])
    theirs_up = np.concatenate([pen_up, pen_up, pen_up[::-1]])
    ours, ours_up = (
        np.concatenate([shaken, turned, points]),
        np.concatenate([pen_up, turned_up, pen_up]),
    )
    expected = likeness(
        [strokes_of(*one) for one in zip(ours, ours_up, strict=True)],
        [strokes_of(*one) for one in zip(theirs, theirs_up, strict=True)],
    ).recovered
    found = recovers(
        inked_paths(ours, ours_up),
        stroke_counts(ours_up),
        inked_paths(theirs, theirs_up),
        stroke_counts(theirs_up),
    )
    assert 0.1 < expected.mean() < 0.9
    np.testing.assert_array_equal(found, expected)
