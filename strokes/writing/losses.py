"""Losses of one example. Coordinates are canvas units, pictures are in [0, 1]."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from rasterizer import PEN_UP, LineName, NeuralLine, pen_up
from strokes.writing.config import DrawingConfig, LossConfig
from strokes.writing.drawing import along_curve, draw

LIFT_RATE = 4.0
"""How steeply a segment counts as lifted around its line's pen-up."""

_GUARD = 1e-7  # inside each root: the gradient of sqrt at 0 is infinite


def _segments(points: jax.Array, line: LineName) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Vectors ``[T-1, 2]``, lengths ``[T-1]`` and 1 where the pen is down, ``[T-1]``."""
    vectors = points[1:, :2] - points[:-1, :2]
    lengths = jnp.sqrt(jnp.sum(vectors * vectors, axis=-1) + _GUARD)
    down = 1.0 - pen_up(points[:-1, 2], line=line).astype(points.dtype)
    return vectors, lengths, jax.lax.stop_gradient(down)


def angle_loss(points: jax.Array, *, line: LineName) -> jax.Array:
    """Mean of one minus the cosine of the angle between consecutive segments.

    After Grzego (2017). A turn counts only where the pen is down on both sides of it.

    Args:
      points: ``[T, 3]``.
      line: the line model; it says which segments are lifted.

    Returns:
      scalar in [0, 2].
    """
    vectors, lengths, down = _segments(points, line)
    units = vectors / lengths[:, None]
    cosines = jnp.sum(units[1:] * units[:-1], axis=-1)
    return jnp.mean((1.0 - cosines) * down[1:] * down[:-1])


def distance_loss(points: jax.Array, *, line: LineName) -> jax.Array:
    """Mean length of the segments, lifted ones counting as 0. After Grzego (2017).

    Args:
      points: ``[T, 3]``.
      line: the line model; it says which segments are lifted.

    Returns:
      scalar >= 0, in canvas units.
    """
    _, lengths, down = _segments(points, line)
    return jnp.mean(lengths * down)


def lifted_loss(points: jax.Array, *, line: LineName) -> jax.Array:
    """Share of lifted segments, made smooth: about 1 where lifted, about 0 where pressed.

    Untrained strokes lie in the wrong place, and the quickest way to less wrong ink is to
    lift the pen; the gradient of a lifted segment is then gone for good. A price on lifts
    keeps the pen down until a lift is worth it.

    Args:
      points: ``[T, 3]``.
      line: the line model; it says which softness lifts the pen.

    Returns:
      scalar in (0, 1).
    """
    log_softness = jnp.log(points[:-1, 2])
    threshold = PEN_UP[line]
    return jnp.mean(jax.nn.sigmoid(LIFT_RATE * (threshold - log_softness)))


def blur_matrix(size: int, deviation: float) -> np.ndarray:
    """Gaussian blur of a row of pixels as a matrix ``[size, size]``; paper lies outside."""
    offsets = np.arange(size)[:, None] - np.arange(size)[None, :]
    weights = np.exp(-0.5 * (offsets / deviation) ** 2)
    return np.asarray(weights / (deviation * np.sqrt(2 * np.pi)), np.float32)


class Example(NamedTuple):
    """What the terms of the loss see of one example."""

    points: jax.Array  # [T, 3]
    drawing: jax.Array  # [H, W], the rendered points
    target: jax.Array  # [H, W]
    config: LossConfig
    line: LineName  # that drew


def _blurred_loss(example: Example) -> jax.Array:
    """Mean squared difference between blurred drawing and blurred target."""
    difference = example.drawing - example.target
    rows, columns = (blur_matrix(size, example.config.blur) for size in difference.shape)
    # Blurred along the columns, turned, blurred along the rows: the mean does not mind the
    # turn, and each product then runs along contiguous memory.
    return jnp.mean(((difference @ columns.T).T @ rows.T) ** 2)


TERMS: dict[str, Callable[[Example], jax.Array]] = {
    "angle": lambda example: angle_loss(example.points, line=example.line),
    "distance": lambda example: distance_loss(example.points, line=example.line),
    "lifted": lambda example: lifted_loss(example.points, line=example.line),
    "blurred": _blurred_loss,
}
"""Terms beside the squared difference; the weight of each is `LossConfig`'s field of its name."""

_ALWAYS = ("angle", "distance")  # reported also where they weigh nothing


def example_loss(
    points: jax.Array,
    drawing: jax.Array,
    target: jax.Array,
    *,
    config: LossConfig,
    line: LineName,
) -> tuple[jax.Array, dict[str, jax.Array]]:
    """The weighted loss of one example, and its terms.

    Args:
      points: ``[T, 3]``.
      drawing: ``[H, W]``, the rendered points.
      target: ``[H, W]``.
      config: weights.
      line: the line model that drew.

    Returns:
      scalar, and the unweighted terms by name.
    """
    example = Example(points, drawing, target, config, line)
    terms = {"mse": jnp.mean((drawing - target) ** 2)}
    loss = terms["mse"]
    for name, term in TERMS.items():
        weight = getattr(config, name)
        if weight or name in _ALWAYS:
            terms[name] = term(example)
            loss = loss + weight * terms[name]
    return loss, {"loss": loss, **terms}


def batch_losses(
    points: jax.Array,
    targets: jax.Array,
    *,
    config: LossConfig,
    drawing: DrawingConfig,
    neural_line: NeuralLine | None = None,
) -> tuple[jax.Array, dict[str, jax.Array]]:
    """Losses of a batch: draws it in one call, then `example_loss` for each.

    Args:
      points: ``[..., T, 3]``, a decoder's; what is drawn is the curve through them.
      targets: ``[..., H, W]``.
      config: weights.
      drawing: line model and combination.
      neural_line: its weights, if that is the line.

    Returns:
      losses ``[...]`` and their terms, each ``[...]``.
    """
    *leading, height, width = targets.shape
    drawings = draw(
        along_curve(points, drawing), drawing, height=height, width=width, neural_line=neural_line
    )

    losses = functools.partial(example_loss, config=config, line=drawing.line)
    for _ in leading:
        losses = jax.vmap(losses)
    return losses(points, drawings, targets)
