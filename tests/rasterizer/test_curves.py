from typing import get_args

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from rasterizer import CurveName, pen_up, subdivide, subdivide_flags
from rasterizer.curves import CURVES
from tests.conftest import random_points
from tests.reference import curve_points

each_curve = pytest.mark.parametrize("curve", get_args(CurveName))
cut = jax.jit(subdivide, static_argnames=("curve", "pieces"))


def strokes_of_all_lengths():
    """Flags of 20 points: strokes of 1, 2, 3 and more points, and two lifts on end."""
    lifted = np.zeros(20, bool)
    lifted[[0, 2, 5, 11, 12, 19]] = True
    return lifted


def random_lifts(rng, *leading, points=20):
    return rng.random((*leading, points)) < 0.3


def unlifted(points):
    return np.zeros(points.shape[:-1], bool)


def test_every_curve_has_a_name_and_a_definition():
    assert get_args(CurveName) == tuple(CURVES)


@each_curve
@pytest.mark.parametrize("pieces", [1, 2, 5, 8])
def test_equals_the_definition(rng, curve, pieces):
    points, lifted = random_points(rng, 12), random_lifts(rng, 12)
    lifted[0] = strokes_of_all_lengths()
    found = cut(points, curve=curve, pieces=pieces, lifted=lifted)
    assert found.shape == (12, 19 * pieces + 1, 3)
    assert found.dtype == jnp.float32
    expected = [curve_points(*one, curve, pieces) for one in zip(points, lifted, strict=True)]
    np.testing.assert_allclose(found, expected, atol=3e-7, rtol=0)


@pytest.mark.parametrize("curve", ["line", "catmull-rom"])
def test_passes_exactly_through_the_points(rng, curve):
    points, lifted = random_points(rng, 8), random_lifts(rng, 8)
    found = cut(points, curve=curve, pieces=4, lifted=lifted)
    np.testing.assert_array_equal(found[..., ::4, :], points)
    whole = cut(points, curve=curve, pieces=1, lifted=lifted)
    np.testing.assert_array_equal(whole, points)


def test_a_bezier_keeps_the_ends_of_strokes_and_turns_around_the_points_within(rng):
    points, lifted = random_points(rng), strokes_of_all_lengths()
    found = np.asarray(cut(points, curve="bezier", pieces=4, lifted=lifted))[::4]
    inner = ~lifted & ~np.roll(lifted, 1)
    inner[[0, -1]] = False
    np.testing.assert_array_equal(found[~inner], points[~inner])
    places = points[:, :2]
    turned = (np.roll(places, 1, axis=0) + 6 * places + np.roll(places, -1, axis=0)) / 8
    np.testing.assert_allclose(found[inner, :2], turned[inner], atol=1e-6)


def test_a_bezier_is_nearest_to_a_point_at_that_point_s_index():
    around = np.linspace(0, 1.5 * np.pi, 7)
    circle = np.stack([np.cos(around), np.sin(around), np.ones(7)], axis=-1).astype(np.float32)
    found = np.asarray(cut(circle, curve="bezier", pieces=6, lifted=unlifted(circle)))
    distances = np.linalg.norm(found[:, None, :2] - circle[None, :, :2], axis=-1)
    assert distances.argmin(axis=0).tolist() == [0, 6, 12, 18, 24, 30, 36]


def test_a_bezier_stays_in_the_hull_of_its_points(rng):
    points = random_points(rng, 20, points=6)
    found = np.asarray(cut(points, curve="bezier", pieces=8, lifted=unlifted(points)))[..., :2]
    # In no direction does it reach farther than the farthest point.
    angles = np.linspace(0, 2 * np.pi, 90)
    directions = np.stack([np.cos(angles), np.sin(angles)])
    reach = (found @ directions).max(axis=1) - (points[..., :2] @ directions).max(axis=1)
    assert reach.max() < 1e-6


@each_curve
def test_a_curve_is_smooth_where_its_segments_meet(rng, curve):
    """The turn at a point of the given ones shrinks with the pieces, but not a polyline's."""
    points = random_points(rng, points=8)
    found = np.asarray(cut(points, curve=curve, pieces=256, lifted=unlifted(points)))
    steps = np.diff(found[:, :2], axis=0) * 256
    turns = np.linalg.norm(np.diff(steps, axis=0), axis=-1)
    assert (turns.max() < 0.05) == (curve != "line")


