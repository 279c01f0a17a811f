"""Training a recogniser: the steps, the order of an epoch, and which epoch is best."""

import functools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from strokes.classes import DIGITS, Classes
from strokes.compilation import RUN_ONCE
from strokes.networks.recognizer import RecognizerParameters, initial_recognizer, recognize
from strokes.reading.recognizer import FULL_INK, Labels, Pictures, Recognizer
from train.errors import RunError
from train.recognizer.augmentation import augment
from train.recognizer.calibration import cross_entropy, fit_temperature
from train.recognizer.config import RecognitionConfig
from train.recognizer.sampling import draw

_AUGMENT_STREAM, _DROPOUT_STREAM = 0, 1


class TrainingState(NamedTuple):
    """All that changes in training."""

    parameters: RecognizerParameters
    averaged: RecognizerParameters | None
    """Moving average of the weights, which is what reads; none where the last ones do."""
    optimizer: Any
    step: jax.Array


class Epoch(NamedTuple):
    """What an epoch left."""

    recognizer: Recognizer
    loss: float
    """Mean over its steps, of changed pictures."""
    held_out_loss: float
    held_out_accuracy: float
    """Both of the held-out pictures; nan where there are none."""
    best: bool
    """Whether no epoch before read the held-out pictures better; true where there are none."""


def optimizer_of(
    config: RecognitionConfig, rate: optax.Schedule | float
) -> optax.GradientTransformation:
    """The optimizer that a configuration names, at a learning rate or a schedule of it."""
    if config.optimizer == "sgd":
        return optax.sgd(rate)
    return optax.adamw(rate, weight_decay=config.weight_decay)


def initial_state(
    parameters: RecognizerParameters,
    optimizer: optax.GradientTransformation,
    *,
    averaging: bool = False,
) -> TrainingState:
    """Before the first step; `run_steps` gives ``parameters`` away."""
    begin = jax.jit(optimizer.init, compiler_options=RUN_ONCE)
    # A copy, as both are given away.
    averaged = jax.tree.map(jnp.copy, parameters) if averaging else None
    return TrainingState(parameters, averaged, begin(parameters), jnp.zeros((), jnp.int32))


@functools.partial(jax.jit, static_argnames=("config", "optimizer"), donate_argnums=0)
def run_steps(
    state: TrainingState,
    pictures: jax.Array,
    labels: jax.Array,
    order: jax.Array,
    *,
    config: RecognitionConfig,
    optimizer: optax.GradientTransformation,
) -> tuple[TrainingState, jax.Array]:
    """Run a step for each row of ``order``.

    Args:
      state: where to begin; it is given away.
      pictures: uint8 ``[M, H, W]``, of the kind that the configuration names.
      labels: int32 ``[M]``.
      order: which pictures each step sees, int32 ``[steps, B]``.
      config: how; of it, the order of pictures and the learning rate are not used.
      optimizer: that ``state`` was made with.

    Returns:
      the state after the steps, and the loss of each, ``[steps]``.
    """

    def step(state: TrainingState, chosen: jax.Array) -> tuple[TrainingState, jax.Array]:
        key = jax.random.fold_in(jax.random.key(config.seed), state.step)
        shown = pictures[chosen].astype(jnp.float32) / FULL_INK[config.data]
        batch = augment(
            shown, config=config.augmentation, key=jax.random.fold_in(key, _AUGMENT_STREAM)
        )

        def loss_of(parameters: RecognizerParameters) -> jax.Array:
            logits = recognize(
                config.network,
                parameters,
                batch,
                dropout=config.dropout,
                key=jax.random.fold_in(key, _DROPOUT_STREAM),
            )
            return jnp.mean(_losses(logits, labels[chosen], config.smoothing))

        loss, slope = jax.value_and_grad(loss_of)(state.parameters)
        updates, inner = optimizer.update(slope, state.optimizer, state.parameters)
        parameters = optax.apply_updates(state.parameters, updates)
        averaged = state.averaged
        if averaged is not None:
            # Short memory in the first steps, so that the initial weights are soon forgotten.
            kept = jnp.minimum(config.averaging, (1.0 + state.step) / (10.0 + state.step))
            averaged = optax.incremental_update(parameters, averaged, 1.0 - kept)
        return TrainingState(parameters, averaged, inner, state.step + 1), loss

    return jax.lax.scan(step, state, order)


def _losses(logits: jax.Array, labels: jax.Array, smoothing: float) -> jax.Array:
    """Cross entropy of each picture, ``[B]``."""
    if not smoothing:
        return optax.softmax_cross_entropy_with_integer_labels(logits, labels)
    told = jax.nn.one_hot(labels, logits.shape[1])
    return optax.softmax_cross_entropy(logits, optax.smooth_labels(told, smoothing))


