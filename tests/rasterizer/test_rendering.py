import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from rasterizer import pen_up, render
from tests.conftest import random_points
from tests.rasterizer.kinds import drawn, each_kind
from tests.reference import draw

pytestmark = pytest.mark.usefixtures("quick_compiler")


def slow(line, combine, size=28):
    return jax.jit(jax.vmap(lambda points: draw(points, line, combine, size)))


@each_kind
@pytest.mark.parametrize("size", [8, 28, 41])
def test_equals_the_literal_translation(rng, line, combine, size):
    points = random_points(rng, 60)
    fast = jax.jit(lambda p: render(p, height=size, width=size, line=line, combine=combine))(points)
    # A sum of 19 inks may differ 19 times as much as one.
    tolerance = 1e-5 if combine == "max" else 5e-5
    np.testing.assert_allclose(fast, slow(line, combine, size)(points), atol=tolerance)


@each_kind
def test_gradient_equals_autodiff_of_the_literal_translation(rng, line, combine):
    points = random_points(rng, 40, log_softness=(3.3, 4.5))
    weights = jnp.asarray(rng.normal(size=(40, 28, 28)), jnp.float32)
    with jax.enable_x64(True):
        points64, weights64 = np.float64(points), np.float64(weights)
        fast = jax.grad(lambda p: jnp.vdot(render(p, line=line, combine=combine), weights64))
        expected = jax.grad(lambda p: jnp.vdot(slow(line, combine)(p), weights64))
        np.testing.assert_allclose(
            jax.jit(fast)(points64), jax.jit(expected)(points64), rtol=1e-6, atol=1e-4
        )
    single = jax.grad(lambda p: jnp.vdot(drawn(p, line=line, combine=combine), weights))(points)
    scale = np.abs(single).max(axis=(1, 2), keepdims=True)
    wrong = np.abs(single - fast_in_double(points, weights, line, combine)) / scale
    assert np.median(wrong.max(axis=(1, 2))) < 1e-4


def fast_in_double(points, weights, line, combine):
    with jax.enable_x64(True):
        gradient = jax.grad(
            lambda p: jnp.vdot(drawn(p, line=line, combine=combine), np.float64(weights))
        )
        return np.asarray(gradient(np.float64(points)), np.float32)


@each_kind
def test_gradient_by_finite_differences(rng, line, combine):
    with jax.enable_x64(True):
        points = np.float64(random_points(rng, 2, points=6, log_softness=(3.3, 4.2)))
        check_grads(
            lambda p: drawn(p, height=12, width=12, line=line, combine=combine),
            (points,),
            order=1,
            modes=["rev"],
            atol=2e-3,
            rtol=2e-3,
            eps=1e-7,
        )


def awkward():
    """Coincident, axis-aligned, far-away, off-canvas, zero-length, very faint and very sharp."""
    base = np.full((20, 3), [0.5, 0.5, 60.0], np.float32)
    cases = {"coincident": base.copy()}
    cases["on a pixel's centre"] = base + [0.5 / 28, 0.5 / 28, 0]
    cases["on a pixel's corner"] = np.full((20, 3), [14 / 28, 14 / 28, 60.0])
    for name, axis in (("horizontal", 0), ("vertical", 1)):
        cases[name] = base.copy()
        cases[name][:, axis] = np.linspace(0.1, 0.9, 20)
        cases[f"{name} on centres"] = cases[name] + [0.5 / 28, 0.5 / 28, 0]
    cases["far away"] = base.copy()
    cases["far away"][::2, :2] = 1e6
    cases["far away"][1::2, :2] = -1e30
    cases["off the canvas"] = base + [3.0, -2.0, 0]
    cases["zero-length in between"] = np.repeat(cases["horizontal"][::2], 2, axis=0)
    cases["almost coincident"] = base + np.arange(20)[:, None] * [1e-9, -3e-9, 0]
    for name, softness in (("blank", 0.0), ("faint", 1e-6), ("sharp", 1e5), ("sharpest", 1e30)):
        cases[name] = cases["horizontal"].copy()
        cases[name][:, 1] += np.linspace(0, 0.3, 20)
        cases[name][:, 2] = softness
    return {name: np.float32(points) for name, points in cases.items()}


@each_kind
@pytest.mark.parametrize("dtype", [jnp.float32, jnp.bfloat16])
def test_awkward_input_stays_finite(line, combine, dtype):
    points = jnp.asarray(np.stack(list(awkward().values())), dtype)

    def total(p):
        return jnp.sum(render(p, line=line, combine=combine).astype(jnp.float32) ** 2)

    pictures = drawn(points, line=line, combine=combine)
    gradient = jax.jit(jax.grad(total))(points)
    for name, picture, slope in zip(awkward(), pictures, gradient, strict=True):
        assert jnp.isfinite(picture).all(), name
        assert jnp.isfinite(slope).all(), name
        assert (picture >= 0).all(), name