@each_curve
def test_even_points_on_a_straight_line_stay_there_and_even(curve):
    line = np.linspace([0.1, 0.8, 50.0], [0.9, 0.2, 50.0], 6).astype(np.float32)
    found = cut(line, curve=curve, pieces=5, lifted=unlifted(line))
    expected = np.linspace([0.1, 0.8, 50.0], [0.9, 0.2, 50.0], 26)
    np.testing.assert_allclose(found, expected, atol=1e-6)


@each_curve
def test_a_lifted_segment_is_straight_and_lifted_in_all_its_pieces(rng, curve):
    points, lifted = random_points(rng), strokes_of_all_lengths()
    points[:, 2] = np.where(lifted, 2.0, 60.0)
    found = np.asarray(cut(points, curve=curve, pieces=4, lifted=lifted))
    flags = subdivide_flags(lifted, 4)
    np.testing.assert_array_equal(pen_up(found[:, 2]), flags)
    straight = cut(points, curve="line", pieces=4, lifted=lifted)
    np.testing.assert_allclose(found[flags], straight[flags], atol=1e-7)
    assert np.abs(found - straight)[~flags].max() > 0.01 or curve == "line"


@each_curve
def test_a_stroke_s_points_bend_no_other_stroke(rng, curve):
    points, lifted = random_points(rng), strokes_of_all_lengths()
    moved = points.copy()
    moved[6:12, :2] += rng.uniform(-0.3, 0.3, (6, 2)).astype(np.float32)
    before, after = (
        np.asarray(cut(one, curve=curve, pieces=3, lifted=lifted)) for one in (points, moved)
    )
    flags = subdivide_flags(lifted, 3)
    changed = (before != after).any(axis=-1)
    own = slice(6 * 3, 11 * 3 + 1)
    assert changed[own].any()
    changed[own] = False
    assert not changed[~flags].any()


@each_curve
def test_moved_and_scaled_points_give_a_moved_and_scaled_curve(rng, curve):
    points, lifted = random_points(rng, 4), random_lifts(rng, 4)
    scale, shift = np.float32([0.7, -1.3, 2.0]), np.float32([0.2, 1.1, 0.0])
    options = {"curve": curve, "pieces": 3, "lifted": lifted}
    moved = cut(points * scale + shift, **options)
    expected = cut(points, **options) * scale + shift
    np.testing.assert_allclose(moved, expected, rtol=1e-6, atol=1e-6)
    swapped = cut(points[..., [1, 0, 2]], **options)
    np.testing.assert_array_equal(swapped, cut(points, **options)[..., [1, 0, 2]])


@each_curve
def test_written_backwards_it_is_the_same_curve(rng, curve):
    points, lifted = random_points(rng, 4), random_lifts(rng, 4)
    backwards = np.roll(lifted[:, ::-1], -1, axis=-1)  # segment t begins at its other end
    forth = cut(points, curve=curve, pieces=5, lifted=lifted)
    back = cut(points[:, ::-1], curve=curve, pieces=5, lifted=backwards)
    np.testing.assert_allclose(back[:, ::-1, :2], forth[..., :2], atol=1e-6)


def test_catmull_rom_is_nearer_to_a_circle_than_lines_are():
    angles = np.linspace(0, np.pi / 2, 5)
    arc = np.stack([np.cos(angles), np.sin(angles), np.ones(5)], axis=-1).astype(np.float32)
    off = {}
    for curve in get_args(CurveName):
        found = np.asarray(cut(arc, curve=curve, pieces=16, lifted=unlifted(arc)))
        off[curve] = np.abs(np.linalg.norm(found[:, :2], axis=-1) - 1)
    inner = slice(16, -16)  # where a neighbour on either side is known
    assert off["catmull-rom"].max() < off["line"].max()
    assert off["catmull-rom"].mean() < off["line"].mean() / 2
    assert off["catmull-rom"][inner].max() < off["line"][inner].max() / 20


