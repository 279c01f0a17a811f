"""What the gallery measures and draws of its trained runs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.figures.animation import StrokeFigure
from strokes.files import atomic_path
from strokes.writing.inference import Labels, concatenated
from strokes.writing.writer import Writer
from train.evaluation.evaluation import Evaluation, evaluate
from train.evaluation.hard_drawing import Pictures
from train.evaluation.humanness import Humans, disagreement
from train.evaluation.sources import of_writer
from train.evaluation.strokes import experiment_measures
from train.experiments.claims import SHAKY, STEADY, Figures
from train.experiments.page import Contents
from train.experiments.probe import under_each_label
from train.experiments.runs import WHAT_TO_SEE
from train.experiments.tables import Record
from train.progress import ProgressFactory
from train.stroke_model.run_folder import METRICS_FILE

SEEDS = ("box-sum", "box-sum-seed-1", "box-sum-seed-2")
"""Runs that differ in their seed only."""

_MEASURED = "gallery.json"  # within a run's folder: its figures, so that they are not made again
_SHOWN_SEED = 3
_PROBED = ("box-sum", "standard")
_SIZES = (28, 112, 512)


class TestDigits(NamedTuple):
    """The thinned test digits."""

    images: Pictures
    labels: Labels


def _figures(found: Evaluation) -> dict[str, float]:
    """A run's measures, with those that only experiments need."""
    scores, more = dict(found.scores["all"]), experiment_measures(found.written)
    round_ones = np.isin(found.written.label, (6, 8))
    return scores | {
        "gap": abs(scores["mse_hard"] - scores["mse_soft"]),
        "crossings": float(more["crossings"].mean()),
        "drawn_twice": float(more["drawn_twice"].mean()),
        "turning_6_8": float(more["turning"][round_ones].mean()),
    }


def measured(
    folder: Path, writer: Writer, test: TestDigits, humans: Humans, progress: ProgressFactory
) -> dict[str, float]:
    """A run's figures: read where they were written before, else measured and written.

    Args:
      folder: of the run.
      writer: that it trained.
      test: digits to write.
      humans: to compare with.
      progress: shows how far the evaluation is.
    """
    place = folder / _MEASURED
    if place.exists():
        record: dict[str, Any] = json.loads(place.read_text())
        if record["step"] == writer.step and record["humans"] == humans.source:
            return dict(record["figures"])
    source = of_writer(writer, folder.name, *test, refined=0)
    with progress(len(test.images), label=f"evaluating {folder.name}") as bar:
        figures = _figures(evaluate(source, humans, bar))
    with atomic_path(place) as temporary:
        record = {"step": writer.step, "humans": humans.source, "figures": figures}
        temporary.write_text(json.dumps(record, indent=2) + "\n")
    return figures


def between_seeds(writers: Sequence[Writer], test: TestDigits) -> Figures:
    """How far several seeds' trajectories are apart, for shaky and for steady digits."""
    written = [concatenated(writer.write_thinned(*test)) for writer in writers]
    apart = disagreement([(whole.points[..., :2], whole.pen_up) for whole in written])
    return {
        name: {"disagreement": float(apart[np.isin(test.labels, digits)].mean())}
        for name, digits in ((SHAKY, (2, 3, 5)), (STEADY, (0, 1, 7)))
    }


def loss_curve(folder: Path) -> list[float]:
    """Mean squared error of each epoch, as training saw it."""
    sums: dict[int, list[float]] = {}
    for line in (folder / METRICS_FILE).read_text().splitlines():
        entry = json.loads(line)
        sums.setdefault(entry["epoch"], []).append(entry["mse"])
    return [float(np.mean(sums[epoch])) for epoch in sorted(sums)]


def _drawn(writer: Writer, test: TestDigits) -> StrokeFigure:
    """The same ten test digits by any run's writer."""
    generator = np.random.default_rng(_SHOWN_SEED)
    chosen = [int(generator.choice(np.flatnonzero(test.labels == digit))) for digit in range(10)]
    return writer.figure(
        concatenated(writer.write_thinned(test.images[chosen], test.labels[chosen]))
    )


def _blank_and_black() -> npt.NDArray[np.float32]:
    return np.stack([np.full((28, 28), value, np.float32) for value in (0.0, 1.0)])


def contents(
    record: Record, writers: dict[str, Writer], folders: dict[str, Path], test: TestDigits
) -> Contents:
    """Everything that the page shows.

    Args:
      record: the figures.
      writers: by run.
      folders: by run.
      test: digits of which ten are drawn.
    """
    drawn = {name: _drawn(writers[name], test) for name in WHAT_TO_SEE}
    ours = writers["standard"]
    return Contents(
        record=record,
        curves={name: loss_curve(folders[name]) for name in WHAT_TO_SEE},
        drawn=drawn,
        probed={name: under_each_label(writers[name], _blank_and_black()) for name in _PROBED},
        sizes={
            size: ours.draw(drawn["standard"].points, height=size, width=size) for size in _SIZES
        },
    )
