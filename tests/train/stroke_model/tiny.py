"""A run so small that its tests take seconds; it goes through plans."""

import dataclasses
import functools

import jax.numpy as jnp
import numpy as np

from datasets import load_thinned
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.writing.config import LossConfig
from train.stroke_model.batches import Digits
from train.stroke_model.config import RecordingsConfig, TrainConfig
from train.stroke_model.teachers import find_teachers

TINY = TrainConfig(
    networks=NetworksConfig(DecoderConfig(points=6, width=8, layers=1, rounds=2), plans=3),
    loss=LossConfig(),
    recordings=RecordingsConfig(pretraining=2, each=5),
    gate_epochs=1,
    gate_copies=256,
    recovery_copies=256,
    epochs=2,
    batch_size=20,
    warmup_steps=2,
)

PLAIN = dataclasses.replace(TINY, networks=dataclasses.replace(TINY.networks, plans=0))
"""The same run without plans."""


@functools.cache
def teachers_of(config):
    return find_teachers(config)


def digits(count=200, config=TINY):
    """Training digits; each with a plan, if the run has plans."""
    images, labels = (part[:count] for part in load_thinned("train"))
    teachers = teachers_of(config)
    chances = None if teachers.plans is None else teachers.plans.probabilities(images, labels)
    return teachers.planned(Digits(jnp.asarray(images), jnp.asarray(labels)), chances, epoch=0)


def plan_of(data, config, steps, rng):
    groups = [np.flatnonzero(np.asarray(data.labels) == digit) for digit in range(10)]
    batch = config.batch_size // 10
    return jnp.asarray(
        np.stack([[rng.choice(group, batch) for group in groups] for _ in range(steps)]), jnp.int32
    )


def examples_of(config):
    return teachers_of(config).examples(epoch=0)