@each_curve
def test_gradient_by_finite_differences(rng, curve):
    lifted = strokes_of_all_lengths()
    with jax.enable_x64(True):
        points = np.float64(random_points(rng))
        check_grads(
            lambda p: cut(p, curve=curve, pieces=3, lifted=lifted), (points,), 2, ["fwd", "rev"]
        )


@each_curve
def test_coincident_points_have_a_finite_gradient(curve):
    points = np.full((2, 20, 3), [0.5, 0.5, 60.0], np.float32)
    points[1, ::2] = [0.2, 0.7, 60.0]
    lifted = np.stack([strokes_of_all_lengths(), np.zeros(20, bool)])

    def total(p):
        return jnp.sum(cut(p, curve=curve, pieces=4, lifted=lifted) ** 2)

    slope = jax.grad(total)(points)
    assert jnp.isfinite(slope).all()
    assert (jnp.abs(slope).sum(axis=-1) > 0).all()


@each_curve
def test_leading_axes_jit_and_vmap_agree(rng, curve):
    points, lifted = random_points(rng, 2, 3), random_lifts(rng, 2, 3)

    def one(p, flags):
        return subdivide(p, curve=curve, pieces=3, lifted=flags)

    together = one(points, lifted)
    assert together.shape == (2, 3, 58, 3)
    np.testing.assert_allclose(jax.jit(one)(points, lifted), together, atol=1e-6)
    np.testing.assert_allclose(jax.vmap(jax.vmap(one))(points, lifted), together, atol=1e-6)
    np.testing.assert_allclose(one(points[1, 2], lifted[1, 2]), together[1, 2], atol=1e-6)


@each_curve
def test_bfloat16_is_rounded_once(rng, curve):
    points = jnp.asarray(random_points(rng, 3), jnp.bfloat16)
    options = {"curve": curve, "pieces": 4, "lifted": random_lifts(rng, 3)}
    wide = cut(points.astype(jnp.float32), **options)
    narrow = cut(points, **options)
    assert narrow.dtype == jnp.bfloat16
    np.testing.assert_array_equal(narrow, wide.astype(jnp.bfloat16))


def test_flags_are_those_of_the_pieces(rng):
    lifted = random_lifts(rng, 4, points=6)
    found = subdivide_flags(lifted, 3)
    assert type(found) is np.ndarray
    assert found.shape == (4, 16)
    assert found.dtype == bool
    for row, flags in zip(found, lifted, strict=True):
        assert [bool(flags[t // 3]) for t in range(15)] == row[:15].tolist()
    assert found[:, -1].all()
    assert subdivide_flags(np.array([False]), 3).tolist() == [True]


@pytest.mark.parametrize(
    ("points", "options", "message"),
    [
        (np.zeros((5, 2), np.float32), {}, r"shape \[5, 2\], expected \[..., T, 3\]"),
        (np.zeros((1, 3), np.float32), {}, "T >= 2"),
        (np.zeros((5, 3), np.int32), {}, "int32, expected a float type"),
        (np.zeros((5, 3), np.float32), {"curve": "spline"}, "'spline': expected one of 'line'"),
        (np.zeros((5, 3), np.float32), {"pieces": 0}, "pieces 0: expected a whole number"),
        (np.zeros((5, 3), np.float32), {"pieces": 2.0}, "pieces 2.0: expected a whole number"),
        (
            np.zeros((5, 3), np.float32),
            {"lifted": np.zeros(4, bool)},
            r"\[4\], expected bool \[5\]",
        ),
        (np.zeros((5, 3), np.float32), {"lifted": np.zeros(5, np.float32)}, "float32 .* pen_up"),
    ],
)
def test_bad_input_is_refused(points, options, message):
    options = {"curve": "catmull-rom", "pieces": 2, "lifted": unlifted(points)} | options
    with pytest.raises(ValueError, match=message):
        subdivide(points, **options)


def test_pieces_of_flags_are_checked():
    with pytest.raises(ValueError, match="pieces -1: expected a whole number"):
        subdivide_flags(np.zeros(5, bool), -1)


def test_options_are_keyword_only():
    with pytest.raises(TypeError):
        subdivide(np.zeros((5, 3), np.float32), "line", 2, np.zeros(5, bool))  # type: ignore[misc]
