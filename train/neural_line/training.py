"""Training the neural line: it learns to draw what OpenCV draws."""

import functools
from collections.abc import Iterator
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from rasterizer import NeuralLine, initial_neural_line, neural_logits
from train.neural_line.config import LineConfig
from train.neural_line.lines import Lines, random_lines

_REPORT_STEPS = 100  # steps in a program


class LineState(NamedTuple):
    """All that changes in training."""

    weights: NeuralLine
    optimizer: Any
    step: jax.Array


def _optimizer(config: LineConfig) -> optax.GradientTransformation:
    return optax.adam(optax.cosine_decay_schedule(config.learning_rate, config.steps, alpha=0.01))


def line_loss(weights: NeuralLine, lines: Lines) -> jax.Array:
    """Mean cross entropy of the ink over lines and pixels."""
    logits = neural_logits(weights, lines.segments)
    return jnp.mean(optax.sigmoid_binary_cross_entropy(logits, lines.pictures))


@functools.partial(jax.jit, static_argnames=("config", "steps"), donate_argnums=0)
def _run_steps(state: LineState, *, config: LineConfig, steps: int) -> tuple[LineState, jax.Array]:
    optimizer = _optimizer(config)

    def step(state: LineState, _: None) -> tuple[LineState, jax.Array]:
        key = jax.random.fold_in(jax.random.key(config.seed), state.step)
        lines = random_lines(config.batch_size, key=key)
        loss, slope = jax.value_and_grad(line_loss)(state.weights, lines)
        updates, inner = optimizer.update(slope, state.optimizer, state.weights)
        return LineState(optax.apply_updates(state.weights, updates), inner, state.step + 1), loss

    state, losses = jax.lax.scan(step, state, None, length=steps)
    return state, jnp.mean(losses)


def train_line(config: LineConfig) -> Iterator[tuple[int, NeuralLine, float]]:
    """Train a neural line.

    Yields:
      after every so many steps: lines seen, weights, mean loss since the last time. The
      weights are given away: the next ones take their place.
    """
    weights = initial_neural_line(key=jax.random.key(config.seed))
    state = LineState(weights, _optimizer(config).init(weights), jnp.zeros((), jnp.int32))
    done = 0
    while done < config.steps:
        steps = min(_REPORT_STEPS, config.steps - done)
        state, loss = _run_steps(state, config=config, steps=steps)
        done += steps
        yield done * config.batch_size, state.weights, float(loss)
