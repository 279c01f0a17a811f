import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax
from jax.test_util import check_grads

from rasterizer import initial_neural_line, neural_logits, pen_up, render
from rasterizer.neural import pen_input
from tests.conftest import random_points
from tests.rasterizer.kinds import drawn


@pytest.fixture(scope="module")
def weights():
    return initial_neural_line(key=jax.random.key(3))


def slow_logits(weights, segment):
    """One segment through the published layers, by JAX's own convolution."""

    def convolved(picture, kernel):
        return lax.conv_general_dilated(
            picture, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
        )

    hidden = jax.nn.elu(segment @ weights.hidden_kernel + weights.hidden_bias)
    canvas = jax.nn.elu(hidden @ weights.canvas_kernel + weights.canvas_bias)
    canvas = canvas.reshape(1, 28, 28, 8)
    smooth = jax.nn.elu(convolved(canvas, weights.smooth_kernel) + weights.smooth_bias)
    return (convolved(smooth, weights.ink_kernel) + weights.ink_bias)[0, :, :, 0]


def test_shapes_and_parameter_count_as_published(weights):
    # dense 784, dense 784 x 8, conv 16 5x5, conv 1 3x3
    published = (6 + 1) * 784 + (784 + 1) * 6272 + (5 * 5 * 8 + 1) * 16 + (3 * 3 * 16 + 1)
    assert sum(leaf.size for leaf in weights) == published == 4_932_369
    assert weights.smooth_kernel.shape == (5, 5, 8, 16)


def test_a_batch_is_its_segments_one_by_one(weights, rng):
    segments = jnp.asarray(rng.random((4, 6)), jnp.float32)
    expected = [slow_logits(weights, segment) for segment in segments]
    np.testing.assert_allclose(neural_logits(weights, segments), expected, atol=1e-4)


@pytest.mark.parametrize("combine", ["sum", "max"])
def test_a_drawing_combines_its_segments(weights, rng, combine):
    points = random_points(rng, 2, 3, points=4)
    picture = drawn(points, line="neural", combine=combine, weights=weights)
    assert picture.shape == (2, 3, 28, 28)
    ends = np.concatenate([points[..., :2], np.asarray(pen_input(points[..., 2:]))], -1)
    segments = np.concatenate([ends[1, 2, :-1], ends[1, 2, 1:]], -1)
    inks = jax.nn.sigmoid(neural_logits(weights, jnp.asarray(segments)))
    expected = inks.sum(0) if combine == "sum" else inks.max(0)
    np.testing.assert_allclose(picture[1, 2], expected, atol=1e-5)


def test_gradient_by_finite_differences_and_at_no_softness(weights, rng):
    points = random_points(rng, 1, points=3)
    with jax.enable_x64(True):
        double = jax.tree.map(lambda leaf: jnp.asarray(leaf, jnp.float64), weights)
        check_grads(
            lambda p: drawn(p, line="neural", combine="sum", weights=double),
            (np.float64(points),),
            order=1,
            modes=["rev"],
        )
    points[..., 2] = 0.0
    slope = jax.grad(lambda p: drawn(p, line="neural", weights=weights).sum())(points)
    assert jnp.isfinite(slope).all()


def test_the_pen_s_input_follows_softness():
    softness = jnp.exp(jnp.array([2.0, 3.9, 4.1, 6.0]))
    assert (pen_input(softness) > 0.5).tolist() == pen_up(softness, line="neural").tolist()
    assert pen_input(softness)[0] > 0.99
    assert pen_input(softness)[-1] < 0.01


def test_what_the_neural_line_cannot_draw_is_refused(weights, rng):
    points = random_points(rng, 1)
    with pytest.raises(ValueError, match="weights go with the line 'neural'"):
        render(points, line="neural")
    with pytest.raises(ValueError, match="weights go with the line 'neural'"):
        render(points, line="box", weights=weights)
    with pytest.raises(ValueError, match="draws 28x28"):
        render(points, line="neural", weights=weights, height=56, width=56)
