"""Time to quality: how long the demo trains until what it writes is so faithful.

Everything that training does counts, from finding plans on; compiling, and looking how good it is,
do not. Beside it stands the time in which the literal reference trains a thousand images.
"""

import functools
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from datasets import load_thinned
from strokes.writing.inference import concatenated
from strokes.writing.writer import Writer
from train.evaluation.faithfulness import faithfulness_measures
from train.stroke_model.batches import Digits
from train.stroke_model.config import TrainConfig
from train.stroke_model.model import writer_of
from train.stroke_model.order import epoch_plan, group_by_network, steps_per_epoch
from train.stroke_model.step import EpochState, initial_state, metric_names, run_steps
from train.stroke_model.teachers import find_teachers

GOALS = (0.6, 0.7, 0.8)
_LOOKS = 8  # in an epoch
_SEEN = 2000  # of the test digits


class Look(NamedTuple):
    """How good the writer was, after so long."""

    seconds: float
    images: int
    """That training saw until then."""
    iou: float


class _Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, call: Callable[[], Any]) -> Any:
        """What a call gives, its results computed."""
        started = time.perf_counter()
        result = jax.block_until_ready(call())
        self.seconds += time.perf_counter() - started
        return result


def _iou(writer: Writer) -> float:
    """Of the first test digits."""
    images, labels = load_thinned("test")
    written = concatenated(writer.write_thinned(images[:_SEEN], labels[:_SEEN]))
    return float(faithfulness_measures(written)["iou"].mean())


def looks(config: TrainConfig) -> Iterator[Look]:
    """Train, and look ever so often how good it is."""
    clock = _Clock()
    images, labels = load_thinned("train")
    groups = group_by_network(labels, config.networks)
    batch = config.batch_size // config.networks.count
    steps = steps_per_epoch(groups, batch)
    total = steps * config.epochs
    teachers = clock.timed(functools.partial(find_teachers, config))
    chances = clock.timed(functools.partial(teachers.plans.probabilities, images, labels))
    digits = Digits(jnp.asarray(images), jnp.asarray(labels))
    state = initial_state(config, total, teachers.plan_paths())
    blank = {name: jnp.zeros(steps) for name in metric_names(config)}
    bounds = np.linspace(0, steps, _LOOKS + 1).astype(np.int32)
    for epoch in range(config.epochs):
        given = (
            clock.timed(functools.partial(teachers.planned, digits, chances, epoch)),
            clock.timed(functools.partial(teachers.examples, epoch)),
            jnp.asarray(epoch_plan(groups, batch, seed=config.seed, epoch=epoch)),
        )
        program = functools.partial(
            run_steps, config=config, total_steps=total, rounds=config.rounds(epoch)
        )
        reached = EpochState(state, dict(blank), jnp.asarray(True))
        reached = program(jax.tree.map(jnp.copy, reached), *given, bounds[0], bounds[0])  # compiles
        for first, stop in itertools.pairwise(bounds):
            reached = clock.timed(functools.partial(program, reached, *given, first, stop))
            iou = _iou(writer_of(config, reached.state, plans=teachers.plans))
            seen = (epoch * steps + int(stop)) * config.batch_size
            yield Look(clock.seconds, seen, iou)
        state = reached.state


def first_looks(found: Iterator[Look]) -> dict[float, Look]:
    """The first look that reaches each of `GOALS`; training goes no further than the last one."""
    reached: dict[float, Look] = {}
    for look in found:
        reached |= {goal: look for goal in GOALS if goal not in reached and look.iou >= goal}
        if len(reached) == len(GOALS):
            break
    return reached
