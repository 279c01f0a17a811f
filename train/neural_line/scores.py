"""How near the lines are to OpenCV's, on held-out random lines."""

import functools

import jax
import jax.numpy as jnp
import numpy as np

from rasterizer import LineName, NeuralLine, neural_logits, render
from strokes.parts import in_parts
from train.neural_line.lines import Lines, random_lines

HELD_OUT = 4000
"""Lines that scores are taken on."""

_KEY = 7  # seed of the lines that measure; training never folds this key
_SOFTNESS = (4.5, 5.0, 5.5, 6.0, 7.0)  # log-softness of a pressed analytic line, best one kept
_AT_ONCE = 512  # lines; each needs 100 KB
_LIFTED = 1.0  # softness of a lifted one: its logarithm is 0


def held_out_lines(count: int) -> Lines:
    """A fixed set of random lines that no training sees."""
    return random_lines(count, key=jax.random.fold_in(jax.random.key(_KEY), 1 << 30))


def line_scores(drawn: jax.Array, pictures: jax.Array) -> dict[str, float]:
    """How near drawn lines are to OpenCV's.

    Args:
      drawn: ``[B, 28, 28]`` in [0, 1].
      pictures: ``[B, 28, 28]`` of 0 and 1.

    Returns:
      mse; and iou, mean intersection over union of ink above 0.5, of lines not blank.
    """
    ink, target = drawn > 0.5, pictures > 0.5
    both, either = jnp.sum(ink & target, axis=(1, 2)), jnp.sum(ink | target, axis=(1, 2))
    shown = jnp.any(target, axis=(1, 2))
    iou = jnp.sum(jnp.where(shown, both / jnp.maximum(either, 1), 0.0)) / jnp.sum(shown)
    return {"mse": float(jnp.mean((drawn - pictures) ** 2)), "iou": float(iou)}


def neural_scores(weights: NeuralLine, lines: Lines) -> dict[str, float]:
    """Scores of a neural line on lines."""
    ink = in_parts(
        functools.partial(_neural_ink, weights), np.asarray(lines.segments), at_once=_AT_ONCE
    )
    return line_scores(jnp.asarray(ink), lines.pictures)


@jax.jit
def _neural_ink(weights: NeuralLine, segments: jax.Array) -> jax.Array:
    return jax.nn.sigmoid(neural_logits(weights, segments))


@functools.partial(jax.jit, static_argnames="line")
def _pressed(segments: jax.Array, log_softness: jax.Array, *, line: LineName) -> jax.Array:
    """Lines ``[B, 6]`` drawn by an analytic line, between the middles of pixels."""
    ends = segments.reshape(-1, 2, 3)
    middles = (jnp.floor(28 * ends[..., :2]) + 0.5) / 28
    softness = jnp.where(ends[..., 2:] > 0.5, _LIFTED, jnp.exp(log_softness))
    return render(jnp.concatenate([middles, softness], axis=-1), line=line)


def analytic_scores(line: LineName, lines: Lines) -> tuple[float, dict[str, float]]:
    """The best log-softness of an analytic line on lines, and its scores.

    Its points are the middles of the pixels between which OpenCV drew.
    """
    found = [
        (
            log_softness,
            line_scores(
                _pressed(lines.segments, jnp.float32(log_softness), line=line), lines.pictures
            ),
        )
        for log_softness in _SOFTNESS
    ]
    return min(found, key=lambda one: one[1]["mse"])


def all_line_scores(weights: NeuralLine) -> dict[str, dict[str, float]]:
    """Scores of the three line models on held-out lines, by name."""
    lines = held_out_lines(HELD_OUT)
    names: tuple[LineName, ...] = ("box", "capsule")
    rows = {"neural": neural_scores(weights, lines)}
    for name in names:
        log_softness, found = analytic_scores(name, lines)
        rows[f"{name}, log-softness {log_softness}"] = found
    return rows
