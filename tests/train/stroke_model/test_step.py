import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from strokes.networks.config import NetworksConfig
from tests.train.stroke_model.tiny import PLAIN, TINY, digits, examples_of, plan_of, teachers_of
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
    training_loss,
)

pytestmark = pytest.mark.usefixtures("quick_compiler")

STEPS = 80  # of an epoch; tests run as many as they need of one compiled program


def with_dropout(config, dropout):
    decoder = dataclasses.replace(config.networks.decoder, layers=2, dropout=dropout)
    networks = dataclasses.replace(config.networks, decoder=decoder)
    return dataclasses.replace(config, networks=networks)


def program_of(config):
    blank = {name: jnp.zeros(STEPS) for name in metric_names(config)}
    return EpochState(initial_state(config, 2 * STEPS), blank, jnp.asarray(True))


def run_on(program, config, data, plan, first, stop):
    return run_steps(
        program,
        data,
        examples_of(TINY if config.networks.plans else PLAIN),
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
    [TINY, PLAIN, with_dropout(TINY, 0.3)],
    ids=["plans", "plain", "dropout"],
)
def test_the_cut_of_an_epoch_changes_nothing(rng, config):
    data = digits(60, TINY if config.networks.plans else PLAIN)
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


@pytest.mark.parametrize("config", [TINY, PLAIN], ids=["plans", "plain"])
def test_loss_falls(rng, config):
    data = digits(60, config)
    plan = plan_of(data, config, STEPS, rng)
    metrics = run(config, data, plan, 0, STEPS).metrics
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
    config = dataclasses.replace(TINY, learning_rate=0.1, warmup_steps=10, late=0.0)
    cosine = learning_rate_schedule(config, 100)
    assert cosine(0) == 0.0
    assert cosine(10) == pytest.approx(0.1)
    assert cosine(55) == pytest.approx(0.0505, rel=0.01)
    assert cosine(100) == pytest.approx(0.001)
    constant = learning_rate_schedule(dataclasses.replace(config, schedule="constant"), 100)
    assert [float(constant(k)) for k in (0, 5, 10, 90)] == pytest.approx([0, 0.05, 0.1, 0.1])
    at_once = dataclasses.replace(config, schedule="constant", warmup_steps=0)
    assert learning_rate_schedule(at_once, 100)(0) == pytest.approx(0.1)
    again = learning_rate_schedule(dataclasses.replace(config, late=0.5), 200)  # half of 2 epochs
    for step in (0, 10, 55, 99):
        assert again(step) == pytest.approx(cosine(step))
        assert again(100 + step) == pytest.approx(0.5 * cosine(step))


def test_clip_of_zero_is_no_clip():
    config = dataclasses.replace(TINY, clip=0.0)
    parameters = initial_state(config, 4).parameters
    state = make_optimizer(config, 4).init(parameters)
    plain = optax.adam(learning_rate_schedule(config, 4)).init(parameters)
    assert jax.tree.structure(state) == jax.tree.structure(plain)


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_dropout_and_nothing_else_changes_with_the_step(rng, dropout):
    config = dataclasses.replace(
        with_dropout(PLAIN, dropout),
        recordings=dataclasses.replace(PLAIN.recordings, source="none"),
    )
    data = digits(60, PLAIN)
    batch = make_batch(data, None, plan_of(data, config, 1, rng)[0], jnp.int32(0), config)
    state, optimizer = initial_state(config, 10), make_optimizer(config, 10)
    one_step = jax.jit(lambda state: train_step(state, batch, config, optimizer)[1]["loss"])
    first, again, later = (one_step(state._replace(step=jnp.int32(step))) for step in (0, 0, 1))
    assert first == again
    assert (first != later) == (dropout > 0)


