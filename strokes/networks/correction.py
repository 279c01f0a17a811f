"""A second look at the paper: moves every point by what the picture shows around it.

An LSTM writes from a summary of the whole picture, and misses by a pixel here and there.
The correction cuts the patch around each point out of the picture and, from the patches
and the LSTM's outputs of a few neighbouring points, says how far to move each. It looks
at all points at once, so that it costs little beside the LSTM's steps.
"""

import functools

import jax
import jax.numpy as jnp
from flax import nnx
from jax import lax

PATCH = 9
"""Edge of the patch in pixels of the picture."""

FARTHEST = 0.15
"""A point moves by less than this along each axis, in canvas units."""

_NEIGHBOURS = 2  # points on either side that a point's move is made from
_POINT = 3


def patch(padded: jax.Array, position: jax.Array, *, size: int) -> jax.Array:
    """The ``size`` x ``size`` pixels around a position, interpolated between pixels.

    Args:
      padded: picture ``[H + 2 size, W + 2 size]``, a margin of ``size`` pixels of paper
        around it. Farther out the patch stays at the edge.
      position: (x, y) in [0, 1] of the canvas without the margin.
      size: edge of the patch in pixels.

    Returns:
      ``[size * size]``, row by row, its middle at the position.
    """
    extent = jnp.array([padded.shape[1] - 2 * size, padded.shape[0] - 2 * size], padded.dtype)
    corner = position * extent - 0.5 * size + size
    whole = jnp.floor(corner)
    right, down = corner - whole
    column, row = whole.astype(jnp.int32)
    near: jax.Array = lax.dynamic_slice(padded, (row, column), (size + 1, size + 1))
    near = near[:-1] + down * (near[1:] - near[:-1])
    near = near[:, :-1] + right * (near[:, 1:] - near[:, :-1])
    return near.reshape(-1)


def _with_neighbours(values: jax.Array) -> jax.Array:
    """Each point's values with those of its neighbours: ``[..., T, C]`` to ``[..., T, 5 C]``."""
    count = values.shape[-2]
    margin = [(0, 0)] * (values.ndim - 2) + [(_NEIGHBOURS, _NEIGHBOURS), (0, 0)]
    padded = jnp.pad(values, margin)
    shifted = [padded[..., start : start + count, :] for start in range(2 * _NEIGHBOURS + 1)]
    return jnp.concatenate(shifted, axis=-1)


class Correction(nnx.Module):
    """Two dense layers, the second over five neighbouring points, and a dense head."""

    def __init__(self, width: int, units: int, *, rngs: nnx.Rngs):
        """Draw initial weights.

        Args:
          width: of the LSTM's outputs.
          units: of the two layers.
          rngs: stream ``params``.
        """
        kernel = nnx.initializers.glorot_uniform()
        inputs = PATCH * PATCH + width + _POINT
        self.look_kernel = nnx.Param(kernel(rngs.params(), (inputs, units)))
        self.look_bias = nnx.Param(jnp.zeros(units))
        wide = (2 * _NEIGHBOURS + 1) * units
        self.join_kernel = nnx.Param(kernel(rngs.params(), (wide, units)))
        self.join_bias = nnx.Param(jnp.zeros(units))
        # Small, so that an untrained correction hardly moves a point.
        self.head_kernel = nnx.Param(0.1 * kernel(rngs.params(), (units, _POINT)))

    def __call__(
        self, picture: jax.Array, positions: jax.Array, spreads: jax.Array, outputs: jax.Array
    ) -> tuple[jax.Array, jax.Array]:
        """Say how far to move each point.

        The points enter without gradient: where to look is not learned from what is seen.

        Args:
          picture: ``[..., H, W]`` in [0, 1].
          positions: ``[..., T, 2]``.
          spreads: log-softness less its initial value, ``[..., T, 1]``.
          outputs: of the LSTM's last layer, ``[..., T, width]``.

        Returns:
          moves ``[..., T, 2]`` in canvas units, and changes of log-softness ``[..., T, 1]``.
        """
        margin = [(0, 0)] * (picture.ndim - 2) + [(PATCH, PATCH)] * 2
        padded = jnp.pad(picture, margin)
        look = jax.vmap(functools.partial(patch, size=PATCH), (None, 0))
        for _ in picture.shape[:-2]:
            look = jax.vmap(look)
        here = lax.stop_gradient(jnp.concatenate([positions, spreads], axis=-1))
        seen = look(padded, here[..., :2])
        inputs = jnp.concatenate([seen, outputs, here], axis=-1)
        hidden = jax.nn.relu(inputs @ self.look_kernel[...] + self.look_bias[...])
        hidden = jax.nn.relu(_with_neighbours(hidden) @ self.join_kernel[...] + self.join_bias[...])
        change = hidden @ self.head_kernel[...]
        return FARTHEST * jnp.tanh(change[..., :2]), change[..., 2:]
