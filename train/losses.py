"""Losses of one example. Coordinates are canvas units, pictures are in [0, 1]."""

import functools

import jax
import jax.numpy as jnp
import numpy as np

from rasterizer import PEN_UP, pen_up, render
from train.config import LossConfig
from train.line_training import line_weights

_LIFT_RATE = 4.0  # how steeply a segment counts as lifted around the threshold
_LIFT_MARGIN = 2.0  # a shown lift is to be clear: half-lifted segments draw a grey fog
_GUARD = 1e-7  # inside each root: the gradient of sqrt at 0 is infinite


def _segments(points: jax.Array, config: LossConfig) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Vectors ``[T-1, 2]``, lengths ``[T-1]`` and 1 where the pen is down, ``[T-1]``."""
    vectors = points[1:, :2] - points[:-1, :2]
    lengths = jnp.sqrt(jnp.sum(vectors * vectors, axis=-1) + _GUARD)
    down = 1.0 - pen_up(points[:-1, 2], line=config.line).astype(points.dtype)
    return vectors, lengths, jax.lax.stop_gradient(down)


def angle_loss(points: jax.Array, config: LossConfig) -> jax.Array:
    """Mean of one minus the cosine of the angle between consecutive segments.

    After Grzego (2017). A turn counts only where the pen is down on both sides of it.

    Args:
      points: ``[T, 3]``.
      config: gives the line model, and with it which segments are lifted.

    Returns:
      scalar in [0, 2].
    """
    vectors, lengths, down = _segments(points, config)
    units = vectors / lengths[:, None]
    cosines = jnp.sum(units[1:] * units[:-1], axis=-1)
    return jnp.mean((1.0 - cosines) * down[1:] * down[:-1])


def distance_loss(points: jax.Array, config: LossConfig) -> jax.Array:
    """Mean length of the segments, lifted ones counting as 0. After Grzego (2017).

    Args:
      points: ``[T, 3]``.
      config: gives the line model, and with it which segments are lifted.

    Returns:
      scalar >= 0, in canvas units.
    """
    _, lengths, down = _segments(points, config)
    return jnp.mean(lengths * down)


def lifted_loss(points: jax.Array, config: LossConfig) -> jax.Array:
    """Share of lifted segments, made smooth: about 1 where lifted, about 0 where pressed.

    Untrained strokes lie in the wrong place, and the quickest way to less wrong ink is to
    lift the pen; the gradient of a lifted segment is then gone for good. A price on lifts
    keeps the pen down until a lift is worth it.

    Args:
      points: ``[T, 3]``.
      config: gives the line model, and with it the softness that lifts the pen.

    Returns:
      scalar in (0, 1).
    """
    log_softness = jnp.log(points[:-1, 2])
    threshold = PEN_UP[config.line]
    return jnp.mean(jax.nn.sigmoid(_LIFT_RATE * (threshold - log_softness)))


def recording_loss(
    points: jax.Array, recorded: jax.Array, lifted: jax.Array, config: LossConfig, *, lifts: float
) -> jax.Array:
    """Difference from what a person wrote: squared distances, and the wrong lifts.

    Args:
      points: ``[T, 3]``.
      recorded: ``[T, 2]``, where the person's pen was.
      lifted: bool ``[T]``, which segments the person lifted; the last is unused.
      config: gives the line model, and with it the softness that lifts the pen.
      lifts: weight of the lifts, as the cross entropy of `lifted_loss`'s sigmoid with a
        margin: a lift, or a pressed segment, is right only well off the threshold.

    Returns:
      scalar >= 0: mean squared distance in canvas units, and the weighted lifts.
    """
    distance = jnp.mean(jnp.sum((points[:, :2] - recorded) ** 2, axis=-1))
    threshold = PEN_UP[config.line]
    logits = _LIFT_RATE * (threshold - jnp.log(points[:-1, 2]))
    sign = jnp.where(lifted[:-1], 1.0, -1.0)
    return distance + lifts * jnp.mean(jax.nn.softplus(_LIFT_MARGIN - sign * logits))


def blur_matrix(size: int, deviation: float) -> np.ndarray:
    """Gaussian blur of a row of pixels as a matrix ``[size, size]``; paper lies outside."""
    offsets = np.arange(size)[:, None] - np.arange(size)[None, :]
    weights = np.exp(-0.5 * (offsets / deviation) ** 2)
    return (weights / (deviation * np.sqrt(2 * np.pi))).astype(np.float32)


def example_loss(
    points: jax.Array, drawing: jax.Array, target: jax.Array, config: LossConfig
) -> tuple[jax.Array, dict[str, jax.Array]]:
    """The weighted loss of one example, and its terms.

    Args:
      points: ``[T, 3]``.
      drawing: ``[H, W]``, the rendered points.
      target: ``[H, W]``.
      config: weights.

    Returns:
      scalar, and the unweighted terms by name.
    """
    difference = drawing - target
    terms = {
        "mse": jnp.mean(difference**2),
        "angle": angle_loss(points, config),
        "distance": distance_loss(points, config),
    }
    loss = terms["mse"] + config.angle * terms["angle"] + config.distance * terms["distance"]
    if config.lifted:
        terms["lifted"] = lifted_loss(points, config)
        loss = loss + config.lifted * terms["lifted"]
    if config.blurred:
        rows, columns = (blur_matrix(size, config.blur) for size in difference.shape)
        # Blurred along the columns, turned, blurred along the rows: the mean does not mind the
        # turn, and each product then runs along contiguous memory.
        terms["blurred"] = jnp.mean(((difference @ columns.T).T @ rows.T) ** 2)
        loss = loss + config.blurred * terms["blurred"]
    return loss, {"loss": loss, **terms}


@functools.partial(jax.jit, static_argnames=("config", "height", "width"))
def draw(points: jax.Array, config: LossConfig, *, height: int, width: int) -> jax.Array:
    """The drawing ``[..., height, width]`` of points ``[..., T, 3]`` by a run's line."""
    weights = line_weights(config.neural_line) if config.line == "neural" else None
    return render(
        points,
        height=height,
        width=width,
        line=config.line,
        combine=config.combine,
        weights=weights,
    )


def batch_losses(
    points: jax.Array, targets: jax.Array, config: LossConfig
) -> tuple[jax.Array, dict[str, jax.Array]]:
    """Losses of a batch: draws it in one call, then `example_loss` for each.

    Args:
      points: ``[..., T, 3]``.
      targets: ``[..., H, W]``.
      config: weights, line model and combination.

    Returns:
      losses ``[...]`` and their terms, each ``[...]``.
    """
    *leading, height, width = targets.shape
    drawings = draw(points, config, height=height, width=width)

    losses = functools.partial(example_loss, config=config)
    for _ in leading:
        losses = jax.vmap(losses)
    return losses(points, drawings, targets)
