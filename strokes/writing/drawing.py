"""The curve through a decoder's points, and the drawing of points by a run's line."""

import functools

import jax

from rasterizer import NeuralLine, pen_up, render, subdivide
from strokes.writing.config import DrawingConfig


def along_curve(points: jax.Array, config: DrawingConfig) -> jax.Array:
    """Points closer together along the curve through a decoder's points, differentiably.

    Args:
      points: ``[..., T, 3]``.
      config: line, which says where the pen is lifted; curve and pieces.

    Returns:
      ``[..., (T-1) * pieces + 1, 3]``: what is drawn, straight from point to point, and written.
    """
    lifted = pen_up(jax.lax.stop_gradient(points[..., 2]), line=config.line)
    along: jax.Array = subdivide(points, curve=config.curve, pieces=config.pieces, lifted=lifted)
    return along


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

    Segments are straight: a decoder's points go through `along_curve` before.

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
