import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from strokes.networks.correction import FARTHEST, PATCH, Correction, patch
from tests.reference import picture_around


@pytest.mark.parametrize("place", [(0.5, 0.5), (0.31, 0.72), (0.0, 0.0), (1.0, 0.97), (0.02, 1.1)])
def test_a_patch_is_the_picture_around_its_place(rng, place):
    picture = rng.random((12, 10)).astype(np.float32)
    padded = jnp.pad(picture, PATCH)
    cut = patch(padded, jnp.array(place), size=PATCH)
    expected = picture_around(picture, *place, size=PATCH)
    np.testing.assert_allclose(cut.reshape(PATCH, PATCH), expected, atol=1e-5)


def test_moves_are_bounded_and_where_to_look_has_no_gradient(rng):
    correction = Correction(5, 8, rngs=nnx.Rngs(0))
    correction.head_kernel[...] = 1e4 * correction.head_kernel[...]
    picture = jnp.asarray(rng.random((28, 28)), jnp.float32)
    positions = jnp.asarray(rng.random((6, 2)), jnp.float32)
    spreads, outputs = jnp.zeros((6, 1)), jnp.asarray(rng.normal(size=(6, 5)), jnp.float32)
    moves, changes = correction(picture, positions, spreads, outputs)
    assert moves.shape == (6, 2)
    assert changes.shape == (6, 1)
    assert jnp.abs(moves).max() <= FARTHEST
    slope = jax.grad(lambda p: jnp.sum(correction(picture, p, spreads, outputs)[0]))(positions)
    np.testing.assert_array_equal(slope, 0.0)
