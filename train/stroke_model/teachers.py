"""What people's recordings give a run: examples, the plans that they follow, and chances of plans.

Plans are found, and their gate is trained, before decoders learn; a file keeps them, so that a
run that goes on has the same ones.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from datasets.recordings import teaching_recordings
from strokes.classes import DIGITS, Classes
from strokes.ink import Points, Recording
from strokes.writing.plans import Plans
from train.stroke_model.batches import Digits
from train.stroke_model.config import TrainConfig
from train.stroke_model.plans import (
    RunPlans,
    discovered,
    draw_plans,
    find_plans,
    load_run_plans,
    save_run_plans,
)
from train.stroke_model.recordings import Deformer, RecordedExamples

_NAMED = 100  # classes, at most, whose numbers of plans are said


class Teachers(NamedTuple):
    """What a run learns from beside pictures."""

    config: TrainConfig
    recordings: list[Recording]
    deformer: Deformer | None
    """None where the configuration names no recordings."""
    found: RunPlans | None
    """None where decoders are told no plans."""

    @property
    def plans(self) -> Plans | None:
        """The plans that decoders are told."""
        return None if self.found is None else self.found.plans

    def plan_paths(self) -> Points | None:
        """The path from which each plan begins, ``[C, K, T, 2]``."""
        if self.deformer is None or self.found is None:
            return None
        return self.deformer.mean_paths(self.config.networks.plans)

    def examples(self, epoch: int) -> RecordedExamples | None:
        """The recordings of an epoch, on the device."""
        if self.deformer is None:
            return None
        each, seed = self.config.recordings.each, self.config.seed
        return jax.tree.map(jnp.asarray, self.deformer.examples(each, seed=seed, epoch=epoch))

    def planned(
        self, digits: Digits, chances: npt.NDArray[np.float32] | None, epoch: int
    ) -> Digits:
        """Digits, each with a plan by which it is written in this epoch, drawn by its chances.

        Args:
          digits: M of them.
          chances: ``[M, K]``, as `Plans.probabilities` gives them; none without plans.
          epoch: counted from 0.
        """
        if chances is None or self.found is None:
            return digits
        plans = draw_plans(chances, seed=self.config.seed, epoch=epoch)
        lifts = jnp.asarray(self.found.plans.lifted)
        return digits._replace(plans=jnp.asarray(plans), lifts=lifts)


def find_teachers(
    config: TrainConfig,
    kept: Path | None = None,
    *,
    classes: Classes = DIGITS,
    say: Callable[[str], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Teachers | None:
    """Read a run's recordings; find their plans, or read those that were found before.

    Args:
      config: of the run.
      kept: file of the plans; written if it is not there, not kept if None.
      classes: of the run's set.
      say: told of what was found.
      stop: asked now and then whether to stop.

    Returns:
      what teaches; none if it was stopped.

    Raises:
      DataError: recordings or plans cannot be read.
      RunError: the recordings do not serve this configuration.
    """
    if config.recordings.source == "none":
        return Teachers(config, [], None, None)
    recordings = teaching_recordings(config.recordings.source, classes=classes)
    if not config.networks.plans:
        deformer = Deformer(recordings, config.recordings, config.networks, classes=classes)
        return Teachers(config, recordings, deformer, None)
    if kept is not None and kept.exists():
        found: RunPlans | None = load_run_plans(kept, config)
    else:
        found = find_plans(config, recordings, classes=classes, stop=stop)
        if found is not None:
            say(_said_of(found.plans, classes, len(recordings)))
        if found is not None and kept is not None:
            save_run_plans(found, kept)
            found = load_run_plans(kept, config)  # as it is when the run goes on
    if found is None:
        return None
    deformer = Deformer(
        recordings, config.recordings, config.networks, discovered(found), classes=classes
    )
    return Teachers(config, recordings, deformer, found)


def _said_of(plans: Plans, classes: Classes, recordings: int) -> str:
    """What was found, in a line; of many classes in sum."""
    numbers = plans.numbers.tolist()
    if len(classes) > _NAMED:
        each = f"{sum(numbers):,} of {len(classes):,} classes, {max(numbers)} of one at most"
    else:
        each = ", ".join(
            f"{name}: {number}" for name, number in zip(classes.names, numbers, strict=True)
        )
    return f"plans in {recordings:,} recordings: {each}"
