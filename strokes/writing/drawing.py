"""The drawing of points by a run's line."""

import functools

import jax

from rasterizer import NeuralLine, render
from strokes.writing.config import DrawingConfig


@functools.partial(jax.jit, static_argnames=("config", "height", "width"))
def draw(
    points: jax.Array,
    config: DrawingConfig,
    *,
    height: int,
    width: int,
    neural_line: NeuralLine | None = None,
) -> jax.Array:
    """Draw points ``[..., T, 3]`` as pictures ``[..., height, width]``, differentiably.

    Args:
      points: x, y and softness; see `strokes.ink`.
      config: line and combination.
      height: rows of the pictures.
      width: columns of the pictures.
      neural_line: weights, if that is the line.
    """
    return render(
        points,
        height=height,
        width=width,
        line=config.line,
        combine=config.combine,
        weights=neural_line,
    )
