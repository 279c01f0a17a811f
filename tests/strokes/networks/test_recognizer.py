import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from jax import lax

from strokes.networks.config import RecognizerConfig
from strokes.networks.recognizer import Convolution, initial_recognizer, recognize
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


def test_other_shapes_are_refused():
    parameters = initial_recognizer(SMALL, key=jax.random.key(0))
    with pytest.raises(ValueError, match=r"\[3, 28, 27\], expected \[B, 28, 28\]"):
        recognize(SMALL, parameters, jnp.zeros((3, 28, 27)))
