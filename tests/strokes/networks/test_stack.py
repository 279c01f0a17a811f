import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from strokes.networks import stack
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.networks.decoder import Decoder
from strokes.networks.stack import (
    contexts_of,
    initial_parameters,
    parameter_count,
    parameter_shapes,
)

pytestmark = pytest.mark.usefixtures("quick_compiler")

SMALL = DecoderConfig(points=5, width=6, layers=2, rounds=2, picture_height=6, picture_width=6)
decode = jax.jit(stack.decode, static_argnums=0)


@functools.partial(nnx.jit, static_argnames="config")
def written_alone(parameters, *args, config, **told):
    """What one decoder of those stacked writes."""
    decoder = Decoder(SMALL, contexts=config.contexts, planned=config.plans > 0, rngs=nnx.Rngs(0))
    nnx.update(decoder, parameters)
    return decoder(*args, **told)


def batch(rng, networks, size):
    pictures = (rng.random((networks, size, 6, 6)) > 0.6).astype(np.float32)
    labels = np.broadcast_to(np.arange(networks)[:, None], (networks, size))
    return pictures, labels


@pytest.mark.parametrize("networks", [NetworksConfig(), NetworksConfig(ensemble=False, plans=0)])
def test_shapes_are_those_of_drawn_parameters(networks):
    shapes = parameter_shapes(networks)
    drawn = initial_parameters(networks, key=jax.random.key(0))
    assert jax.tree.structure(shapes) == jax.tree.structure(drawn)
    for one, other in zip(jax.tree.leaves(shapes), jax.tree.leaves(drawn), strict=True):
        assert (one.shape, one.dtype) == (other.shape, other.dtype)


def test_ensemble_equals_ten_separate_decoders(rng):
    config = NetworksConfig(SMALL, plans=0)
    parameters = initial_parameters(config, key=jax.random.key(1))
    pictures, labels = batch(rng, 10, 4)
    points = decode(config, parameters, pictures, labels)
    assert points.shape == (10, 4, 5, 3)
    for digit in range(10):
        mine = jax.tree.map(lambda leaf, k=digit: leaf[k], parameters)
        alone = written_alone(mine, pictures[digit], labels[digit], config=config)
        np.testing.assert_allclose(alone, points[digit], rtol=1e-5)


def test_each_digit_has_weights_of_its_own_and_no_other_touches_them(rng):
    config = NetworksConfig(SMALL, plans=0)
    parameters = initial_parameters(config, key=jax.random.key(1))
    kernels = parameters["head_kernel"][...]
    assert len(np.unique(np.asarray(kernels)[:, 0, 0])) == 10
    pictures, labels = batch(rng, 10, 2)

    def third(parameters):
        return jnp.sum(decode(config, parameters, pictures, labels)[3])

    slope = jax.jit(jax.grad(third))(parameters)
    for leaf in map(np.asarray, jax.tree.leaves(slope)):
        assert not leaf[np.arange(10) != 3].any()
    assert jnp.any(slope["picture_kernel"][...][3])


def test_single_network_takes_all_labels(rng):
    config = NetworksConfig(SMALL, ensemble=False, plans=0)
    parameters = initial_parameters(config, key=jax.random.key(0))
    pictures, _ = batch(rng, 1, 10)
    points = decode(config, parameters, pictures, np.arange(10)[None])
    assert points.shape == (1, 10, 5, 3)


