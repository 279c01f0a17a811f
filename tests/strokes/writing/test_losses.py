import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from rasterizer import render
from strokes.writing.config import DrawingConfig, LossConfig
from strokes.writing.drawing import along_curve
from strokes.writing.losses import (
    angle_loss,
    batch_losses,
    blur_matrix,
    distance_loss,
    lifted_loss,
)
from tests.conftest import random_points

CONFIG = LossConfig()
DRAWING = DrawingConfig()
DOWN, UP = np.exp(4.5), np.exp(2.0)


def path(*places, softness=DOWN):
    places = np.array(places, np.float32)
    return np.concatenate([places, np.full((len(places), 1), softness)], 1).astype(np.float32)


def test_angle_of_known_paths():
    straight = path([0.1, 0.1], [0.2, 0.2], [0.5, 0.5])
    corner = path([0.1, 0.1], [0.4, 0.1], [0.4, 0.6])
    back = path([0.1, 0.1], [0.4, 0.1], [0.1, 0.1])
    for points, expected in ((straight, 0.0), (corner, 1.0), (back, 2.0)):
        assert angle_loss(points, line="capsule") == pytest.approx(expected, abs=1e-4)


def test_distance_of_a_known_path():
    points = path([0.1, 0.1], [0.4, 0.5], [0.4, 0.6])
    assert distance_loss(points, line="capsule") == pytest.approx((0.5 + 0.1) / 2, abs=1e-5)


def test_lifted_segments_are_masked():
    points = path([0.1, 0.1], [0.4, 0.1], [0.4, 0.6], [0.9, 0.6])
    points[1, 2] = UP
    assert angle_loss(points, line="capsule") == 0.0  # each turn has the lifted segment on one side
    assert distance_loss(points, line="capsule") == pytest.approx((0.3 + 0.5) / 3, abs=1e-5)


def test_price_of_lifts():
    points = path(*np.linspace([0.1, 0.1], [0.9, 0.9], 11))
    assert lifted_loss(points, line="capsule") < 0.01
    points[:5, 2] = UP
    assert lifted_loss(points, line="capsule") == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("loss", [angle_loss, distance_loss, lifted_loss])
def test_gradients_are_finite_for_coincident_points(loss):
    for points in (path(*[[0.5, 0.5]] * 6), path([0.1, 0.1], [0.1, 0.1], [0.3, 0.1])):
        assert jnp.isfinite(jax.grad(loss)(points, line="capsule")).all()


def test_blur_keeps_the_sum_and_spreads_evenly():
    matrix = blur_matrix(41, 2.0)
    np.testing.assert_allclose(matrix, matrix.T)
    assert matrix[20].sum() == pytest.approx(1.0, abs=1e-3)
    spread = np.sqrt((matrix[20] * (np.arange(41) - 20) ** 2).sum())
    assert spread == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize(("line", "lifted"), [("capsule", False), ("box", True), ("neural", True)])
def test_each_line_lifts_at_its_own_softness(line, lifted):
    points = path([0.1, 0.1], [0.4, 0.1], [0.4, 0.6], softness=np.exp(3.5))
    assert (distance_loss(points, line=line) == 0.0) == lifted
    assert (angle_loss(points, line=line) == 0.0) == lifted
    assert (lifted_loss(points, line=line) > 0.5) == lifted


def test_batch_is_the_weighted_sum_of_the_terms(rng):
    points = random_points(rng, 2, 3)
    targets = (rng.random((2, 3, 28, 28)) > 0.9).astype(np.float32)
    config = LossConfig(angle=0.3, distance=0.7, lifted=0.2, blurred=5.0)
    of = jax.jit(lambda p, t: batch_losses(p, t, config=config, drawing=DRAWING))
    losses, terms = of(points, targets)
    assert losses.shape == (2, 3)
    expected = terms["mse"] + 0.3 * terms["angle"] + 0.7 * terms["distance"]
    expected += 0.2 * terms["lifted"] + 5.0 * terms["blurred"]
    np.testing.assert_allclose(losses, expected, rtol=1e-5)
    np.testing.assert_allclose(terms["loss"], losses)
    alone, _ = batch_losses(points[1, 2], targets[1, 2], config=config, drawing=DRAWING)
    np.testing.assert_allclose(alone, losses[1, 2], rtol=1e-4)


@pytest.mark.parametrize("drawing", [DRAWING, DrawingConfig(line="box", combine="sum")])
def test_terms_of_one_example_as_they_are_defined(rng, drawing):
    points, target = random_points(rng), np.float32(rng.random((28, 20)) > 0.9)
    _, terms = batch_losses(points, target, config=CONFIG, drawing=drawing)
    dense = along_curve(points, drawing)
    drawn = render(dense, height=28, width=20, line=drawing.line, combine=drawing.combine)
    difference = np.asarray(drawn, np.float64) - target
    assert terms["mse"] == pytest.approx(np.mean(difference**2), rel=1e-4)
    rows, columns = (
        np.exp(-0.5 * ((np.arange(size)[:, None] - np.arange(size)) / CONFIG.blur) ** 2)
        / (CONFIG.blur * np.sqrt(2 * np.pi))
        for size in (28, 20)
    )
    assert terms["blurred"] == pytest.approx(np.mean((rows @ difference @ columns) ** 2), rel=1e-3)


def test_a_term_of_no_weight_is_not_computed(rng):
    points, target = random_points(rng), np.zeros((28, 28), np.float32)
    config = dataclasses.replace(CONFIG, lifted=0.0, blurred=0.0)
    _, terms = batch_losses(points, target, config=config, drawing=DRAWING)
    assert set(terms) == {"loss", "mse", "angle", "distance"}


def test_gradient_by_finite_differences(rng):
    target = jnp.asarray(rng.random((12, 12)) > 0.8, jnp.float32)
    with jax.enable_x64(True):
        points = np.float64(random_points(rng, points=5, log_softness=(3.3, 4.2)))
        check_grads(
            lambda p: batch_losses(p, target, config=CONFIG, drawing=DRAWING)[0],
            (points,),
            order=1,
            modes=["rev"],
            rtol=2e-3,
            eps=1e-6,
        )
