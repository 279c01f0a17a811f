import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from strokes.networks.config import DecoderConfig
from strokes.networks.decoder import SOFTNESS_RANGE, Decoder
from tests.reference import lstm_points

SMALL = DecoderConfig(points=6, width=5, layers=3, picture_height=7, picture_width=4)


def pictures_and_labels(rng, *leading, config=SMALL):
    shape = (*leading, config.picture_height, config.picture_width)
    pictures = (rng.random(shape) > 0.7).astype(np.float32)
    return pictures, rng.integers(0, 10, leading)


@pytest.mark.parametrize("context_to_all_layers", [True, False])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("correction", [0, 7])
def test_equals_a_slow_loop(rng, context_to_all_layers, layers, correction):
    config = dataclasses.replace(
        SMALL,
        layers=layers,
        context_to_all_layers=context_to_all_layers,
        correction=correction,
    )
    decoder = Decoder(config, rngs=nnx.Rngs(3))
    parameters = jax.tree.map(np.asarray, nnx.to_pure_dict(nnx.state(decoder)))
    pictures, labels = pictures_and_labels(rng, 4)
    points = jax.jit(lambda p, d: decoder(p, d))(pictures, labels)
    for index in range(4):
        expected = lstm_points(parameters, pictures[index], labels[index], config)
        np.testing.assert_allclose(points[index], expected, rtol=5e-5)


def test_leading_axes(rng):
    decoder = Decoder(SMALL, rngs=nnx.Rngs(0))
    pictures, labels = pictures_and_labels(rng, 2, 3)
    points = decoder(pictures, labels)
    assert points.shape == (2, 3, 6, 3)
    one = decoder(pictures[1, 2], labels[1, 2])
    np.testing.assert_allclose(points[1, 2], one, rtol=1e-5)
    mapped = jax.vmap(jax.vmap(decoder))(pictures, labels)
    np.testing.assert_allclose(mapped, points, rtol=1e-5)


def test_picture_and_label_matter(rng):
    decoder = Decoder(SMALL, rngs=nnx.Rngs(0))
    pictures, labels = pictures_and_labels(rng, 1)
    points = decoder(pictures, labels)
    assert jnp.abs(decoder(1 - pictures, labels) - points).max() > 1e-3
    assert jnp.abs(decoder(pictures, (labels + 1) % 10) - points).max() > 1e-3


@pytest.mark.parametrize("initial", [2.0, 4.4])
def test_softness_starts_where_it_is_told_and_stays_bounded(rng, initial):
    config = dataclasses.replace(SMALL, initial_log_softness=initial)
    decoder = Decoder(config, rngs=nnx.Rngs(0))
    pictures, labels = pictures_and_labels(rng, 3)
    np.testing.assert_allclose(jnp.log(decoder(pictures, labels)[..., 2]), initial, atol=0.5)
    for extreme in (1e9, -1e9):
        decoder.head_bias[...] = jnp.full(3, extreme)
        points = decoder(pictures, labels)
        assert jnp.isfinite(points).all()
        bound = initial + np.sign(extreme) * SOFTNESS_RANGE
        np.testing.assert_allclose(jnp.log(points[..., 2]), bound, rtol=1e-5)
        slope = jax.grad(lambda p: jnp.sum(decoder(p, labels)))(pictures)
        assert jnp.isfinite(slope).all()


def test_dropout_needs_a_key_and_keeps_the_mean(rng):
    config = dataclasses.replace(SMALL, correction=0)  # which would mix the points
    plain = Decoder(config, rngs=nnx.Rngs(0))
    dropping = Decoder(dataclasses.replace(config, dropout=0.4), rngs=nnx.Rngs(0))
    pictures, labels = pictures_and_labels(rng, 1)
    np.testing.assert_array_equal(dropping(pictures, labels), plain(pictures, labels))
    np.testing.assert_array_equal(
        plain(pictures, labels, key=jax.random.key(0)), plain(pictures, labels)
    )
    many = (np.repeat(pictures, 4000, 0), np.repeat(labels, 4000))
    dropped = dropping(*many, key=jax.random.key(0))
    assert len(np.unique(np.asarray(dropped[:, 3, 0]))) > 100  # each example by itself
    again = dropping(*many, key=jax.random.key(0))
    np.testing.assert_array_equal(dropped, again)
    # The first point sees one dropped output, scaled so that its mean stays.
    raw = jax.scipy.special.logit(dropped[:, 0, :2]).mean(0)
    expected = jax.scipy.special.logit(plain(pictures, labels)[0, 0, :2])
    np.testing.assert_allclose(raw, expected, atol=0.05)
