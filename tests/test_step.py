import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from datasets import load_thinned
from strokes import DecoderConfig, NetworksConfig
from train.config import LossConfig, RecordingsConfig, TrainConfig
from train.examples import Digits, make_batch
from train.recordings import Examples, make_deformer
from train.step import (
    Program,
    clip_each_network,
    initial_state,
    learning_rate_schedule,
    make_optimizer,
    metric_names,
    run_steps,
    train_step,
)

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
    return Examples(*map(jnp.asarray, deformer.examples(config.recordings.each, seed=0, epoch=0)))


def program_of(config, steps, total):
    blank = {name: jnp.zeros(steps) for name in metric_names(config)}
    return Program(initial_state(config, total), blank, jnp.asarray(True))


def run(config, data, plan, *cuts):
    program = program_of(config, len(plan), 2 * len(plan))
    examples = examples_of(config)
    for first, stop in zip(cuts, cuts[1:], strict=False):
        program = run_steps(
            program,
            data,
            examples,
            plan,
            jnp.int32(first),
            jnp.int32(stop),
            config=config,
            total_steps=2 * len(plan),
        )
    return program


@pytest.mark.parametrize(
    "config",
    [
        TINY,
        dataclasses.replace(
            TINY, networks=NetworksConfig(DecoderConfig(points=6, width=8, dropout=0.3))
        ),
    ],
    ids=["plain", "dropout"],
)
def test_the_cut_of_an_epoch_changes_nothing(rng, config):
    data = digits()
    plan = plan_of(data, config, 9, rng)
    whole, cut = run(config, data, plan, 0, 9), run(config, data, plan, 0, 1, 2, 7, 9)
    for one, other in zip(jax.tree.leaves(whole), jax.tree.leaves(cut), strict=True):
        np.testing.assert_array_equal(one, other)
    assert int(whole.state.step) == 9


def test_a_program_is_its_steps_one_by_one(rng):
    data = digits()
    plan = plan_of(data, TINY, 3, rng)
    program = run(TINY, data, plan, 0, 3)
    state = initial_state(TINY, 6)
    optimizer = make_optimizer(TINY, 6)
    one_step = jax.jit(lambda *args: train_step(*args, TINY, optimizer))
    examples = examples_of(TINY)
    for step in range(3):
        batch = make_batch(data, examples, plan[step], jnp.int32(step), TINY)
        state, metrics = one_step(state, batch)
        assert metrics["loss"] == pytest.approx(float(program.metrics["loss"][step]), rel=1e-4)


def test_loss_falls(rng):
    data = digits(60)
    plan = plan_of(data, TINY, 80, rng)
    metrics = run(TINY, data, plan, 0, 80).metrics
    for name in ("loss", "recording"):
        column = np.asarray(metrics[name])
        assert column[-10:].mean() < 0.8 * column[:3].mean(), name


def test_a_loss_that_is_not_finite_stops_at_once(rng):
    config = dataclasses.replace(TINY, learning_rate=1e30, clip=0.0, warmup_steps=0)
    config = dataclasses.replace(config, schedule="constant")
    data = digits()
    plan = plan_of(data, config, 30, rng)
    program = program_of(config, 30, 30)
    broken = jax.tree.map(lambda leaf: leaf.at[...].set(jnp.nan), program.state.parameters)
    program = program._replace(state=program.state._replace(parameters=broken))
    program = run_steps(
        program,
        data,
        examples_of(config),
        plan,
        jnp.int32(0),
        jnp.int32(30),
        config=config,
        total_steps=30,
    )
    assert not bool(program.finite)
    assert int(program.state.step) == 1


def test_each_network_is_clipped_by_itself():
    updates = {"a": jnp.array([[3.0, 0.0], [0.3, 0.0]]), "b": jnp.array([[4.0], [0.4]])}
    clip = clip_each_network(1.0)
    clipped, _ = clip.update(updates, clip.init(updates))
    np.testing.assert_allclose(clipped["a"], [[0.6, 0.0], [0.3, 0.0]], rtol=1e-6)
    np.testing.assert_allclose(clipped["b"], [[0.8], [0.4]], rtol=1e-6)


def test_schedules():
    config = dataclasses.replace(TINY, learning_rate=0.1, warmup_steps=10)
    cosine = learning_rate_schedule(config, 100)
    assert cosine(0) == 0.0
    assert cosine(10) == pytest.approx(0.1)
    assert cosine(55) == pytest.approx(0.0505, rel=0.01)
    assert cosine(100) == pytest.approx(0.001)
    constant = learning_rate_schedule(dataclasses.replace(config, schedule="constant"), 100)
    assert [float(constant(k)) for k in (0, 5, 10, 90)] == pytest.approx([0, 0.05, 0.1, 0.1])
    at_once = dataclasses.replace(config, schedule="constant", warmup_steps=0)
    assert learning_rate_schedule(at_once, 100)(0) == pytest.approx(0.1)


def test_clip_of_zero_is_no_clip():
    config = dataclasses.replace(TINY, clip=0.0)
    parameters = initial_state(config, 4).parameters
    state = make_optimizer(config, 4).init(parameters)
    plain = optax.adam(learning_rate_schedule(config, 4)).init(parameters)
    assert jax.tree.structure(state) == jax.tree.structure(plain)


def test_dropout_changes_with_the_step(rng):
    config = dataclasses.replace(
        TINY, networks=NetworksConfig(DecoderConfig(points=6, width=8, dropout=0.5))
    )
    data = digits()
    plan = jnp.repeat(plan_of(data, config, 1, rng), 2, axis=0)
    still = dataclasses.replace(config, learning_rate=1e-12)
    loss = run(still, data, plan, 0, 2).metrics["loss"]
    assert loss[0] != loss[1]
