"""Every preset at both budgets: sizes as published, and two steps that lower the loss."""

import dataclasses
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from datasets import load_thinned
from rasterizer import initial_neural_line
from strokes import decode, parameter_count
from train.batches import group_by_network
from train.examples import Digits, make_batch
from train.line_training import line_weights
from train.losses import draw
from train.presets import PRESETS, preset
from train.recordings import make_deformer
from train.step import initial_state, make_optimizer, train_step, training_loss
from train.weights import save_weights

REFERENCE = ("neural-line", "box-sum", "box-sum-dropout", "box-max", "box-sum-aux")


@pytest.mark.parametrize("name", REFERENCE)
def test_single_models_are_of_the_published_size(name):
    config = preset(name)
    decoder = config.networks.decoder
    assert (decoder.width, decoder.layers, decoder.points) == (512, 3, 20)
    assert (config.epochs, config.learning_rate, config.batch_size) == (5, 0.0005, 64)
    assert not config.networks.ensemble
    inputs = 784 + 10 + 3  # picture, label, previous point
    layers = [4 * 512 * (inputs + 512 + 1), 4 * 512 * (1024 + 1), 4 * 512 * (1024 + 1)]
    state = initial_state(config, 1)
    assert parameter_count(state.parameters) == sum(layers) + 3 * (512 + 1)


def test_the_ensemble_is_of_the_published_size():
    for name in ("ensemble", "ensemble-human"):
        config = preset(name)
        assert (config.networks.decoder.width, config.networks.count) == (64, 10)
        assert (config.epochs, config.learning_rate, config.batch_size) == (15, 0.001, 640)
        assert (config.loss.angle, config.loss.distance) == (0.01, 0.01)
    assert preset("ensemble-human").recordings.interleaved == 2


@pytest.mark.parametrize("name", [name for name in PRESETS if name not in ("demo", "human")])
def test_two_steps_lower_the_loss_and_the_frozen_line_stays(name, tmp_path):
    config = preset(name, budget="small")
    file = str(tmp_path / "line.safetensors")
    if config.loss.line == "neural":  # any line will do
        save_weights(Path(file), initial_neural_line(key=jax.random.key(0)), {})
        config = dataclasses.replace(
            config, loss=dataclasses.replace(config.loss, neural_line=file)
        )
    config = dataclasses.replace(config, batch_size=20, warmup_steps=0, shift=0)
    recordings = dataclasses.replace(config.recordings, pretraining=0, interleaved=0)
    config = dataclasses.replace(config, recordings=recordings)
    images, labels = (array[:400] for array in load_thinned("train"))
    groups = group_by_network(labels, config.networks)
    plan = jnp.asarray(np.stack([group[: 20 // len(groups)] for group in groups]).astype(np.int32))
    deformer = make_deformer(config)
    examples = None
    if deformer is not None:
        found = deformer.examples(4, seed=0, epoch=0)
        examples = jax.tree.map(jnp.asarray, found)
    digits = Digits(jnp.asarray(images), jnp.asarray(labels))
    state = initial_state(config, 10)
    batch = make_batch(digits, examples, plan, state.step, config)
    optimizer = make_optimizer(config, 10)
    line = jax.tree.map(np.array, line_weights(file)) if config.loss.line == "neural" else None
    before = training_loss(state.parameters, batch, config)[0]
    step = jax.jit(lambda state: train_step(state, batch, config, optimizer)[0])
    for _ in range(2):
        state = step(state)
    assert training_loss(state.parameters, batch, config)[0] < before
    if line is not None:
        for old, new in zip(line, line_weights(file), strict=True):
            np.testing.assert_array_equal(old, new)
        points = decode(config.networks, state.parameters, batch.images, batch.labels)
        assert draw(points, config.loss, height=28, width=28).shape == batch.images.shape
