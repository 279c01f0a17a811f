"""A run so small that its tests take seconds."""

import jax.numpy as jnp
import numpy as np

from datasets import load_thinned
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.writing.config import LossConfig
from train.stroke_model.batches import Digits
from train.stroke_model.config import RecordingsConfig, TrainConfig
from train.stroke_model.recordings import RecordedExamples, make_deformer

TINY = TrainConfig(
    networks=NetworksConfig(DecoderConfig(points=6, width=8)),
    loss=LossConfig(),
    recordings=RecordingsConfig(pretraining=2, each=5),
    epochs=2,
    batch_size=20,
    warmup_steps=2,
)


def digits(count=200):
    images, labels = load_thinned("train")
    return Digits(jnp.asarray(images[:count]), jnp.asarray(labels[:count]))


def plan_of(data, config, steps, rng):
    groups = [np.flatnonzero(np.asarray(data.labels) == digit) for digit in range(10)]
    batch = config.batch_size // 10
    return jnp.asarray(
        np.stack([[rng.choice(group, batch) for group in groups] for _ in range(steps)]), jnp.int32
    )


def examples_of(config):
    deformer = make_deformer(config)
    return RecordedExamples(
        *map(jnp.asarray, deformer.examples(config.recordings.each, seed=0, epoch=0))
    )
