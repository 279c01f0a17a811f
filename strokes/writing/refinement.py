"""Refinement: gradient descent on the points themselves, from what a decoder wrote.

The decoder says where each stroke begins, which way it goes and where the pen is lifted;
refinement only moves the points onto the ink. The guard keeps it so: pen lifts stay as
they are, no point moves farther than `FARTHEST` from where the decoder put it, and a
digit that ends up with a larger loss than it began with stays as it was.
"""

import dataclasses
import functools
from typing import NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import optax

from rasterizer import PEN_UP, NeuralLine, pen_up
from strokes.writing.config import DrawingConfig, LossConfig
from strokes.writing.losses import batch_losses

FARTHEST = 0.12
"""How far a point may move along each axis, in canvas units: about three pixels."""

_LEARNING_RATE = 0.006
_SOFTNESS_RATE = 10.0  # log-softness moves so much faster than places
_SHARPEST = 5.6  # log-softness
_PRESSED = 0.5  # a pressed pen's log-softness stays so far above the line's lift


class _Free(NamedTuple):
    """What moves."""

    places: jax.Array  # [..., T, 2]
    spread: jax.Array  # [..., T], log-softness over _SOFTNESS_RATE


_Carry: TypeAlias = tuple[_Free, optax.OptState]


def refinement_loss(config: LossConfig) -> LossConfig:
    """The loss that refinement lowers: the run's own, distance three times lighter.

    Lifts cost nothing, as they stay. The angle keeps its weight: with less of it points
    fit the picture's stairs a little better, and stairs they are then.
    """
    return dataclasses.replace(config, lifted=0.0, distance=0.3 * config.distance)


@functools.partial(jax.jit, static_argnames=("config", "drawing", "steps"))
def refine(
    points: jax.Array,
    targets: jax.Array,
    *,
    config: LossConfig,
    drawing: DrawingConfig,
    steps: int,
    neural_line: NeuralLine | None = None,
) -> jax.Array:
    """Move points so that their drawing fits its target better.

    Args:
      points: ``[..., T, 3]``, what a decoder wrote.
      targets: ``[..., H, W]`` in [0, 1].
      config: weights of the loss's terms.
      drawing: line model and combination.
      steps: of Adam, the learning rate falling to 0 by a cosine.
      neural_line: its weights, if that is the line.

    Returns:
      points ``[..., T, 3]``, with the same pen lifts.
    """
    softest = PEN_UP[drawing.line] + _PRESSED
    lifted = pen_up(points[..., 2], line=drawing.line)
    began = points[..., :2]
    optimizer = optax.adam(optax.cosine_decay_schedule(_LEARNING_RATE, steps), b1=0.8, b2=0.95)

    def assembled(free: _Free) -> jax.Array:
        log_softness = jnp.clip(free.spread * _SOFTNESS_RATE, softest, _SHARPEST)
        softness = jnp.where(lifted, points[..., 2], jnp.exp(log_softness))
        return jnp.concatenate([free.places, softness[..., None]], axis=-1)

    losses = functools.partial(
        batch_losses, config=refinement_loss(config), drawing=drawing, neural_line=neural_line
    )

    def losses_of(free: _Free) -> jax.Array:
        return losses(assembled(free), targets)[0]

    def step(carry: _Carry, _: None) -> tuple[_Carry, None]:
        free, state = carry
        slope = jax.grad(lambda value: jnp.sum(losses_of(value)))(free)
        updates, state = optimizer.update(slope, state)
        moved = optax.apply_updates(free, updates)
        places = jnp.clip(moved.places, began - FARTHEST, began + FARTHEST)
        return (_Free(places, moved.spread), state), None

    start = _Free(began, jnp.log(points[..., 2]) / _SOFTNESS_RATE)
    (end, _), _ = jax.lax.scan(step, (start, optimizer.init(start)), None, length=steps)
    before = losses(points, targets)[0]
    better = losses_of(end) <= before
    return jnp.where(better[..., None, None], assembled(end), points)
