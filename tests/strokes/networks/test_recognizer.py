import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from jax import lax

from strokes.networks.config import RecognizerConfig
from strokes.networks.recognizer import (
    Convolution,
    _network,
    class_heat,
    initial_recognizer,
    recognize,
)
from strokes.networks.stack import parameter_count

SMALL = RecognizerConfig(channels=(2, 3), units=4)


@pytest.mark.parametrize("size", [3, 5])
def test_convolution_equals_jax_s_own(rng, size):
    layer = Convolution(2, 4, size, rngs=nnx.Rngs(params=1))
    pictures = jnp.asarray(rng.random((3, 7, 6, 2)), jnp.float32)
    expected = lax.conv_general_dilated(
        pictures, layer.kernel[...], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    np.testing.assert_allclose(layer(pictures), expected, atol=1e-5)


def test_sizes_and_logits_of_one_picture_are_those_in_a_batch(rng):
    parameters = initial_recognizer(SMALL, key=jax.random.key(0))
    assert parameter_count(parameters) == (26 * 2) + (9 * 2 + 1) * 3 + (49 * 3 + 1) * 4 + 5 * 10
    pictures = jnp.asarray(rng.random((5, 28, 28)), jnp.float32)
    together = recognize(SMALL, parameters, pictures)
    assert together.shape == (5, 10)
    alone = recognize(SMALL, parameters, pictures[3:4])
    np.testing.assert_allclose(together[3:4], alone, atol=1e-5)


def test_a_picture_is_halved_after_as_many_convolutions_as_the_network_is_deep(rng):
    config = RecognizerConfig(8, 12, channels=(2, 3), depth=2, units=4)
    parameters = initial_recognizer(config, key=jax.random.key(0))
    pictures = jnp.asarray(rng.random((3, 8, 12)), jnp.float32)
    network = _network(config, parameters, pictures)
    hidden = pictures[..., None]
    for index, layer in enumerate(network.convolutions):
        if index == 2:
            hidden = lax.reduce_window(
                hidden, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "SAME"
            )
        hidden = lax.conv_general_dilated(
            hidden, layer.kernel[...], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
        )
        hidden = jax.nn.relu(hidden + layer.bias[...])
    assert [one.kernel.shape for one in network.convolutions] == [
        (5, 5, 1, 2),
        (3, 3, 2, 2),
        (3, 3, 2, 3),
        (3, 3, 3, 3),
    ]
    np.testing.assert_allclose(network.maps(pictures), hidden, atol=1e-5)
    assert recognize(config, parameters, pictures).shape == (3, 10)
    assert parameter_count(parameters) <= config.weights


def test_other_shapes_are_refused():
    parameters = initial_recognizer(SMALL, key=jax.random.key(0))
    with pytest.raises(ValueError, match=r"\[3, 28, 27\], expected \[B, 28, 28\]"):
        recognize(SMALL, parameters, jnp.zeros((3, 28, 27)))


def slow_heat(config, parameters, picture, number):
    """Grad-CAM by finite differences of the logit in each map."""
    network = _network(config, parameters, picture[None])
    maps = np.array(network.maps(picture[None]))
    step, slopes = 1e-3, np.zeros_like(maps)
    for place in np.ndindex(maps.shape):
        ends = []
        for sign in (1, -1):
            moved = maps.copy()
            moved[place] += sign * step
            ends.append(float(network.head(network.units(jnp.asarray(moved)))[0, number]))
        slopes[place] = (ends[0] - ends[1]) / (2 * step)
    weights = slopes.mean(axis=(0, 1, 2))
    return np.maximum((maps[0] * weights).sum(axis=-1), 0)


def test_heat_is_grad_cam(rng):
    config = RecognizerConfig(4, 4, channels=(2,), units=3, outputs=4)
    # All above 0, so that no unit is at its corner, but for what tells classes.
    drawn = initial_recognizer(config, key=jax.random.key(1))
    parameters = jax.tree.map(lambda one: jnp.abs(one) + 0.1, drawn)
    parameters["head"] = drawn["head"]
    picture = jnp.asarray(rng.random((4, 4)), jnp.float32)
    for number in range(config.outputs):
        found = class_heat(config, parameters, picture[None], number)[0]
        expected = slow_heat(config, parameters, picture, number)
        np.testing.assert_allclose(found, expected, atol=1e-2 * max(expected.max(), 0.1))
    with pytest.raises(ValueError, match="without convolutions"):
        class_heat(RecognizerConfig(4, 4, channels=()), parameters, picture[None], 0)
