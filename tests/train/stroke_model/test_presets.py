"""Every preset at both budgets: sizes as published, and two steps that lower the loss."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from datasets import load_thinned
from rasterizer import initial_neural_line
from strokes.networks.stack import decode, parameter_count
from strokes.writing.drawing import draw
from train.stroke_model.batches import Digits, make_batch
from train.stroke_model.order import group_by_network
from train.stroke_model.presets import PRESETS, preset
from train.stroke_model.step import initial_state, make_optimizer, train_step
from train.stroke_model.teachers import find_teachers

pytestmark = pytest.mark.usefixtures("quick_compiler")

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


def few_digits(config):
    """The preset at its small budget with steps of 20 pictures, and one such step's batch.

    And the paths from which its plans begin, if it has plans.
    """
    config = dataclasses.replace(config, batch_size=20, warmup_steps=0, shift=0, gate_epochs=1)
    recordings = dataclasses.replace(config.recordings, pretraining=0, interleaved=0, each=4)
    config = dataclasses.replace(config, recordings=recordings)
    images, labels = (array[:400] for array in load_thinned("train"))
    groups = group_by_network(labels, config.networks)
    plan = jnp.asarray(np.stack([group[: 20 // len(groups)] for group in groups]).astype(np.int32))
    teachers = find_teachers(config)
    digits = Digits(jnp.asarray(images), jnp.asarray(labels))
    if teachers.plans is not None:
        chances = teachers.plans.probabilities(images, labels)
        digits = teachers.planned(digits, chances, epoch=0)
    batch = make_batch(digits, teachers.examples(0), plan, jnp.int32(0), config)
    return config, batch, teachers.plan_paths()


@pytest.mark.parametrize("name", [name for name in PRESETS if name not in ("demo", "human")])
def test_two_steps_lower_the_loss_and_the_frozen_line_stays(name):
    config, batch, plan_paths = few_digits(preset(name, budget="small"))
    assert (plan_paths is not None) == (config.networks.plans > 0) == (name == "standard")
    if plan_paths is not None:  # from where whole steps lead away, which the warm-up spares it
        config = dataclasses.replace(config, learning_rate=0.05 * config.learning_rate)
    line = kept = None
    if config.drawing.line == "neural":  # any line will do
        line = initial_neural_line(key=jax.random.key(0))
        kept = jax.tree.map(np.array, line)
    state = initial_state(config, 10, plan_paths)
    optimizer = make_optimizer(config, 10)

    step = jax.jit(
        lambda state, line: train_step(state, batch, config, optimizer, neural_line=line)
    )
    losses = []
    for _ in range(3):
        state, metrics = step(state, line)
        losses.append(metrics["loss"])
    assert losses[2] < losses[0]
    if line is not None:
        for old, new in zip(kept, line, strict=True):
            np.testing.assert_array_equal(old, new)
        points = decode(config.networks, state.parameters, batch.images, batch.contexts)
        drawn = draw(points, config.drawing, height=28, width=28, neural_line=line)
        assert drawn.shape == batch.images.shape
