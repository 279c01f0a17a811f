"""Recognisers: training one, and reading digits with one."""

import dataclasses
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from strokes import Parameters
from strokes.recognizer import RecognizerConfig, initial_recognizer, recognize
from train.examples import shift
from train.weights import load_facts, load_weights, save_weights

THINNED_READER = Path(__file__).with_name("thinned-recognizer.safetensors")
"""The recogniser that `legibility` is measured with; scripts.train_recognizer made it."""

_READ_AT_ONCE = 2048


@dataclasses.dataclass(frozen=True)
class RecognitionConfig:
    """Everything that decides a recogniser's weights."""

    network: RecognizerConfig = dataclasses.field(default_factory=RecognizerConfig)
    """The network."""
    epochs: int = 12
    """Times that every training picture is seen."""
    batch_size: int = 250
    """Pictures in a step."""
    learning_rate: float = 0.003
    """Adam's learning rate at the top of its one cycle."""
    weight_decay: float = 0.01
    """Decoupled decay of the weights (AdamW)."""
    shift: int = 2
    """Pictures are moved by up to so many pixels, anew in every step."""
    seed: int = 0
    """Decides initial weights, order and shifts."""

    def __post_init__(self) -> None:
        """Reject values that make no run."""
        for name, least in (("epochs", 1), ("batch_size", 1), ("shift", 0), ("seed", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is {getattr(self, name)}, expected at least {least}")
        if not (self.learning_rate > 0 and self.weight_decay >= 0):
            raise ValueError("learning_rate must be more than 0 and weight_decay at least 0")


class RecognizerState(NamedTuple):
    """All that changes in training."""

    parameters: Parameters
    optimizer: Any
    step: jax.Array


class Reader(NamedTuple):
    """A trained recogniser."""

    config: RecognizerConfig
    parameters: Parameters
    facts: dict[str, Any]

    def read(self, pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
        """Labels int32 ``[M]`` of pictures ``[M, H, W]`` of 0 and 1."""
        read = functools.partial(_labels, self.config, self.parameters)
        starts = range(0, len(pictures), _READ_AT_ONCE)
        parts = [np.asarray(read(pictures[s : s + _READ_AT_ONCE])) for s in starts]
        return np.concatenate([np.zeros(0, np.int32), *parts])


@functools.partial(jax.jit, static_argnums=0)
def _labels(config: RecognizerConfig, parameters: Parameters, pictures: jax.Array) -> jax.Array:
    logits = recognize(config, parameters, pictures.astype(jnp.float32))
    return jnp.argmax(logits, axis=-1).astype(jnp.int32)


def _optimizer(config: RecognitionConfig, total_steps: int) -> optax.GradientTransformation:
    schedule = optax.cosine_onecycle_schedule(total_steps, config.learning_rate)
    return optax.adamw(schedule, weight_decay=config.weight_decay)


@functools.partial(jax.jit, static_argnames=("config", "total_steps"), donate_argnums=0)
def _epoch(
    state: RecognizerState,
    pictures: jax.Array,
    labels: jax.Array,
    plan: jax.Array,
    *,
    config: RecognitionConfig,
    total_steps: int,
) -> tuple[RecognizerState, jax.Array]:
    """Every step of an epoch; ``plan`` is int32 ``[steps, B]``. Gives the losses too."""
    optimizer = _optimizer(config, total_steps)

    def step(state: RecognizerState, chosen: jax.Array) -> tuple[RecognizerState, jax.Array]:
        key = jax.random.fold_in(jax.random.key(config.seed), state.step)
        starts = jax.random.randint(key, (len(chosen), 2), 0, 2 * config.shift + 1)
        shown = pictures[chosen].astype(jnp.float32)
        batch = shift(shown, config.shift - starts, most=config.shift)

        def loss_of(parameters: Parameters) -> jax.Array:
            logits = recognize(config.network, parameters, batch)
            losses = optax.softmax_cross_entropy_with_integer_labels(logits, labels[chosen])
            return jnp.mean(losses)

        loss, slope = jax.value_and_grad(loss_of)(state.parameters)
        updates, inner = optimizer.update(slope, state.optimizer, state.parameters)
        parameters = optax.apply_updates(state.parameters, updates)
        return RecognizerState(parameters, inner, state.step + 1), loss

    return jax.lax.scan(step, state, plan)


def train_recognizer(
    config: RecognitionConfig, pictures: npt.NDArray[np.uint8], labels: npt.NDArray[np.int32]
) -> Iterator[tuple[Reader, float]]:
    """Train on pictures ``[M, H, W]`` of 0 and 1, M at least a batch.

    Yields:
      after each epoch the recogniser and the epoch's mean loss.
    """
    steps = len(pictures) // config.batch_size
    total = steps * config.epochs
    parameters = initial_recognizer(config.network, key=jax.random.key(config.seed))
    optimizer = _optimizer(config, total).init(parameters)
    state = RecognizerState(parameters, optimizer, jnp.zeros((), jnp.int32))
    generator = np.random.default_rng(config.seed)
    shown, answers = jnp.asarray(pictures), jnp.asarray(labels)
    for epoch in range(config.epochs):
        order = generator.permutation(len(pictures))[: steps * config.batch_size]
        plan = jnp.asarray(order.reshape(steps, -1).astype(np.int32))
        state, losses = _epoch(state, shown, answers, plan, config=config, total_steps=total)
        kept = jax.tree.map(np.asarray, state.parameters)
        yield Reader(config.network, kept, {"epochs": epoch + 1}), float(losses.mean())


def save_reader(reader: Reader, path: Path, facts: dict[str, Any]) -> None:
    """Write a recogniser with its configuration and what is known of it."""
    network = dataclasses.asdict(reader.config)
    save_weights(path, reader.parameters, {"network": network, **reader.facts, **facts})


def load_reader(path: Path = THINNED_READER) -> Reader:
    """Read a recogniser.

    Raises:
      RunError: the file is missing, damaged or of another network.
    """
    facts = load_facts(path)
    sizes = dict(facts["network"])
    config = RecognizerConfig(**sizes | {"channels": tuple(sizes["channels"])})
    shapes = jax.eval_shape(lambda: initial_recognizer(config, key=jax.random.key(0)))
    return Reader(config, load_weights(path, shapes), facts)
