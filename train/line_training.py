"""Training and measuring the neural line: it learns to draw what OpenCV draws."""

import dataclasses
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from rasterizer import NeuralLine, initial_neural_line, neural_logits
from train.errors import RunError
from train.line_data import Lines, random_lines
from train.weights import load_weights

SHIPPED_LINE = Path(__file__).with_name("neural-line.safetensors")
"""The neural line that is meant by "shipped"."""

_HELD_OUT = 7  # seed of the lines that measure; training never folds this key
_REPORT_STEPS = 100  # steps in a program


@dataclasses.dataclass(frozen=True)
class LineConfig:
    """Everything that decides a neural line's weights."""

    lines: int = 1_600_000
    """Random lines that are seen, each once."""
    batch_size: int = 64
    """Lines in a step."""
    learning_rate: float = 0.001
    """Adam's learning rate at first; it falls by a cosine to a hundredth."""
    seed: int = 0
    """Decides initial weights and lines."""

    def __post_init__(self) -> None:
        """Reject values that make no run."""
        if self.batch_size < 1:
            raise ValueError(f"batch_size is {self.batch_size}, expected at least 1")
        if self.lines < self.batch_size:
            raise ValueError(f"lines is {self.lines}, expected at least a batch")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate is {self.learning_rate}, expected more than 0")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}, expected at least 0")

    @property
    def steps(self) -> int:
        """Steps of gradient descent."""
        return self.lines // self.batch_size


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


def held_out_lines(count: int) -> Lines:
    """A fixed set of random lines that no training sees."""
    return random_lines(count, key=jax.random.fold_in(jax.random.key(_HELD_OUT), 1 << 30))


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


@functools.cache
def line_weights(file: str = "shipped") -> NeuralLine:
    """A neural line's weights, read once.

    Args:
      file: that `save_weights` wrote, or "shipped".

    Raises:
      RunError: the file is missing, damaged or of another network.
    """
    path = SHIPPED_LINE if file == "shipped" else Path(file)
    if not path.is_file():
        raise RunError(
            f"{path}: no such file; make it by python -m scripts.train_line --out {path}"
        )
    shapes = jax.eval_shape(lambda: initial_neural_line(key=jax.random.key(0)))
    loaded = load_weights(path, shapes)
    with jax.ensure_compile_time_eval():  # also where a program is being traced
        return NeuralLine(*(jnp.asarray(array) for array in loaded))
