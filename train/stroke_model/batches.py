"""The examples of one step: pictures and recordings, moved a little."""

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp

from strokes.networks.stack import contexts_of
from train.stroke_model.config import RecordingsConfig, TrainConfig
from train.stroke_model.recordings import RecordedExamples

_RECORDINGS_STREAM = 1  # what a step's randomness is split into, beside dropout
_SHIFT_STREAM = 2


class Digits(NamedTuple):
    """The training pictures, on the device."""

    images: jax.Array
    """uint8 ``[M, H, W]`` of 0 and 1."""
    labels: jax.Array
    """int32 ``[M]``."""
    plans: jax.Array | None = None
    """int32 ``[M]``: the plan that each is written by in this epoch, if there are plans."""
    lifts: jax.Array | None = None
    """bool ``[C, K, T]``: where each class's plans lift the pen, likewise."""


class Batch(NamedTuple):
    """Examples of one step for each of N decoders."""

    images: jax.Array
    """``[N, B, H, W]`` in [0, 1]."""
    contexts: jax.Array
    """``[N, B]``: what decoders are told; see `NetworksConfig.contexts`."""
    points: jax.Array
    """``[N, B, T, 2]``; what was recorded, 0 for a picture."""
    lifted: jax.Array
    """bool ``[N, B, T]``; likewise, or where the plan lifts the pen, if there are plans."""
    recorded: jax.Array
    """``[N, B]``: 1 for a recording, 0 for a picture."""


def recordings_only(config: RecordingsConfig, step: jax.Array) -> jax.Array:
    """Whether a step sees recordings only: in pre-training, or as an interleaved one."""
    only = step < config.pretraining
    if config.interleaved:
        only |= step % config.interleaved == config.interleaved - 1
    return only


def shift(images: jax.Array, offsets: jax.Array, *, most: int) -> jax.Array:
    """Move pictures ``[B, H, W]`` by ``[B, 2]`` rows and columns, ``most`` at most.

    Paper moves in; what leaves the picture is lost.
    """
    padded = jnp.pad(images, [(0, 0), (most, most), (most, most)])
    cut = functools.partial(jax.lax.dynamic_slice, slice_sizes=images.shape[1:])
    return jax.vmap(cut)(padded, most - offsets)


def moved(
    images: jax.Array, points: jax.Array, *, most: int, key: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Move every picture and its points by up to ``most`` whole pixels along each axis.

    Args:
      images: ``[N, B, H, W]``; what leaves the picture is lost.
      points: ``[N, B, T, 2]`` in canvas units.
      most: pixels.
      key: of randomness.
    """
    height, width = images.shape[2:]
    offsets = jax.random.randint(key, (*images.shape[:2], 2), -most, most + 1)  # row, column
    shifted = jax.vmap(functools.partial(shift, most=most))(images, offsets)
    way = offsets[..., ::-1] / jnp.array([width, height])
    return shifted, points + way[:, :, None].astype(points.dtype)


def make_batch(
    digits: Digits,
    examples: RecordedExamples | None,
    chosen: jax.Array,
    step: jax.Array,
    config: TrainConfig,
) -> Batch:
    """The examples of a step; they follow from the seed and the step alone.

    Args:
      digits: the training pictures.
      examples: the epoch's recordings, or None.
      chosen: indices of the step's pictures, ``[N, B]``.
      step: of the run, counted from 0.
      config: of the run.

    Returns:
      the pictures, then the recordings; in a step that sees recordings only, they take
      the pictures' places.
    """
    networks, count = chosen.shape
    steps = config.networks.decoder.points
    key = jax.random.fold_in(jax.random.key(config.seed), step)
    images, labels = digits.images[chosen], digits.labels[chosen]
    plans = jnp.zeros_like(labels) if digits.plans is None else digits.plans[chosen]
    points = jnp.zeros((networks, count, steps, 2))
    lifted = jnp.zeros((networks, count, steps), bool)
    recorded = jnp.zeros((networks, count))
    if examples is not None:
        shape = (networks, count + config.recordings.beside(count))
        which = jax.random.randint(
            jax.random.fold_in(key, _RECORDINGS_STREAM), shape, 0, examples.images.shape[1]
        )
        shown = jax.tree.map(lambda leaf: leaf[jnp.arange(networks)[:, None], which], examples)
        only = recordings_only(config.recordings, step)

        def joined(pictures: jax.Array, recordings: jax.Array) -> jax.Array:
            first = jnp.where(only, recordings[:, :count], pictures)
            return jnp.concatenate([first, recordings[:, count:]], axis=1)

        images, labels = joined(images, shown.images), joined(labels, shown.labels)
        plans = joined(plans, shown.plans)
        points, lifted = joined(points, shown.points), joined(lifted, shown.lifted)
        recorded = joined(recorded, jnp.ones(shape))
    images = images.astype(jnp.float32)
    if config.shift:
        shift_key = jax.random.fold_in(key, _SHIFT_STREAM)
        images, points = moved(images, points, most=config.shift, key=shift_key)
    if digits.lifts is not None:
        lifted = digits.lifts[labels, plans]
    contexts = contexts_of(config.networks, labels, plans)
    return Batch(images, contexts, points, lifted, recorded)
