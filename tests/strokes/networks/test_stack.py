import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.networks.decoder import Decoder
from strokes.networks.stack import decode, initial_parameters, parameter_count

SMALL = DecoderConfig(points=5, width=6, picture_height=6, picture_width=6)


def batch(rng, networks, size):
    pictures = (rng.random((networks, size, 6, 6)) > 0.6).astype(np.float32)
    labels = np.broadcast_to(np.arange(networks)[:, None], (networks, size))
    return pictures, labels


def test_ensemble_equals_ten_separate_decoders(rng):
    config = NetworksConfig(SMALL)
    parameters = initial_parameters(config, key=jax.random.key(1))
    pictures, labels = batch(rng, 10, 4)
    points = jax.jit(lambda q, p, d: decode(config, q, p, d))(parameters, pictures, labels)
    assert points.shape == (10, 4, 5, 3)
    for digit in range(10):
        decoder = Decoder(SMALL, rngs=nnx.Rngs(0))
        nnx.update(decoder, jax.tree.map(lambda leaf, k=digit: leaf[k], parameters))
        np.testing.assert_allclose(
            decoder(pictures[digit], labels[digit]), points[digit], rtol=1e-5
        )


def test_each_digit_has_weights_of_its_own_and_no_other_touches_them(rng):
    config = NetworksConfig(SMALL)
    parameters = initial_parameters(config, key=jax.random.key(1))
    kernels = parameters["head_kernel"][...]
    assert len(np.unique(np.asarray(kernels)[:, 0, 0])) == 10
    pictures, labels = batch(rng, 10, 2)

    def third(parameters):
        return jnp.sum(decode(config, parameters, pictures, labels)[3])

    for leaf in jax.tree.leaves(jax.grad(third)(parameters)):
        assert not jnp.any(leaf[np.arange(10) != 3])
    assert jnp.any(jax.grad(third)(parameters)["picture_kernel"][...][3])


def test_single_network_takes_all_labels(rng):
    config = NetworksConfig(SMALL, ensemble=False)
    parameters = initial_parameters(config, key=jax.random.key(0))
    pictures, _ = batch(rng, 1, 10)
    points = decode(config, parameters, pictures, np.arange(10)[None])
    assert points.shape == (1, 10, 5, 3)


def test_parameter_counts():
    # 784 picture + 3 point + 10 label + 64 (or 128) inputs into 256 gates, head of 64 x 3.
    one = 256 * (784 + 3 + 10 + 64 + 1) + 2 * 256 * (3 + 10 + 128 + 1) + 3 * 65
    # The correction: patch, output and point into 64; five neighbours' 64 into 64; head of 64 x 3.
    one += 64 * (81 + 64 + 3 + 1) + 64 * (5 * 64 + 1) + 64 * 3
    config = NetworksConfig()
    parameters = jax.eval_shape(lambda: initial_parameters(config, key=jax.random.key(0)))
    assert parameter_count(parameters) == 10 * one
    wide = DecoderConfig(width=512, context_to_all_layers=False, correction=0)
    config = NetworksConfig(wide, ensemble=False)
    parameters = jax.eval_shape(lambda: initial_parameters(config, key=jax.random.key(0)))
    expected = 2048 * (784 + 3 + 10 + 512 + 1) + 2 * 2048 * (1024 + 1) + 3 * 513
    assert parameter_count(parameters) == expected


def test_seed_decides_the_weights():
    config = NetworksConfig(SMALL)
    first, again, other = (initial_parameters(config, key=jax.random.key(k)) for k in (0, 0, 1))
    assert jnp.array_equal(first["head_kernel"][...], again["head_kernel"][...])
    assert not jnp.array_equal(first["head_kernel"][...], other["head_kernel"][...])


def test_a_batch_for_another_number_of_decoders_is_refused(rng):
    config = NetworksConfig(SMALL)
    parameters = initial_parameters(config, key=jax.random.key(0))
    with pytest.raises(ValueError, match=r"expected \[10, B, H, W\]"):
        decode(config, parameters, *batch(rng, 4, 2))