@each_kind
def test_leading_axes_jit_and_vmap_agree(rng, line, combine):
    points = random_points(rng, 2, 3)

    def one(p):
        return render(p, line=line, combine=combine)

    together = one(points)
    assert together.shape == (2, 3, 28, 28)
    np.testing.assert_allclose(jax.jit(one)(points), together, atol=1e-5)
    np.testing.assert_allclose(jax.jit(jax.vmap(jax.vmap(one)))(points), together, atol=1e-5)
    np.testing.assert_allclose(one(points[1, 2]), together[1, 2], atol=1e-5)
    gradient = jax.grad(lambda p: jnp.sum(one(p) ** 2))
    np.testing.assert_allclose(
        jax.jit(jax.vmap(jax.vmap(gradient)))(points),
        jax.jit(gradient)(points),
        rtol=1e-3,
        atol=1e-2,
    )


@each_kind
def test_bfloat16_is_close_to_float32(rng, line, combine):
    points = jnp.asarray(random_points(rng, 8, log_softness=(3.4, 4.2)), jnp.bfloat16)
    narrow = drawn(points, line=line, combine=combine)
    assert narrow.dtype == jnp.bfloat16
    wide = drawn(points.astype(jnp.float32), line=line, combine=combine)
    np.testing.assert_allclose(narrow.astype(jnp.float32), wide, rtol=2**-7, atol=1e-6)


@each_kind
def test_mirrored_points_draw_a_mirrored_picture(rng, line, combine):
    points = random_points(rng, 4)
    picture = drawn(points, line=line, combine=combine)
    across = points * [-1, 1, 1] + np.float32([1, 0, 0])
    swapped = points[..., [1, 0, 2]]
    # The reference breaks mirror symmetry by 1e-8 and by rounding steep slopes.
    np.testing.assert_allclose(
        drawn(across, line=line, combine=combine), picture[..., ::-1], atol=2e-3
    )
    np.testing.assert_allclose(
        drawn(swapped, line=line, combine=combine), picture.swapaxes(-1, -2), atol=1e-4
    )


def test_shifted_by_whole_pixels_the_picture_shifts(rng):
    points = random_points(rng, 4, low=0.3, high=0.6)
    shifted = points + np.float32([3 / 28, -2 / 28, 0])
    np.testing.assert_allclose(drawn(shifted)[:, :-2, 3:], drawn(points)[:, 2:, :-3], atol=2e-5)


def test_x_is_right_and_y_is_down():
    picture = drawn(np.float32([[0.1, 0.25, 200.0], [0.9, 0.25, 200.0]]), height=8, width=16)
    assert picture.shape == (8, 16)
    row, column = np.unravel_index(np.argmax(picture), picture.shape)
    assert row in (1, 2)
    assert 1 <= column < 15
    assert picture[5:].max() < 0.01


def test_a_canvas_that_is_not_square_stretches_the_drawing(rng):
    points = random_points(rng, 3, log_softness=(4.5, 5.0))
    for line in ("box", "capsule"):
        tall = drawn(points, height=56, width=28, line=line)
        square = drawn(points, height=28, width=28, line=line)
        shrunk = tall.reshape(3, 28, 2, 28).max(2)
        assert np.abs(shrunk - square).mean() < 0.06


def test_pen_up_of_the_box_is_the_reference_s():
    assert pen_up(np.exp([3.9, 4.1]), line="box").tolist() == [True, False]


@pytest.mark.parametrize(
    ("points", "options", "message"),
    [
        (np.zeros((20, 2), np.float32), {}, r"shape \[20, 2\], expected \[..., T, 3\]"),
        (np.zeros((1, 3), np.float32), {}, "T >= 2"),
        (np.zeros(3, np.float32), {}, r"shape \[3\]"),
        (np.zeros((5, 3), np.int32), {}, "int32, expected a float type"),
        (np.zeros((5, 3), np.float32), {"height": 0}, "canvas is 0x28"),
        (np.zeros((5, 3), np.float32), {"line": "boxx"}, "line 'boxx': expected one of 'box'"),
        (np.zeros((5, 3), np.float32), {"combine": "mean"}, "combine 'mean'"),
    ],
)
def test_bad_input_is_refused(points, options, message):
    with pytest.raises(ValueError, match=message):
        render(points, **options)


def test_options_are_keyword_only():
    with pytest.raises(TypeError):
        render(np.zeros((5, 3), np.float32), 28)  # type: ignore[misc]
