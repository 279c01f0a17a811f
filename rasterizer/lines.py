"""Line models: how much ink one segment leaves on one pixel.

Coordinates are canvas units: x to the right, y down, both in [0, 1] on the canvas;
softness is in 1/canvas units. A line model sees every segment through `Segments` and
gives, for a pixel, a *score* and from it the *ink* in [0, 1]. Ink grows with the
score, so the brightest of several segments is the one with the highest score.
All functions are elementwise and broadcast, so that one definition serves a segment
against a whole canvas and a whole canvas of segments, each against its own pixel.
"""

import dataclasses
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from rasterizer.names import PEN_UP

CAPSULE_HALF_WIDTH = 0.6 / 28
"""Half the width of the capsule's pen: 0.6 pixels of a 28-pixel canvas."""

_CAPSULE_LIFT_RATE = 8.0
_CAPSULE_LIFT_OFFSET = math.log(math.expm1(math.exp(PEN_UP["capsule"]) * CAPSULE_HALF_WIDTH))

_TINY = 1e-12  # guards square roots and divisions of zero-length segments


class Segments(NamedTuple):
    """Segments from (x1, y1) to (x2, y2), and what a line model precomputes for each."""

    x1: jax.Array
    y1: jax.Array
    x2: jax.Array
    y2: jax.Array
    softness: jax.Array
    extra: tuple[jax.Array, ...] = ()


class Pixels(NamedTuple):
    """Pixel centres: x is ``[1, W, 1]``, y is ``[H, 1, 1]``."""

    x: jax.Array
    y: jax.Array

    @property
    def height(self) -> int:
        """Rows."""
        return self.y.shape[0]

    @property
    def width(self) -> int:
        """Columns."""
        return self.x.shape[1]


@dataclasses.dataclass(frozen=True)
class Line:
    """A line model. See the module's docstring."""

    prepare: Callable[[Segments], Segments]
    score: Callable[[Segments, Pixels], jax.Array]
    ink: Callable[[jax.Array], jax.Array]
    once: Callable[[Segments], Any]
    """What `rank` needs of each segment, computed once for all pixels."""
    rank: Callable[[Any, Pixels], jax.Array]
    """The score, from that."""


def _capsule_prepare(segments: Segments) -> Segments:
    """Add the logit by which softness lifts the pen.

    It is about 0 for a pressed pen and falls steeply below its pen-up. Adding
    it to the score instead of multiplying the ink keeps one sigmoid a pixel.
    """
    log_softness = jnp.log(segments.softness + _TINY)
    rise = _CAPSULE_LIFT_RATE * (PEN_UP["capsule"] - log_softness) + _CAPSULE_LIFT_OFFSET
    return segments._replace(extra=(-jax.nn.softplus(rise),))


def _capsule_score(segments: Segments, pixels: Pixels) -> jax.Array:
    """Softness * (half-width - distance from the pixel to the segment) + lift."""
    vx, vy = segments.x2 - segments.x1, segments.y2 - segments.y1
    px, py = pixels.x - segments.x1, pixels.y - segments.y1
    along = jnp.clip((px * vx + py * vy) / (vx * vx + vy * vy + _TINY), 0.0, 1.0)
    # The nearest point is a minimum, so the distance does not change with `along` to
    # first order: dropping its gradient is exact, and cheap (envelope theorem).
    along = jax.lax.stop_gradient(along)
    dx, dy = px - along * vx, py - along * vy
    distance = jnp.sqrt(dx * dx + dy * dy + _TINY)
    return segments.softness * (CAPSULE_HALF_WIDTH - distance) + segments.extra[0]


def _whole(segments: Segments) -> Segments:
    return segments


