"""The plans of a run: found in its recordings, with a gate, before its decoders learn.

They are kept in the run's folder, so that a run that goes on has the same ones.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.facts import UNUSABLE, whole
from strokes.ink import Recording
from strokes.weights.files import load_facts, load_weights, save_weights
from strokes.writing.plans import Plans, gate_shapes, gate_tree, plan_facts
from train.stroke_model.config import TrainConfig
from train.stroke_model.discovery import DiscoveredPlans, discover_plans
from train.stroke_model.gate import GateExamples, gate_config, train_gate
from train.stroke_model.recordings import Deformer


class RunPlans(NamedTuple):
    """Plans, and which of them the run's recordings follow."""

    plans: Plans
    of_recording: npt.NDArray[np.int64]
    """``[R]``; -1 where a recording follows none, and teaches nothing."""


def find_plans(
    config: TrainConfig,
    recordings: list[Recording],
    *,
    classes: Classes = DIGITS,
    stop: Callable[[], bool] = lambda: False,
) -> RunPlans | None:
    """Find the plans of recordings and train the gate; none if it was stopped.

    Args:
      config: of the run.
      recordings: that teach it.
      classes: of the recordings.
      stop: asked now and then whether to stop.

    Raises:
      RunError: they do not serve this configuration.
    """
    networks = config.networks
    found = discover_plans(
        recordings,
        most=networks.plans,
        points=networks.decoder.points,
        deformation=config.recordings.deformation,
        generator=np.random.default_rng([config.seed, 2]),
        classes=classes,
    )
    deformer = Deformer(recordings, config.recordings, networks, found, classes=classes)
    numbers = np.array([len(plans) for plans in found.counts], np.int32)
    sizes = gate_config(networks, config.gate_units)
    followed = np.eye(networks.plans, dtype=np.float32)

    def examples(epoch: int) -> GateExamples:
        generator = np.random.default_rng([config.seed, epoch, 3])
        shown = deformer.copies(config.gate_copies, generator=generator)
        return GateExamples(shown.images, shown.labels, followed[shown.plans])

    gate = train_gate(
        examples,
        numbers,
        config=sizes,
        exclusive=True,
        epochs=config.gate_epochs,
        seed=config.seed,
        stop=stop,
    )
    if gate is None:
        return None
    return RunPlans(Plans(found.counts, sizes, gate), found.of_recording)


def save_run_plans(found: RunPlans, path: Path) -> None:
    """Write a run's plans."""
    facts = {"plans": plan_facts(found.plans), "of_recording": found.of_recording.tolist()}
    save_weights(path, gate_tree(found.plans), facts=facts)


def load_run_plans(path: Path, config: TrainConfig) -> RunPlans:
    """Read what `save_run_plans` wrote.

    Raises:
      DataError: the file is missing or damaged, or its plans are another configuration's.
    """
    facts = load_facts(path)
    plans = gate_shapes(facts.get("plans"), config.networks, source=str(path))
    (tree,) = load_weights(path, gate_tree(plans))
    try:
        most = config.networks.plans - 1
        followed = [whole(plan, lowest=-1, highest=most) for plan in facts["of_recording"]]
    except UNUSABLE as error:
        raise DataError(f"{path}: no plans of recordings ({error!s:.200})") from error
    of_recording = np.array(followed, np.int64)
    return RunPlans(plans._replace(gate=tree["gate"]), of_recording)


def discovered(found: RunPlans) -> DiscoveredPlans:
    """What was found in the recordings, of a run's plans."""
    return DiscoveredPlans(found.of_recording, found.plans.counts)


def draw_plans(
    chances: npt.NDArray[np.floating], *, seed: int, epoch: int
) -> npt.NDArray[np.int32]:
    """A plan for each picture, drawn by its chances ``[M, K]``; the same for seed and epoch."""
    generator = np.random.default_rng([seed, epoch, 2])
    sums = np.cumsum(chances, axis=1)
    drawn = generator.random((len(chances), 1)) * sums[:, -1:]
    return np.asarray((drawn >= sums).sum(axis=1), np.int32).clip(0, chances.shape[1] - 1)
