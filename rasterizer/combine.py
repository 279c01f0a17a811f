"""From the ink of each segment to one picture: the maximum or the sum.

Inside this module the batch is the last axis: segments ``[K, B]``, pictures
``[H, W, B]``. So every loop over pixels runs along contiguous memory.
Segments are visited one after another; nothing of size segments x pixels is stored.
"""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from rasterizer.lines import Line, Pixels, Segments


def _brightest(line: Line, segments: Segments, pixels: Pixels) -> jax.Array:
    """Index of the segment with the highest score at each pixel, int32 ``[H, W, B]``.

    The index travels in the lowest bits of the score, so that one running maximum
    carries both: a second array would double the memory traffic. For 20 points this
    rounds scores to 18 bits, which only decides between equally bright segments.
    """
    count, batch = segments.x1.shape
    dtype = segments.x1.dtype
    integer = jnp.int64 if dtype == jnp.float64 else jnp.int32
    index_bits = max(count - 1, 1).bit_length()
    score_bits = ~((1 << index_bits) - 1)

    def visit(best: jax.Array, item: tuple[jax.Array, Any]) -> tuple[jax.Array, None]:
        index, segment = item
        score = lax.bitcast_convert_type(line.rank(segment, pixels), integer)
        tagged = (score & score_bits) | index
        return jnp.maximum(best, lax.bitcast_convert_type(tagged, dtype)), None

    lowest = jnp.full((pixels.height, pixels.width, batch), np.finfo(dtype).min, dtype)
    best, _ = lax.scan(visit, lowest, (jnp.arange(count, dtype=integer), line.once(segments)))
    index = lax.bitcast_convert_type(best, integer) & ~score_bits
    return jnp.minimum(index, count - 1).astype(jnp.int32)  # a NaN may carry any index


def combine_max(line: Line, segments: Segments, pixels: Pixels) -> jax.Array:
    """The brightest segment's ink at each pixel, ``[H, W, B]``.

    Only that segment receives the pixel's gradient, so the segment is chosen first,
    without gradient, and scored again: the backward pass costs pixels, not pixels
    x segments.
    """
    brightest = _brightest(line, jax.tree.map(lax.stop_gradient, segments), pixels)
    index = lax.optimization_barrier(brightest).reshape(-1, segments.x1.shape[-1])
    batch = jnp.arange(index.shape[-1])

    def at_pixel(values: jax.Array) -> jax.Array:
        picked: jax.Array = values.at[index, batch].get(mode="promise_in_bounds")
        return picked.reshape(brightest.shape)

    # The barrier keeps XLA from computing the fields again inside each gather.
    winner: Segments = lax.optimization_barrier(jax.tree.map(at_pixel, segments))
    return line.ink(line.score(winner, pixels))


@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))
def combine_sum(line: Line, segments: Segments, pixels: Pixels) -> jax.Array:
    """Sum of the ink of all segments at each pixel, ``[H, W, B]``, not clipped."""

    def visit(total: jax.Array, segment: Segments) -> tuple[jax.Array, None]:
        return total + line.ink(line.score(segment, pixels)), None

    shape = (pixels.height, pixels.width, segments.x1.shape[-1])
    return lax.scan(visit, jnp.zeros(shape, segments.x1.dtype), segments)[0]


def _sum_forward(
    line: Line, segments: Segments, pixels: Pixels
) -> tuple[jax.Array, tuple[Segments, Pixels]]:
    return combine_sum(line, segments, pixels), (segments, pixels)


def _sum_backward(
    line: Line, saved: tuple[Segments, Pixels], gradient: jax.Array
) -> tuple[Segments, None]:
    segments, pixels = saved

    def pull(segment: Segments) -> Segments:
        _, pullback = jax.vjp(lambda seg: line.ink(line.score(seg, pixels)), segment)
        slopes: Segments = pullback(gradient)[0]
        return slopes

    return lax.map(pull, segments), None


combine_sum.defvjp(_sum_forward, _sum_backward)
