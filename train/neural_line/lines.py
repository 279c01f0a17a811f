"""Random lines with their pictures, as OpenCV draws them, made on the device. JAX."""

from typing import NamedTuple

import jax
import jax.numpy as jnp

LIFTED = 0.2
"""Probability of a lifted pen at either end, as in Grzego (2017)."""

_SIDE = 28


class Lines(NamedTuple):
    """Segments and their pictures."""

    segments: jax.Array
    """``[B, 6]``: x, y, pen of the first point, then of the second; pen 1 where lifted."""
    pictures: jax.Array
    """``[B, 28, 28]`` of 0 and 1; blank where the first point's pen is lifted."""


def draw_lines(starts: jax.Array, ends: jax.Array) -> jax.Array:
    """Draw lines 1 px wide between pixels, exactly as OpenCV's ``line``.

    OpenCV walks a line from its left end along the longer axis; in each row or column it
    inks the nearest pixel, and of two equally near ones the first that it comes to.

    Args:
      starts: pixels (column, row), integers ``[B, 2]``.
      ends: ``[B, 2]``.

    Returns:
      bool ``[B, 28, 28]``.
    """
    leftward = (ends[:, 0] < starts[:, 0])[:, None]
    starts, ends = jnp.where(leftward, ends, starts), jnp.where(leftward, starts, ends)
    step = ends - starts
    steep = jnp.abs(step[:, 1]) > jnp.abs(step[:, 0])
    length = jnp.max(jnp.abs(step), axis=1)
    sign = jnp.where(step[:, 1] < 0, -1, 1)  # columns only grow

    def as_pixels(values: jax.Array) -> jax.Array:
        return values[:, None, None]

    columns, rows = jnp.arange(_SIDE)[None, None, :], jnp.arange(_SIDE)[None, :, None]
    right = columns - as_pixels(starts[:, 0])
    down = (rows - as_pixels(starts[:, 1])) * as_pixels(sign)
    along = jnp.where(as_pixels(steep), down, right)
    across = jnp.where(as_pixels(steep), right, down)
    rise = as_pixels(jnp.min(jnp.abs(step), axis=1))
    run = as_pixels(jnp.maximum(length, 1))
    # ceil(rise * along / run - 1/2), in integers
    nearest = -((run - 2 * rise * along) // (2 * run))
    return (along >= 0) & (along <= as_pixels(length)) & (across == nearest)


def random_lines(count: int, *, key: jax.Array) -> Lines:
    """Draw segments by lot: places uniform on the canvas, each pen lifted at `LIFTED`."""
    place_key, pen_key = jax.random.split(key)
    places = jax.random.uniform(place_key, (count, 2, 2))
    lifted = jax.random.bernoulli(pen_key, LIFTED, (count, 2))
    pixels = (places * _SIDE).astype(jnp.int32)
    drawn = draw_lines(pixels[:, 0], pixels[:, 1]) & ~lifted[:, :1, None]
    points = jnp.concatenate([places, lifted[..., None].astype(jnp.float32)], axis=-1)
    return Lines(points.reshape(count, 6), drawn.astype(jnp.float32))