@pytest.mark.parametrize("ensemble", [True, False])
def test_each_plan_begins_from_its_path(rng, ensemble):
    networks = NetworksConfig(TINY.networks.decoder, ensemble, plans=3)
    config = dataclasses.replace(TINY, networks=networks)
    paths = rng.uniform(-0.1, 1.1, (10, 3, 6, 2)).astype(np.float32)
    parameters = initial_state(config, 10, paths).parameters
    begun = jax.nn.sigmoid(parameters["plan_path"][...])
    expected = np.clip(paths, 0.02, 0.98)  # logits stay finite
    if ensemble:
        assert begun.shape == (10, 3, 6, 2)
        np.testing.assert_allclose(begun, expected, rtol=1e-5)
    else:  # label by label, each with its plans
        assert begun.shape == (1, 30, 6, 2)
        for label in range(10):
            np.testing.assert_allclose(begun[0, 3 * label + 2], expected[label, 2], rtol=1e-5)
    without = initial_state(config, 10).parameters
    assert not without["plan_path"][...].any()
    for name in ("picture_kernel", "head_kernel"):  # nothing else depends on the paths
        np.testing.assert_array_equal(parameters[name][...], without[name][...])


def test_a_planned_run_begins_nearer_to_its_recordings(rng):
    data = digits(60)
    batch = make_batch(data, examples_of(TINY), plan_of(data, TINY, 1, rng)[0], jnp.int32(0), TINY)
    begun, blank = (
        training_loss(initial_state(TINY, 10, paths).parameters, batch, TINY)[1]["recording"]
        for paths in (teachers_of(TINY).plan_paths(), None)
    )
    assert begun < 0.6 * blank


@pytest.mark.parametrize("config", [TINY, PLAIN], ids=["plans", "plain"])
def test_recordings_pay_for_their_points_by_their_weight(rng, config):
    data, teaching = digits(60, config), config
    order = plan_of(data, config, 1, rng)[0]
    shared = dataclasses.replace(config.recordings, share=0.5)
    config = dataclasses.replace(config, recordings=shared)
    batch = make_batch(data, examples_of(teaching), order, jnp.int32(4), config)
    assert batch.recorded.mean() == pytest.approx(1 / 3)
    parameters = initial_state(config, 10).parameters

    def weighed(weight):
        recordings = dataclasses.replace(config.recordings, weight=weight)
        return training_loss(parameters, batch, dataclasses.replace(config, recordings=recordings))

    (none, terms), (some, _) = weighed(0.0), weighed(3.0)
    # The report is of the recordings alone; the loss is a mean over examples, a sum over decoders.
    rise = 10 * batch.recorded.mean() * 3.0 * terms["recording"]
    assert some - none == pytest.approx(float(rise), rel=1e-3)
    assert rise > 0.1


def test_where_plans_say_where_to_lift_no_lift_is_taught(rng):
    data = digits(60)
    batch = make_batch(data, examples_of(TINY), plan_of(data, TINY, 1, rng)[0], jnp.int32(0), TINY)
    parameters = initial_state(TINY, 10).parameters
    values = []
    for lifts in (0.0, 5.0):
        recordings = dataclasses.replace(TINY.recordings, lifts=lifts)
        config = dataclasses.replace(TINY, recordings=recordings)
        values.append(float(training_loss(parameters, batch, config)[0]))
    assert values[0] == values[1]


def test_a_program_of_steps_copies_nothing_from_the_host(rng):
    """All that it takes in is on the device already, whatever it draws at random."""
    data, examples = digits(60), examples_of(TINY)
    plan = plan_of(data, TINY, STEPS, rng)
    first, stop = jnp.int32(0), jnp.int32(3)
    options = {"config": TINY, "total_steps": 2 * STEPS}
    program = program_of(TINY)
    with jax.transfer_guard("disallow"):
        done = run_steps(program, data, examples, plan, first, stop, **options)
        jax.block_until_ready(done)
    assert int(done.state.step) == 3
    program = program_of(TINY)
    with jax.transfer_guard("disallow"), pytest.raises(Exception, match="Disallowed host-to-dev"):
        run_steps(program, data, examples, np.asarray(plan), first, stop, **options)
