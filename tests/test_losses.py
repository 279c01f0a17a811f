import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from tests.conftest import random_points
from train.config import LossConfig
from train.losses import (
    angle_loss,
    batch_losses,
    blur_matrix,
    distance_loss,
    lifted_loss,
    recording_loss,
)

CONFIG = LossConfig()
DOWN, UP = np.exp(4.5), np.exp(2.0)


def path(*places, softness=DOWN):
    places = np.array(places, np.float32)
    return np.concatenate([places, np.full((len(places), 1), softness)], 1).astype(np.float32)


def test_angle_of_known_paths():
    straight = path([0.1, 0.1], [0.2, 0.2], [0.5, 0.5])
    corner = path([0.1, 0.1], [0.4, 0.1], [0.4, 0.6])
    back = path([0.1, 0.1], [0.4, 0.1], [0.1, 0.1])
    for points, expected in ((straight, 0.0), (corner, 1.0), (back, 2.0)):
        assert angle_loss(points, CONFIG) == pytest.approx(expected, abs=1e-4)


def test_distance_of_a_known_path():
    points = path([0.1, 0.1], [0.4, 0.5], [0.4, 0.6])
    assert distance_loss(points, CONFIG) == pytest.approx((0.5 + 0.1) / 2, abs=1e-5)


def test_lifted_segments_are_masked():
    points = path([0.1, 0.1], [0.4, 0.1], [0.4, 0.6], [0.9, 0.6])
    points[1, 2] = UP
    assert angle_loss(points, CONFIG) == 0.0  # each turn has the lifted segment on one side
    assert distance_loss(points, CONFIG) == pytest.approx((0.3 + 0.5) / 3, abs=1e-5)


def test_price_of_lifts():
    points = path(*np.linspace([0.1, 0.1], [0.9, 0.9], 11))
    assert lifted_loss(points, CONFIG) < 0.01
    points[:5, 2] = UP
    assert lifted_loss(points, CONFIG) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("loss", [angle_loss, distance_loss, lifted_loss])
def test_gradients_are_finite_for_coincident_points(loss):
    for points in (path(*[[0.5, 0.5]] * 6), path([0.1, 0.1], [0.1, 0.1], [0.3, 0.1])):
        assert jnp.isfinite(jax.grad(loss)(points, CONFIG)).all()


def test_blur_keeps_the_sum_and_spreads_evenly():
    matrix = blur_matrix(41, 2.0)
    np.testing.assert_allclose(matrix, matrix.T)
    assert matrix[20].sum() == pytest.approx(1.0, abs=1e-3)
    spread = np.sqrt((matrix[20] * (np.arange(41) - 20) ** 2).sum())
    assert spread == pytest.approx(2.0, abs=0.01)


def test_batch_is_the_weighted_sum_of_the_terms(rng):
    points = random_points(rng, 2, 3)
    targets = (rng.random((2, 3, 28, 28)) > 0.9).astype(np.float32)
    config = LossConfig(angle=0.3, distance=0.7, lifted=0.2, blurred=5.0)
    losses, terms = jax.jit(batch_losses, static_argnums=2)(points, targets, config)
    assert losses.shape == (2, 3)
    expected = terms["mse"] + 0.3 * terms["angle"] + 0.7 * terms["distance"]
    expected += 0.2 * terms["lifted"] + 5.0 * terms["blurred"]
    np.testing.assert_allclose(losses, expected, rtol=1e-5)
    np.testing.assert_allclose(terms["loss"], losses)
    alone, _ = batch_losses(points[1, 2], targets[1, 2], config)
    np.testing.assert_allclose(alone, losses[1, 2], rtol=1e-4)


def test_a_term_of_no_weight_is_not_computed(rng):
    points, target = random_points(rng), np.zeros((28, 28), np.float32)
    config = dataclasses.replace(CONFIG, lifted=0.0, blurred=0.0)
    _, terms = batch_losses(points, target, config)
    assert set(terms) == {"loss", "mse", "angle", "distance"}


@pytest.mark.parametrize(
    ("change", "message"),
    [({"angle": -1.0}, "angle is -1.0"), ({"blur": 0.0}, "blur is 0.0, expected more than 0")],
)
def test_impossible_weights_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(CONFIG, **change)


def test_a_recording_is_compared_by_places_and_lifts():
    points = path([0.1, 0.1], [0.4, 0.1], [0.4, 0.6], [0.9, 0.6])
    points[1, 2] = UP
    lifted = np.array([False, True, False, True])
    same = recording_loss(points, points[:, :2], lifted, CONFIG, lifts=1.0)
    assert same == pytest.approx(np.mean([np.log1p(np.exp(2 - 4 * x)) for x in (1.5, 1.0, 1.5)]))
    moved = recording_loss(points, points[:, :2] + [0.3, 0.4], lifted, CONFIG, lifts=0.0)
    assert moved == pytest.approx(0.25, rel=1e-4)
    wrong = recording_loss(points, points[:, :2], np.zeros(4, bool), CONFIG, lifts=1.0)
    assert wrong > same + 1.0

    def of(places):
        whole = jnp.concatenate([places, points[:, 2:]], axis=1)
        return recording_loss(whole, points[:, :2] * 0.9, lifted, CONFIG, lifts=1.0)

    check_grads(of, (jnp.asarray(points[:, :2]),), order=1, modes=["rev"], rtol=0.02)
