"""Training the gate: which plan a picture tells of, learned from deformed recordings."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from datasets.deformation import Deformation, deform, draw_thinned
from strokes.ink import Flags, Points
from strokes.networks.config import DIGITS, RecognizerConfig
from strokes.networks.recognizer import RecognizerParameters, initial_recognizer
from strokes.writing.plans import Labels, plan_logits
from train.stroke_model.batches import shift

_BATCH = 256
_EACH_EPOCH = 5_000
"""Examples that an epoch has at least: of few recordings each is deformed many times."""
_LEARNING_RATE = 0.003
_WEIGHT_DECAY = 0.05
_DROPOUT = 0.3
_SHIFT = 2  # pixels


def gate_config(most: int, *, height: int, width: int) -> RecognizerConfig:
    """Sizes of a gate for so many plans of each digit."""
    return RecognizerConfig(height, width, outputs=DIGITS * most)


@functools.partial(jax.jit, static_argnames=("config", "optimizer"), donate_argnums=(0, 1))
def _run(
    gate: RecognizerParameters,
    state: Any,
    pictures: jax.Array,  # [steps, B, H, W]
    labels: jax.Array,  # [steps, B]
    plans: jax.Array,  # [steps, B]
    numbers: jax.Array,
    key: jax.Array,
    *,
    config: RecognizerConfig,
    optimizer: optax.GradientTransformation,
) -> tuple[RecognizerParameters, Any]:
    def step(carry: tuple[RecognizerParameters, Any], given: Any) -> tuple[Any, None]:
        gate, state = carry
        shown, told, truth, key = given
        shift_key, dropout_key = jax.random.split(key)
        offsets = jax.random.randint(shift_key, (len(shown), 2), -_SHIFT, _SHIFT + 1)
        seen = shift(shown.astype(jnp.float32), offsets, most=_SHIFT)

        def loss_of(gate: RecognizerParameters) -> jax.Array:
            logits = plan_logits(
                config, gate, seen, told, numbers, dropout=_DROPOUT, key=dropout_key
            )
            return jnp.mean(optax.softmax_cross_entropy_with_integer_labels(logits, truth))

        updates, state = optimizer.update(jax.grad(loss_of)(gate), state, gate)
        return (optax.apply_updates(gate, updates), state), None

    keys = jax.random.split(key, len(pictures))
    return jax.lax.scan(step, (gate, state), (pictures, labels, plans, keys))[0]


def train_gate(
    paths: Points,
    lifted: Flags,
    labels: Labels,
    plans: Labels,
    numbers: Labels,
    *,
    config: RecognizerConfig,
    deformation: Deformation,
    epochs: int,
    seed: int,
    stop: Callable[[], bool] = lambda: False,
) -> RecognizerParameters | None:
    """Train a gate on recordings, deformed anew in every epoch.

    Args:
      paths: of recordings, ``[R, K, 2]``.
      lifted: ``[R, K]``.
      labels: ``[R]``.
      plans: of each recording, ``[R]``, at least 0.
      numbers: how many plans each digit has, ``[10]``.
      config: of the gate.
      deformation: how far recordings are deformed.
      epochs: times that each recording is seen, or, of few, as many times `_EACH_EPOCH` examples.
      seed: decides all randomness.
      stop: asked before each epoch whether to stop.

    Returns:
      the gate's parameters; none if it was stopped.
    """
    copies = -(-_EACH_EPOCH // len(labels))
    every = np.tile(np.arange(len(labels)), copies)
    steps, batch = len(every) // _BATCH, _BATCH
    schedule = optax.cosine_onecycle_schedule(max(2, epochs * steps), _LEARNING_RATE)
    optimizer = optax.adamw(schedule, weight_decay=_WEIGHT_DECAY)
    key = jax.random.key(seed)
    gate = initial_recognizer(config, key=key)
    state = optimizer.init(gate)
    told = jnp.asarray(numbers)
    for epoch in range(epochs):
        if stop():
            return None
        generator = np.random.default_rng([seed, epoch, 3])
        order = generator.permutation(every)[: steps * batch]
        moved = deform(paths[order], lifted[order], deformation, generator=generator)
        drawn = draw_thinned(moved, lifted[order], generator=generator, side=config.height)

        def cut(array: npt.NDArray[Any]) -> jax.Array:
            return jnp.asarray(array.reshape(steps, batch, *array.shape[1:]))

        gate, state = _run(
            gate,
            state,
            cut(drawn),
            cut(labels[order]),
            cut(plans[order]),
            told,
            jax.random.fold_in(key, epoch),
            config=config,
            optimizer=optimizer,
        )
    return gate
