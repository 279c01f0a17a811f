"""What training asks beyond the picture: a person's points and lifts."""

import jax
import jax.numpy as jnp

from rasterizer import PEN_UP, LineName
from strokes.writing.losses import LIFT_RATE

_LIFT_MARGIN = 2.0  # a shown lift is to be clear: half-lifted segments draw a grey fog


def recording_loss(
    points: jax.Array, recorded: jax.Array, lifted: jax.Array, *, line: LineName, lifts: float
) -> jax.Array:
    """Difference from what a person wrote: squared distances, and the wrong lifts.

    Args:
      points: ``[T, 3]``.
      recorded: ``[T, 2]``, where the person's pen was.
      lifted: bool ``[T]``, which segments the person lifted; the last is unused.
      line: the line model; it says which softness lifts the pen.
      lifts: weight of the lifts, as the cross entropy of `lifted_loss`'s sigmoid with a
        margin: a lift, or a pressed segment, is right only well off the threshold.

    Returns:
      scalar >= 0: mean squared distance in canvas units, and the weighted lifts.
    """
    distance = jnp.mean(jnp.sum((points[:, :2] - recorded) ** 2, axis=-1))
    threshold = PEN_UP[line]
    logits = LIFT_RATE * (threshold - jnp.log(points[:-1, 2]))
    sign = jnp.where(lifted[:-1], 1.0, -1.0)
    return distance + lifts * jnp.mean(jax.nn.softplus(_LIFT_MARGIN - sign * logits))
