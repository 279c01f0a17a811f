import jax
import jax.numpy as jnp
import numpy as np
import pytest

from rasterizer import PEN_UP, initial_neural_line, pen_up, render, subdivide_flags
from strokes.writing.config import DrawingConfig
from strokes.writing.drawing import along_curve, draw
from tests.conftest import random_points
from tests.reference import curve_points


@pytest.mark.parametrize("line", ["box", "capsule"])
@pytest.mark.parametrize("combine", ["sum", "max"])
def test_it_is_the_rasterizer_s(rng, line, combine):
    points = random_points(rng, 2, 3)
    drawn = draw(points, DrawingConfig(line, combine), height=14, width=20)
    expected = render(points, height=14, width=20, line=line, combine=combine)
    np.testing.assert_allclose(drawn, expected, atol=1e-5)


def test_the_neural_line_draws_with_the_weights_that_it_is_given(rng):
    points = random_points(rng, 2, points=4)
    drawing = DrawingConfig("neural", "sum")
    for seed in (0, 1):  # one compiled program, either weights
        weights = initial_neural_line(key=jax.random.key(seed))
        drawn = draw(points, drawing, height=28, width=28, neural_line=weights)
        expected = render(points, line="neural", combine="sum", weights=weights)
        np.testing.assert_allclose(drawn, expected, atol=1e-5)
    with pytest.raises(ValueError, match="weights go with the line 'neural'"):
        draw(points, drawing, height=28, width=28)


def lifting_points(rng, *leading):
    """Points of which some lift every line's pen, some only the box's, some none."""
    points = random_points(rng, *leading, points=12)
    points[..., 2] = np.exp(rng.choice([2.0, 3.5, 5.0], points.shape[:-1]))
    return points


@pytest.mark.parametrize("line", ["box", "capsule"])
@pytest.mark.parametrize("curve", ["line", "catmull-rom"])
@pytest.mark.parametrize("pieces", [1, 3])
def test_along_the_curve_points_stay_and_lifts_too(rng, line, curve, pieces):
    points = lifting_points(rng, 2, 4)
    config = DrawingConfig(line, curve=curve, pieces=pieces)
    found = np.asarray(along_curve(jnp.asarray(points), config))
    assert found.shape == (2, 4, 11 * pieces + 1, 3)
    np.testing.assert_array_equal(found[..., ::pieces, :], points)
    lifted = np.log(points[..., 2]) <= PEN_UP[line]
    ups = np.array(pen_up(found[..., 2], line=line))
    ups[..., -1] = True
    np.testing.assert_array_equal(ups, subdivide_flags(lifted, pieces))


@pytest.mark.parametrize("line", ["box", "capsule"])
def test_the_line_says_where_the_curve_ends(rng, line):
    points = lifting_points(rng, 6)
    config = DrawingConfig(line, curve="catmull-rom", pieces=3)
    found = along_curve(jnp.asarray(points), config)
    lifted = np.log(points[..., 2]) <= PEN_UP[line]
    expected = [curve_points(*one, "catmull-rom", 3) for one in zip(points, lifted, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_a_drawing_s_gradient_goes_through_the_curve(rng):
    points = jnp.asarray(lifting_points(rng, 3))
    config = DrawingConfig(pieces=2)

    def ink(points):
        return jnp.sum(draw(along_curve(points, config), config, height=28, width=28))

    slope = jax.grad(ink)(points)
    assert jnp.isfinite(slope).all()
    assert jnp.abs(slope[..., :2]).max() > 1e-3
