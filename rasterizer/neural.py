"""The learned line of Grzego (2017): a network that draws one segment, 28x28 pixels.

Two dense and two convolutional layers, trained on lines that OpenCV drew, then frozen. It
sees pens that are pressed (0) or lifted (1), never one between: what it draws there, and
how a stroke model abuses that, is the point of keeping it.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from rasterizer.convolution import convolve
from rasterizer.names import PEN_UP

SIDE = 28
"""The canvas's edge in pixels; this line knows no other."""

_PEN_RATE = 4.0  # how steeply log-softness becomes the pen's input
_SPREAD = 2.0  # of the first layer's initial weights
_PAPER = -4.0  # initial logit of ink
_TINY = 1e-12  # guards the logarithm of no softness at all
_CHANNELS = 8
_PIXELS = SIDE * SIDE


class NeuralLine(NamedTuple):
    """Weights of the network: kernels ``[inputs, outputs]`` or ``[rows, columns, in, out]``."""

    hidden_kernel: jax.Array  # [6, 784]
    hidden_bias: jax.Array
    canvas_kernel: jax.Array  # [784, 28 * 28 * 8]
    canvas_bias: jax.Array
    smooth_kernel: jax.Array  # [5, 5, 8, 16]
    smooth_bias: jax.Array
    ink_kernel: jax.Array  # [3, 3, 16, 1]
    ink_bias: jax.Array


def initial_neural_line(*, key: jax.Array) -> NeuralLine:
    """Draw initial weights.

    Kernels are Glorot uniform, but for the first: its inputs are six numbers in [0, 1], and
    units that bend at places all over the canvas learn many times faster. The last bias is
    that of paper, where almost every pixel stays.
    """
    shapes = ((6, _PIXELS), (_PIXELS, _PIXELS * _CHANNELS), (5, 5, _CHANNELS, 16), (3, 3, 16, 1))
    kernel = jax.nn.initializers.glorot_uniform()
    *keys, hidden_key, bias_key = jax.random.split(key, len(shapes) + 2)
    arrays = []
    for one, shape in zip(keys, shapes, strict=True):
        arrays += [kernel(one, shape), jnp.zeros(shape[-1])]
    return NeuralLine(*arrays)._replace(
        hidden_kernel=_SPREAD * jax.random.normal(hidden_key, shapes[0]),
        hidden_bias=jax.random.uniform(bias_key, (_PIXELS,), minval=-_SPREAD, maxval=_SPREAD),
        ink_bias=jnp.full(1, _PAPER),
    )


def neural_logits(weights: NeuralLine, segments: jax.Array) -> jax.Array:
    """Logits of the ink of single segments.

    Args:
      weights: of the network.
      segments: ``[B, 6]``: x, y and pen of the first point, then of the second; x and y in
        [0, 1] of the canvas, pen 1 where it is lifted. Only the first point's pen counts.

    Returns:
      ``[B, 28, 28]``.
    """
    hidden = jax.nn.elu(segments @ weights.hidden_kernel + weights.hidden_bias)
    canvas = jax.nn.elu(hidden @ weights.canvas_kernel + weights.canvas_bias)
    canvas = canvas.reshape(-1, SIDE, SIDE, _CHANNELS)
    smooth = jax.nn.elu(convolve(canvas, weights.smooth_kernel) + weights.smooth_bias)
    return (convolve(smooth, weights.ink_kernel) + weights.ink_bias)[..., 0]


def pen_input(softness: jax.Array) -> jax.Array:
    """The pen as the network sees it, 1 lifted and 0 pressed, from softness > 0."""
    return jax.nn.sigmoid(_PEN_RATE * (PEN_UP["neural"] - jnp.log(softness + _TINY)))


def draw_neural(weights: NeuralLine, points: jax.Array, *, combine: str) -> jax.Array:
    """Draw points ``[B, T, 3]``: ``[B, 28, 28]``, the sum or maximum over segments.

    One segment after another: a layer's columns for all of them at once would not fit.
    """
    ends = jnp.concatenate([points[..., :2], pen_input(points[..., 2:])], axis=-1)
    segments = jnp.concatenate([ends[:, :-1], ends[:, 1:]], axis=-1).swapaxes(0, 1)
    drawn = lax.map(lambda segment: jax.nn.sigmoid(neural_logits(weights, segment)), segments)
    return jnp.max(drawn, axis=0) if combine == "max" else jnp.sum(drawn, axis=0)
