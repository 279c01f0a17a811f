import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strokes.ink import Recording
from strokes.resampling import (
    MNIST_EXTENT,
    fit_to_box,
    fit_to_canvas,
    lifts_of_counts,
    path_progress,
    quadratic_curve,
    resample,
    resample_counts,
    resample_path,
    segments_of_strokes,
    stroke_lengths,
)

FOUR = [np.array([[0.2, 0.1], [0.2, 0.5], [0.7, 0.5]]), np.array([[0.6, 0.1], [0.6, 0.9]])]


def test_points_are_equally_spaced_along_each_stroke_and_ends_stay():
    points, lifted = resample(FOUR, 20)
    assert points.shape == (20, 2)
    assert lifted.sum() == 2
    assert lifted[-1]
    cut = int(np.flatnonzero(lifted)[0])
    for part, stroke in ((points[: cut + 1], FOUR[0]), (points[cut + 1 :], FOUR[1])):
        np.testing.assert_allclose(part[[0, -1]], stroke[[0, -1]], atol=1e-6)
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)[cut + 1 :]
    np.testing.assert_allclose(steps, steps[0], rtol=1e-4)
    assert (cut, 19 - cut - 1) == (10, 8)  # 18 segments of ink for lengths 0.9 and 0.8


@pytest.mark.parametrize("finer", [2, 4])
def test_finer_holds_the_coarse_points(finer):
    coarse, up = resample(FOUR, 20)
    fine, fine_up = resample(FOUR, 20, finer=finer)
    assert len(fine) == 19 * finer + 1
    np.testing.assert_allclose(fine[::finer], coarse, atol=1e-6)
    np.testing.assert_array_equal(fine_up[::finer], up)


@settings(deadline=None)
@given(st.lists(st.floats(0, 10), min_size=1, max_size=8), st.integers(0, 30))
def test_every_stroke_gets_a_segment_and_all_are_shared_out(lengths, more):
    total = len(lengths) + more
    counts = segments_of_strokes(np.array(lengths), total)
    assert sum(counts) == total
    assert min(counts) >= 1


def test_a_stroke_is_as_long_as_its_segments_together():
    dot = np.array([[0.3, 0.3]])
    np.testing.assert_allclose(stroke_lengths([*FOUR, dot]), [0.9, 0.8, 0.0])


@pytest.mark.parametrize("finer", [1, 3])
def test_by_its_own_counts_it_is_the_same(finer):
    counts = segments_of_strokes(stroke_lengths(FOUR), 18)
    assert counts == [10, 8]
    for one, other in zip(
        resample(FOUR, 20, finer=finer), resample_counts(FOUR, counts, finer=finer), strict=True
    ):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("counts", [[3, 15], [17, 1], [1, 1]])
def test_each_stroke_has_the_segments_that_it_is_given(counts):
    points, lifted = resample_counts(FOUR, counts)
    first, second = counts
    assert points.shape == (first + second + 2, 2)
    assert points.dtype == np.float32
    assert np.flatnonzero(lifted).tolist() == [first, first + second + 1]
    for part, stroke in ((points[: first + 1], FOUR[0]), (points[first + 1 :], FOUR[1])):
        np.testing.assert_allclose(part, resample_path(stroke, len(part) - 1), atol=1e-6)


@pytest.mark.parametrize("finer", [2, 5])
def test_finer_counts_hold_the_coarse_points_and_walk_straight_through_the_air(finer):
    coarse, up = resample_counts(FOUR, [4, 2])
    fine, fine_up = resample_counts(FOUR, [4, 2], finer=finer)
    assert len(fine) == len(fine_up) == 7 * finer + 1
    np.testing.assert_allclose(fine[::finer], coarse, atol=1e-6)
    np.testing.assert_array_equal(fine_up[::finer], up)
    assert fine_up.sum() == finer + 1  # all pieces of the lifted segment, and the last point
    air = fine[4 * finer : 5 * finer + 1]
    np.testing.assert_allclose(air, np.linspace(coarse[4], coarse[5], finer + 1), atol=1e-6)


def test_counts_are_of_each_stroke():
    with pytest.raises(ValueError, match="shorter"):
        resample_counts(FOUR, [18])


@settings(deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_the_pen_is_lifted_where_the_counts_say(counts):
    strokes = [np.array([[0.1 * k, 0.0], [0.1 * k, 0.5]]) for k in range(len(counts))]
    _, expected = resample_counts(strokes, counts)
    np.testing.assert_array_equal(lifts_of_counts(counts), expected)
    slow = [k == count for count in counts for k in range(count + 1)]
    assert lifts_of_counts(counts).tolist() == slow


def test_too_many_strokes():
    with pytest.raises(ValueError, match="11 strokes do not fit into 20 points"):
        resample([FOUR[1]] * 11, 20)


def test_shapes_are_fitted_to_mnist_and_the_canvas_stays():
    pixels = Recording(4, [300 * stroke + 1000 for stroke in FOUR], "px")
    fitted = np.concatenate(fit_to_canvas(pixels))
    assert np.ptp(fitted, axis=0).max() == pytest.approx(MNIST_EXTENT)
    dense, lifted = resample(fit_to_canvas(pixels), 400)
    np.testing.assert_allclose(dense[~lifted].mean(axis=0), 0.5, atol=0.01)
    assert fit_to_canvas(Recording(4, FOUR, "canvas"))[0] is not None
    np.testing.assert_array_equal(fit_to_canvas(Recording(4, FOUR, "canvas"))[1], FOUR[1])


def test_strokes_are_fitted_into_a_box_in_the_middle():
    strokes = [np.array([[100.0, 40.0, 0.0], [300.0, 40.0, 7.0]]), np.array([[200.0, 140.0, 8.0]])]
    fitted = fit_to_box(strokes, margin=0.1)
    np.testing.assert_allclose(fitted[0], [[0.1, 0.3], [0.9, 0.3]])
    np.testing.assert_allclose(fitted[1], [[0.5, 0.7]])
    np.testing.assert_array_equal(fit_to_box([np.array([[3.0, 4.0]])])[0], [[0.5, 0.5]])  # a dot


def test_a_path_is_walked_at_even_steps():
    corner = np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 1.0]])
    np.testing.assert_allclose(resample_path(corner, 4), [[0, 0], [1, 0], [2, 0], [3, 0], [3, 1]])
    np.testing.assert_array_equal(resample_path(corner[:1], 2), np.zeros((3, 2)))


def test_progress_is_the_share_of_the_way():
    path = np.float32([[0, 0], [0.3, 0.4], [0.3, 0.4], [0.3, 0.9]])
    np.testing.assert_allclose(path_progress(path), [0, 0.5, 0.5, 1], atol=1e-6)
    np.testing.assert_allclose(path_progress(np.zeros((3, 2), np.float32)), [0, 0.5, 1])


def test_a_quadratic_curve_sets_out_towards_its_control_and_passes_half_way_to_it():
    curve = quadratic_curve((0, 0), (1, 2), (2, 0), 101)
    np.testing.assert_allclose(curve[[0, 50, 100]], [[0, 0], [1, 1], [2, 0]], atol=1e-12)
    first = curve[1] - curve[0]
    assert first[1] / first[0] == pytest.approx(2, rel=0.02)
