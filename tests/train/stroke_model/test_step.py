import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from strokes.networks.config import DecoderConfig, NetworksConfig
from tests.train.stroke_model.tiny import TINY, digits, examples_of, plan_of
from train.stroke_model.batches import make_batch
from train.stroke_model.step import (
    EpochState,
    clip_each_network,
    initial_state,
    learning_rate_schedule,
    make_optimizer,
    metric_names,
    run_steps,
    train_step,
)

STEPS = 80  # of an epoch; tests run as many as they need of one compiled program


def program_of(config):
    blank = {name: jnp.zeros(STEPS) for name in metric_names(config)}
    return EpochState(initial_state(config, 2 * STEPS), blank, jnp.asarray(True))


def run_on(program, config, data, plan, first, stop):
    return run_steps(
        program,
        data,
        examples_of(config),
        plan,
        jnp.int32(first),
        jnp.int32(stop),
        config=config,
        total_steps=2 * STEPS,
    )


def run(config, data, plan, *cuts):
    program = program_of(config)
    for first, stop in zip(cuts, cuts[1:], strict=False):
        program = run_on(program, config, data, plan, first, stop)
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
    data = digits(60)
    plan = plan_of(data, config, STEPS, rng)
    whole, cut = run(config, data, plan, 0, 9), run(config, data, plan, 0, 1, 2, 7, 9)
    for one, other in zip(jax.tree.leaves(whole), jax.tree.leaves(cut), strict=True):
        np.testing.assert_array_equal(one, other)
    assert int(whole.state.step) == 9


def test_a_program_is_its_steps_one_by_one(rng):
    data = digits(60)
    plan = plan_of(data, TINY, STEPS, rng)
    program = run(TINY, data, plan, 0, 3)
    state = initial_state(TINY, 2 * STEPS)
    optimizer = make_optimizer(TINY, 2 * STEPS)
    one_step = jax.jit(lambda *args: train_step(*args, TINY, optimizer))
    examples = examples_of(TINY)
    for step in range(3):
        batch = make_batch(data, examples, plan[step], jnp.int32(step), TINY)
        state, metrics = one_step(state, batch)
        assert metrics["loss"] == pytest.approx(float(program.metrics["loss"][step]), rel=1e-4)
        assert metrics.keys() == set(metric_names(TINY))


def test_loss_falls(rng):
    data = digits(60)
    plan = plan_of(data, TINY, STEPS, rng)
    metrics = run(TINY, data, plan, 0, STEPS).metrics
    for name in ("loss", "recording"):
        column = np.asarray(metrics[name])
        assert column[-10:].mean() < 0.8 * column[:3].mean(), name


def test_a_loss_that_is_not_finite_stops_at_once(rng):
    data = digits(60)
    plan = plan_of(data, TINY, STEPS, rng)
    program = program_of(TINY)
    broken = jax.tree.map(lambda leaf: leaf.at[...].set(jnp.nan), program.state.parameters)
    program = program._replace(state=program.state._replace(parameters=broken))
    program = run_on(program, TINY, data, plan, 0, 30)
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


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_dropout_and_nothing_else_changes_with_the_step(rng, dropout):
    config = dataclasses.replace(
        TINY,
        networks=NetworksConfig(DecoderConfig(points=6, width=8, dropout=dropout)),
        recordings=dataclasses.replace(TINY.recordings, source="none"),
    )
    data = digits(60)
    batch = make_batch(data, None, plan_of(data, config, 1, rng)[0], jnp.int32(0), config)
    state, optimizer = initial_state(config, 10), make_optimizer(config, 10)
    one_step = jax.jit(lambda state: train_step(state, batch, config, optimizer)[1]["loss"])
    first, again, later = (one_step(state._replace(step=jnp.int32(step))) for step in (0, 0, 1))
    assert first == again
    assert (first != later) == (dropout > 0)
