import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from rasterizer.convolution import convolve


def library_s(pictures, kernel):
    return lax.conv_general_dilated(
        pictures, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


@pytest.mark.parametrize("size", [1, 3, 5])
def test_it_is_jax_s_own_and_so_is_its_gradient(rng, size):
    pictures = jnp.asarray(rng.normal(size=(3, 7, 6, 2)), jnp.float32)
    kernel = jnp.asarray(rng.normal(size=(size, size, 2, 4)), jnp.float32)
    weights = rng.normal(size=(3, 7, 6, 4)).astype(np.float32)
    np.testing.assert_allclose(convolve(pictures, kernel), library_s(pictures, kernel), atol=1e-4)

    def slopes(convolved):
        return jax.grad(lambda p, k: jnp.vdot(convolved(p, k), weights), argnums=(0, 1))(
            pictures, kernel
        )

    for ours, theirs in zip(slopes(convolve), slopes(library_s), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-3)
