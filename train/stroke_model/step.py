"""One training step, and the program that runs many of them on the device."""

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax.scipy.special import logit
from jax.sharding import Mesh

from rasterizer import NeuralLine
from strokes.compilation import RUN_ONCE
from strokes.ink import Points
from strokes.networks.stack import Parameters, decode, initial_parameters, parameter_shapes
from strokes.writing.losses import batch_losses, example_loss
from train.stroke_model.batches import Batch, Digits, make_batch
from train.stroke_model.config import TrainConfig
from train.stroke_model.losses import recording_loss
from train.stroke_model.parallel import shared_out
from train.stroke_model.recordings import RecordedExamples

Metrics = dict[str, jax.Array]


class TrainState(NamedTuple):
    """All that changes in training."""

    parameters: Parameters
    optimizer: Any
    step: jax.Array
    """Steps done, int32 scalar."""


def clip_each_network(limit: float) -> optax.GradientTransformation:
    """Scale each decoder's gradient to a norm of at most ``limit``.

    One decoder's bad batch leaves the others' steps alone, as if each were trained
    on its own. Every leaf has the decoders as its first axis.
    """

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        del params
        squares = [
            jnp.sum(leaf.reshape(leaf.shape[0], -1) ** 2, axis=1)
            for leaf in jax.tree.leaves(updates)
        ]
        norm = jnp.sqrt(functools.reduce(jnp.add, squares))
        scale = jnp.minimum(1.0, limit / (norm + 1e-12))

        def scaled(leaf: jax.Array) -> jax.Array:
            return leaf * scale.reshape(-1, *[1] * (leaf.ndim - 1))

        return jax.tree.map(scaled, updates), state

    return optax.GradientTransformation(lambda _: optax.EmptyState(), update)


def learning_rate_schedule(config: TrainConfig, total_steps: int) -> optax.Schedule:
    """Linear warm-up, then constant or a cosine down to a hundredth.

    Where later rounds of the correction join, the rate rises and falls once more, to half the
    height.
    """
    late = total_steps * config.late_epochs // config.epochs
    rate, early = config.learning_rate, total_steps - late
    first = _rise_and_fall(config, rate, early)
    if not late:
        return first
    return optax.join_schedules([first, _rise_and_fall(config, 0.5 * rate, late)], [early])