def _capsule_once(segments: Segments) -> tuple[jax.Array, ...]:
    """Softness multiplies coordinates beforehand; the division by the length becomes a product."""
    s = segments.softness
    vx, vy = segments.x2 - segments.x1, segments.y2 - segments.y1
    inverse = 1.0 / (vx * vx + vy * vy + _TINY)
    ux, uy = vx * inverse, vy * inverse
    begin = -(segments.x1 * ux + segments.y1 * uy)
    height = s * CAPSULE_HALF_WIDTH + segments.extra[0]
    return ux, uy, begin, s, s * segments.x1, s * segments.y1, s * vx, s * vy, height


def _capsule_rank(once: tuple[jax.Array, ...], pixels: Pixels) -> jax.Array:
    """The score in 15 operations, where `_capsule_score` takes 22, one of them a division."""
    ux, uy, begin, s, x1, y1, vx, vy, height = once
    along = jnp.clip(pixels.x * ux + (pixels.y * uy + begin), 0.0, 1.0)
    dx, dy = (s * pixels.x - x1) - along * vx, (s * pixels.y - y1) - along * vy
    return height - jnp.sqrt(dx * dx + dy * dy)


def _box_prepare(segments: Segments) -> Segments:
    """Add the slopes of the infinite line, as the reference computes them."""
    dx, dy = segments.x2 - segments.x1, segments.y2 - segments.y1
    norm = jnp.sqrt(dx * dx + dy * dy + 1e-7)
    dx, dy = dx / norm, dy / norm

    def reciprocal(value: jax.Array) -> jax.Array:
        value = value + 1e-8
        return 1.0 / jnp.where(jnp.abs(value) < _TINY, _TINY, value)

    return segments._replace(extra=(dy * reciprocal(dx), dx * reciprocal(dy)))


def _band(offset: jax.Array, margin: jax.Array) -> jax.Array:
    """sigmoid(margin + offset) * sigmoid(margin - offset), for margin >= 0, with one exponential.

    The product is 1 / (1 + q + t + q/t) with t = exp(|offset| - margin) and
    q = exp(-2 margin). The clip keeps t and t*t finite and above zero.
    """
    t = jnp.exp(jnp.clip(jnp.abs(offset) - margin, -40.0, 40.0))
    q = jnp.exp(-2.0 * margin)
    return t / (t * (1.0 + q) + t * t + q)


def _box_score(segments: Segments, pixels: Pixels) -> jax.Array:
    """Intersection masks times rectangle mask (Grzego 2017).

    A pixel is on the line where the line crosses its column's middle within its rows,
    or its row's middle within its columns. Lower and upper mask are one sigmoid
    shifted by a pixel, and both bands fall with the offset: the larger band is the
    one with the smaller offset. The rectangle is an outer product of row and column.
    """
    s = segments.softness
    slope_down, slope_right = segments.extra
    half_row, half_column = 0.5 / pixels.height, 0.5 / pixels.width
    across = (pixels.x - segments.x1) * slope_down + segments.y1 - pixels.y
    down = (pixels.y - segments.y1) * slope_right + segments.x1 - pixels.x
    if pixels.height == pixels.width:
        nearest = jnp.minimum(jnp.abs(across), jnp.abs(down))
        on_line = _band(s * nearest, s * half_row)
    else:
        on_line = jnp.maximum(_band(s * across, s * half_row), _band(s * down, s * half_column))
    left, right = jnp.minimum(segments.x1, segments.x2), jnp.maximum(segments.x1, segments.x2)
    top, bottom = jnp.minimum(segments.y1, segments.y2), jnp.maximum(segments.y1, segments.y2)
    sigmoid = jax.nn.sigmoid
    columns = sigmoid(s * (pixels.x + half_column - left)) * sigmoid(
        s * (right - pixels.x + half_column)
    )
    rows = sigmoid(s * (pixels.y + half_row - top)) * sigmoid(s * (bottom - pixels.y + half_row))
    return on_line * (rows * columns)


LINES = {
    "box": Line(_box_prepare, _box_score, lambda score: score, _whole, _box_score),
    "capsule": Line(_capsule_prepare, _capsule_score, jax.nn.sigmoid, _capsule_once, _capsule_rank),
}
