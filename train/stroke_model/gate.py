"""Training a gate: what a picture tells of plans, learned from deformed recordings.

Before decoders learn, it learns which plan the person followed; afterwards anew, which plans
recover what the person did.
"""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from strokes.compilation import RUN_ONCE
from strokes.networks.config import NetworksConfig, RecognizerConfig
from strokes.networks.recognizer import RecognizerParameters, initial_recognizer
from strokes.writing.plans import Labels, plan_logits
from train.stroke_model.batches import shift

_BATCH = 256
_LEARNING_RATE = 0.003
_WEIGHT_DECAY = 0.05
_DROPOUT = 0.3
_SHIFT = 2  # pixels


class GateExamples(NamedTuple):
    """Pictures whose plans are known."""

    pictures: npt.NDArray[np.uint8]
    """Thinned, ``[M, H, W]`` of 0 and 1."""
    labels: Labels
    """``[M]``."""
    truth: npt.NDArray[np.float32]
    """``[M, K]``: 1 for the plan that the person followed, or for each that recovers what the
    person did, else 0."""


def gate_config(networks: NetworksConfig, units: int) -> RecognizerConfig:
    """Sizes of a gate that chooses among the plans of these decoders."""
    decoder = networks.decoder
    return RecognizerConfig(
        decoder.picture_height,
        decoder.picture_width,
        channels=(units // 4, units // 2),
        units=units,
        outputs=networks.classes * networks.plans,
    )


def _optimizer(total_steps: int) -> optax.GradientTransformation:
    schedule = optax.cosine_onecycle_schedule(max(2, total_steps), _LEARNING_RATE)
    return optax.adamw(schedule, weight_decay=_WEIGHT_DECAY)


@functools.partial(
    jax.jit, static_argnames=("config", "total_steps", "exclusive"), donate_argnums=(0, 1)
)
def _run(
    gate: RecognizerParameters,
    state: Any,
    pictures: jax.Array,  # [steps, B, H, W]
    labels: jax.Array,  # [steps, B]
    truth: jax.Array,  # [steps, B, K]
    numbers: jax.Array,
    key: jax.Array,
    *,
    config: RecognizerConfig,
    total_steps: int,
    exclusive: bool,
) -> tuple[RecognizerParameters, Any]:
    optimizer = _optimizer(total_steps)

    def step(carry: tuple[RecognizerParameters, Any], given: Any) -> tuple[Any, None]:
        gate, state = carry
        shown, told, right, key = given
        shift_key, dropout_key = jax.random.split(key)
        offsets = jax.random.randint(shift_key, (len(shown), 2), -_SHIFT, _SHIFT + 1)
        seen = shift(shown.astype(jnp.float32), offsets, most=_SHIFT)

        def loss_of(gate: RecognizerParameters) -> jax.Array:
            logits = plan_logits(
                config, gate, seen, told, numbers, dropout=_DROPOUT, key=dropout_key
            )
            if exclusive:
                return jnp.mean(optax.softmax_cross_entropy(logits, right))
            return jnp.mean(jnp.sum(optax.sigmoid_binary_cross_entropy(logits, right), axis=1))

        updates, state = optimizer.update(jax.grad(loss_of)(gate), state, gate)
        return (optax.apply_updates(gate, updates), state), None

    keys = jax.random.split(key, len(pictures))
    return jax.lax.scan(step, (gate, state), (pictures, labels, truth, keys))[0]


def train_gate(
    examples: Callable[[int], GateExamples],
    numbers: Labels,
    *,
    config: RecognizerConfig,
    exclusive: bool,
    epochs: int,
    seed: int,
    stop: Callable[[], bool] = lambda: False,
) -> RecognizerParameters | None:
    """Train a gate.

    Args:
      examples: of an epoch, which is counted from 0; of each epoch as many.
      numbers: how many plans each class has, ``[C]``.
      config: of the gate.
      exclusive: each example has one plan (softmax); else each plan is asked on its own (sigmoid).
      epochs: times that examples are asked for.
      seed: decides all randomness.
      stop: asked before each epoch whether to stop.

    Returns:
      the gate's parameters; none if it was stopped.
    """
    key = jax.random.key(seed)
    gate = initial_recognizer(config, key=key)
    state = None
    for epoch in range(epochs):
        if stop():
            return None
        shown = examples(epoch)
        total_steps = epochs * (len(shown.labels) // _BATCH)
        if state is None:
            begin = jax.jit(_optimizer(total_steps).init, compiler_options=RUN_ONCE)
            state = begin(gate)
        order = np.random.default_rng([seed, epoch, 4]).permutation(len(shown.labels))

        def cut(array: npt.NDArray[Any], order: npt.NDArray[np.intp] = order) -> jax.Array:
            chosen = array[order[: len(order) // _BATCH * _BATCH]]
            return jnp.asarray(chosen.reshape(-1, _BATCH, *array.shape[1:]))

        gate, state = _run(
            gate,
            state,
            cut(shown.pictures),
            cut(shown.labels),
            cut(shown.truth),
            jnp.asarray(numbers),
            jax.random.fold_in(key, epoch),
            config=config,
            total_steps=total_steps,
            exclusive=exclusive,
        )
    return gate