def _rise_and_fall(config: TrainConfig, rate: float, steps: int) -> optax.Schedule:
    warmup = min(config.warmup_steps, steps // 2)
    if config.schedule == "cosine":
        return optax.warmup_cosine_decay_schedule(0.0, rate, warmup, steps, 0.01 * rate)
    rise = optax.linear_schedule(0.0, rate, max(warmup, 1))
    return rise if warmup else optax.constant_schedule(rate)


def make_optimizer(config: TrainConfig, total_steps: int) -> optax.GradientTransformation:
    """Clipping, then Adam under the schedule."""
    adam = optax.adam(learning_rate_schedule(config, total_steps))
    return optax.chain(clip_each_network(config.clip), adam) if config.clip else adam


_MARGIN = 0.02  # a path's logits stay finite


def initial_state(
    config: TrainConfig, total_steps: int, plan_paths: Points | None = None
) -> TrainState:
    """An untrained state; the seed decides it.

    Args:
      config: of the run.
      total_steps: the schedule's length.
      plan_paths: the path from which each plan begins, ``[C, K, T, 2]`` in canvas units.
    """
    parameters = initial_parameters(config.networks, key=jax.random.key(config.seed))
    if plan_paths is not None:
        paths = logit(jnp.clip(plan_paths, _MARGIN, 1.0 - _MARGIN))
        parameters["plan_path"][...] = paths.reshape(parameters["plan_path"].shape)
    begun: TrainState = _begun(config, total_steps, parameters)
    return begun


def state_shapes(config: TrainConfig) -> TrainState:
    """Shapes and types of what `initial_state` gives; nothing is computed."""
    begin = functools.partial(_beginning, config, 1)
    return jax.eval_shape(begin, parameter_shapes(config.networks))


def _beginning(config: TrainConfig, total_steps: int, parameters: Parameters) -> TrainState:
    """The state before the first step."""
    optimizer = make_optimizer(config, total_steps)
    return TrainState(parameters, optimizer.init(parameters), jnp.zeros((), jnp.int32))


_begun = jax.jit(_beginning, static_argnums=(0, 1), compiler_options=RUN_ONCE)


def training_loss(
    parameters: Parameters,
    batch: Batch,
    config: TrainConfig,
    *,
    neural_line: NeuralLine | None = None,
    rounds: int | None = None,
    key: jax.Array | None = None,
) -> tuple[jax.Array, Metrics]:
    """Loss of one batch: the mean over each decoder's examples, summed over decoders.

    Every example pays for its picture; a recording also for its points and lifts.

    Args:
      parameters: of N decoders.
      batch: examples for each.
      config: of the run.
      neural_line: weights of that line, if the run draws with it; they stay as they are.
      rounds: of the correction, the first so many; all of them if not given.
      key: for dropout.

    Returns:
      scalar, and the means of the loss and its terms over all examples; the term of
      the recordings over the recordings.
    """
    planned = config.networks.plans > 0
    points = decode(
        config.networks,
        parameters,
        batch.images,
        batch.contexts,
        lifted=batch.lifted if planned else None,
        rounds=rounds,
        key=key,
    )
    losses, terms = batch_losses(
        points,
        batch.images,
        config=config.loss,
        drawing=config.drawing,
        neural_line=neural_line,
    )
    metrics = jax.tree.map(jnp.mean, terms)
    if config.recordings.source != "none":
        one = functools.partial(
            recording_loss,
            line=config.drawing.line,
            lifts=0.0 if planned else config.recordings.lifts,  # plans say where
        )
        differences = jax.vmap(jax.vmap(one))(points, batch.points, batch.lifted)
        differences = differences * batch.recorded
        losses = losses + config.recordings.weight * differences
        count = jnp.maximum(jnp.sum(batch.recorded), 1.0)
        metrics["recording"] = jnp.sum(differences) / count
        metrics["loss"] = jnp.mean(losses)
    return jnp.sum(jnp.mean(losses, axis=1)), metrics


def train_step(
    state: TrainState,
    batch: Batch,
    config: TrainConfig,
    optimizer: optax.GradientTransformation,
    *,
    neural_line: NeuralLine | None = None,
    rounds: int | None = None,
) -> tuple[TrainState, Metrics]:
    """One step of gradient descent on a batch; see `training_loss`."""
    dropping = config.networks.decoder.dropout > 0.0
    key = jax.random.fold_in(jax.random.key(config.seed), state.step) if dropping else None
    gradient_of = jax.value_and_grad(training_loss, has_aux=True)
    (_, metrics), gradients = gradient_of(
        state.parameters, batch, config, neural_line=neural_line, rounds=rounds, key=key
    )
    updates, optimizer_state = optimizer.update(gradients, state.optimizer, state.parameters)
    parameters = optax.apply_updates(state.parameters, updates)
    return TrainState(parameters, optimizer_state, state.step + 1), metrics


class EpochState(NamedTuple):
    """State and metrics of an epoch under way: what a program of steps takes in and gives back."""

    state: TrainState
    metrics: Metrics
    """Metrics of the epoch's steps, each float32 ``[steps]``."""
    finite: jax.Array
    """False once a step's loss was not finite; no step follows it."""


@functools.partial(
    jax.jit, static_argnames=("config", "total_steps", "rounds", "mesh"), donate_argnums=0
)
def run_steps(
    epoch: EpochState,
    digits: Digits,
    examples: RecordedExamples | None,
    plan: jax.Array,
    first: jax.Array,
    stop: jax.Array,
    neural_line: NeuralLine | None = None,
    *,
    config: TrainConfig,
    total_steps: int,
    rounds: int | None = None,
    mesh: Mesh | None = None,
) -> EpochState:
    """Run steps ``first`` to ``stop`` - 1 of an epoch.

    The bounds are values, not shapes: one compiled program serves any number of
    steps, a whole epoch where it is short and a second's worth where it is long, and
    the numbers do not depend on how an epoch is cut.

    Args:
      epoch: state and metrics so far.
      digits: the training digits.
      examples: the epoch's recordings; none where the configuration has none.
      plan: the epoch's order, int32 ``[steps, N, B]``.
      first: step of the epoch to begin with, int32 scalar.
      stop: step of the epoch to stop before, int32 scalar.
      neural_line: weights of that line, if the run draws with it.
      config: of the run.
      total_steps: of the run; the schedule's length.
      rounds: of the correction, the first so many; all of them if not given.
      mesh: of the devices that share each step's examples out among them, where all arrays are
        on all of them; without it, one device computes everything.
    """
    optimizer = make_optimizer(config, total_steps)

    def going_on(carry: tuple[jax.Array, EpochState]) -> jax.Array:
        step, epoch = carry
        return (step < stop) & epoch.finite

    def body(carry: tuple[jax.Array, EpochState]) -> tuple[jax.Array, EpochState]:
        step, epoch = carry
        batch = make_batch(digits, examples, plan[step], epoch.state.step, config)
        if mesh is not None:
            batch = shared_out(batch, mesh)
        state, metrics = train_step(
            epoch.state, batch, config, optimizer, neural_line=neural_line, rounds=rounds
        )
        record = {name: epoch.metrics[name].at[step].set(metrics[name]) for name in metrics}
        finite = jnp.isfinite(metrics["loss"])
        return step + 1, EpochState(state, record, finite)

    return jax.lax.while_loop(going_on, body, (first, epoch))[1]


def metric_names(config: TrainConfig) -> list[str]:
    """Names of the metrics that a step gives."""
    one = functools.partial(example_loss, config=config.loss, line=config.drawing.line)
    points = jax.ShapeDtypeStruct((2, 3), jnp.float32)
    picture = jax.ShapeDtypeStruct((1, 1), jnp.float32)
    _, terms = jax.eval_shape(one, points, picture, picture)
    return [*terms, *(["recording"] if config.recordings.source != "none" else [])]