def epoch_order(
    labels: Labels, config: RecognitionConfig, generator: np.random.Generator
) -> npt.NDArray[np.int32]:
    """Which pictures each step of an epoch sees, ``[steps, B]``; what fills no batch is left out.

    Args:
      labels: of the pictures, ``[M]``.
      config: how many a step sees, and how they are drawn.
      generator: of randomness.
    """
    steps = len(labels) // config.batch_size
    order = draw(labels, steps * config.batch_size, config, generator)
    return order.reshape(steps, -1)


def held_out_places(labels: Labels, held_out: int, writers: Labels | None) -> tuple[Labels, Labels]:
    """Which of M pictures teach, and which judge: nothing of one is among the others.

    Args:
      labels: of the pictures, ``[M]``.
      held_out: how many judge. The last ones; but by lot, and never the first of a class, where
        each class lies in one piece.
      writers: of the pictures, ``[M]``: whole writers judge, drawn by lot, until they are enough.

    Returns:
      places of those that teach, and of those that judge, int32, rising.
    """
    count = len(labels)
    judging = np.arange(count) >= count - held_out
    first = np.diff(labels, prepend=-1) != 0
    if writers is None and first.sum() == len(np.unique(labels)):
        others = np.random.default_rng(0).permutation(np.flatnonzero(~first))
        judging = np.isin(np.arange(count), others[:held_out])
    if writers is not None and held_out:
        people, sizes = np.unique(writers, return_counts=True)
        chosen = np.random.default_rng(0).permutation(len(people))
        enough = int(np.searchsorted(np.cumsum(sizes[chosen]), held_out)) + 1
        judging = np.isin(writers, people[chosen[:enough]])
    places = np.arange(count, dtype=np.int32)
    return places[~judging], places[judging]


def _schedule(config: RecognitionConfig, steps: int) -> optax.Schedule | float:
    """The learning rate over so many steps."""
    if config.schedule == "one-cycle":
        return optax.cosine_onecycle_schedule(steps, config.learning_rate)
    return config.learning_rate


def _judged(
    uncalibrated: Recognizer, loss: float, held_out: tuple[Pictures, Labels], highest: float
) -> Epoch:
    """An epoch by the held-out pictures, which calibrate its recogniser too.

    Args:
      uncalibrated: the recogniser that the epoch left.
      loss: of its training.
      held_out: pictures and labels, at least one.
      highest: accuracy of the best epoch before.
    """
    pictures, truth = held_out
    logits = uncalibrated.logits(pictures)
    accuracy = float((logits.argmax(axis=1) == truth).mean())
    facts = uncalibrated.facts | {"temperature": fit_temperature(logits, truth)}
    return Epoch(
        uncalibrated._replace(facts=facts),
        loss,
        held_out_loss=float(cross_entropy(logits, truth).mean()),
        held_out_accuracy=accuracy,
        best=accuracy >= highest,
    )


def train_recognizer(
    config: RecognitionConfig,
    pictures: Pictures,
    labels: Labels,
    *,
    classes: Classes = DIGITS,
    writers: Labels | None = None,
) -> Iterator[Epoch]:
    """Train a recogniser.

    Args:
      config: how.
      pictures: ``[M, H, W]``: 0 to 255 if grey, 0 and 1 if thinned.
      labels: ``[M]``, numbers of classes.
      classes: as many as the network has logits.
      writers: of the pictures, ``[M]``, if they are known: those who judge do not teach.

    Yields:
      after each epoch the recogniser, calibrated if pictures are held out.

    Raises:
      RunError: fewer pictures than a batch.
    """
    assert len(classes) == config.network.outputs
    taught, judging = held_out_places(labels, config.held_out, writers)
    if len(taught) < config.batch_size:
        raise RunError(
            f"{len(pictures)} pictures, {config.held_out} of them held out: "
            f"expected a batch of {config.batch_size} or more to train on"
        )
    steps = config.epochs * (len(taught) // config.batch_size)
    optimizer = optimizer_of(config, _schedule(config, steps))
    initial = initial_recognizer(config.network, key=jax.random.key(config.seed))
    state = initial_state(initial, optimizer, averaging=config.averaging > 0)
    generator = np.random.default_rng(config.seed)
    shown, answers = jnp.asarray(pictures), jnp.asarray(labels)
    held_out = pictures[judging], labels[judging]
    highest = 0.0
    for number in range(1, config.epochs + 1):
        order = jnp.asarray(taught[epoch_order(labels[taught], config, generator)])
        state, losses = run_steps(state, shown, answers, order, config=config, optimizer=optimizer)
        reading = state.parameters if state.averaged is None else state.averaged
        kept = jax.tree.map(np.asarray, reading)
        facts = {"data": config.data, "temperature": 1.0, "epochs": number, **classes.facts()}
        recognizer, loss = Recognizer(config.network, kept, facts), float(losses.mean())
        if config.held_out:
            epoch = _judged(recognizer, loss, held_out, highest)
            highest = max(highest, epoch.held_out_accuracy)
        else:
            epoch = Epoch(recognizer, loss, math.nan, math.nan, best=True)
        yield epoch