def test_parameter_counts():
    # 784 picture + 3 point + 10 label + 64 (or 128) inputs into 256 gates, head of 64 x 3.
    one = 256 * (784 + 3 + 10 + 64 + 1) + 2 * 256 * (3 + 10 + 128 + 1) + 3 * 65
    # Two corrections: patch, output and point into 64; five neighbours' 64 into 64; head of 64 x 3.
    one += 2 * (64 * (81 + 64 + 3 + 1) + 64 * (5 * 64 + 1) + 64 * 3)
    config = NetworksConfig(DecoderConfig(rounds=2), plans=0)
    parameters = parameter_shapes(config)
    assert parameter_count(parameters) == 10 * one
    # Plans in the labels' place, into three layers, and a path for each.
    config = NetworksConfig(DecoderConfig(rounds=2), plans=12)
    parameters = parameter_shapes(config)
    assert parameter_count(parameters) == 10 * (one + 3 * 2 * 256 + 12 * 20 * 2)
    wide = DecoderConfig(width=512, context_to_all_layers=False, correction=0)
    config = NetworksConfig(wide, ensemble=False, plans=0)
    parameters = parameter_shapes(config)
    expected = 2048 * (784 + 3 + 10 + 512 + 1) + 2 * 2048 * (1024 + 1) + 3 * 513
    assert parameter_count(parameters) == expected


def test_seed_decides_the_weights():
    config = NetworksConfig(SMALL, plans=0)
    first, again, other = (initial_parameters(config, key=jax.random.key(k)) for k in (0, 0, 1))
    assert jnp.array_equal(first["head_kernel"][...], again["head_kernel"][...])
    assert not jnp.array_equal(first["head_kernel"][...], other["head_kernel"][...])


def test_a_batch_for_another_number_of_decoders_is_refused(rng):
    config = NetworksConfig(SMALL, plans=0)
    parameters = initial_parameters(config, key=jax.random.key(0))
    with pytest.raises(ValueError, match=r"expected \[10, B, H, W\]"):
        decode(config, parameters, *batch(rng, 4, 2))


@pytest.mark.parametrize("ensemble", [True, False])
def test_planned_decoders_equal_separate_ones(rng, ensemble):
    config = NetworksConfig(SMALL, ensemble=ensemble, plans=3)
    parameters = initial_parameters(config, key=jax.random.key(1))
    paths = parameters["plan_path"][...]
    assert paths.shape == ((10, 3, 5, 2) if ensemble else (1, 30, 5, 2))
    parameters["plan_path"][...] = jax.random.normal(jax.random.key(2), paths.shape)
    pictures, _ = batch(rng, config.count, 4)
    contexts = rng.integers(0, config.contexts, (config.count, 4))
    lifted = rng.random((config.count, 4, 5)) < 0.3
    points = decode(config, parameters, pictures, contexts, lifted=lifted)
    for index in range(config.count):
        mine = jax.tree.map(lambda leaf, k=index: leaf[k], parameters)
        told = (pictures[index], contexts[index])
        alone = written_alone(mine, *told, lifted=lifted[index], config=config)
        np.testing.assert_allclose(alone, points[index], rtol=1e-5)


def test_lifts_go_with_plans(rng):
    for plans in (0, 3):
        config = NetworksConfig(SMALL, plans=plans)
        parameters = initial_parameters(config, key=jax.random.key(0))
        pictures, contexts = batch(rng, 10, 2)
        lifted = None if plans else np.zeros((10, 2, 5), bool)
        with pytest.raises(ValueError, match="lifted goes with"):
            decode(config, parameters, pictures, contexts * 0, lifted=lifted)


def test_what_decoders_are_told():
    labels, plans = jnp.repeat(jnp.arange(10), 4), jnp.tile(jnp.arange(4), 10)
    without = NetworksConfig(SMALL, plans=0)
    np.testing.assert_array_equal(contexts_of(without, labels, plans), labels)
    assert without.contexts == 10
    ensemble = NetworksConfig(SMALL, plans=4)
    np.testing.assert_array_equal(contexts_of(ensemble, labels, plans), plans)
    assert ensemble.contexts == 4
    single = NetworksConfig(SMALL, ensemble=False, plans=4)
    together = contexts_of(single, labels, plans)
    np.testing.assert_array_equal(together, np.arange(40))  # each of its own, digit by digit
    assert single.contexts == 40
    square = contexts_of(single, labels.reshape(5, 8), plans.reshape(5, 8))
    np.testing.assert_array_equal(square, np.arange(40).reshape(5, 8))
