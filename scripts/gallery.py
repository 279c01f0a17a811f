"""Every experiment of the reference and our own preset, trained, measured, side by side.

Trains what is not trained yet, evaluates all by the same measures on the 10,000 thinned
test digits, and writes one self-contained page (gallery.html), its figures
(gallery.json) and docs/experiments.md. An interrupted gallery goes on where it was.

Example:
  python -m scripts.gallery --out out/gallery
"""

import dataclasses
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from datasets import load_thinned
from datasets.files import atomic_path
from scripts import console, gallery_page, subjects
from scripts.evaluate import Evaluation, find_humans, measure
from scripts.experiments import SHAKY, STEADY, WHAT_TO_SEE, Figures, loss_curve, runs, train
from scripts.probe import under_each_label
from scripts.train_line import all_line_scores
from train.animation import Drawn, drawn_by
from train.experiment_measures import crossings, disagreement, drawn_twice, turning
from train.humanness import Humans
from train.inference import joined
from train.line_training import line_weights
from train.model import Model, load_model
from train.presets import Budget
from train.run_folder import device_name

_MEASURED = "gallery.json"  # within a run's folder: its figures, so that they are not made again
_SHOWN_SEED = 3
_PROBED = ("box-sum", "standard")
_SIZES = (28, 112, 512)


@dataclasses.dataclass(frozen=True)
class Options:
    """How much, and where to."""

    out: Path = Path("out/gallery")
    """Folder for the runs and the page."""
    budget: Budget = "small"
    """"small", under an hour on 2 cores, or "full", the published sizes: days."""
    docs: Path = Path("docs/experiments.md")
    """File for the tables as Markdown."""
    more: tuple[str, ...] = ()
    """Options for every run's training, as train_strokes takes them."""


class Test(NamedTuple):
    """The test digits."""

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int32]


def _figures(found: Evaluation, test: Test) -> dict[str, float]:
    """A run's measures, with those that only experiments need."""
    place, up = found.written.points[..., :2], found.written.pen_up
    scores = dict(found.scores["all"])
    round_ones = np.isin(test.labels, (6, 8))
    return scores | {
        "gap": abs(scores["mse_hard"] - scores["mse_soft"]),
        "crossings": float(crossings(place, up).mean()),
        "drawn_twice": float(drawn_twice(place, up).mean()),
        "turning_6_8": float(turning(place[round_ones], up[round_ones]).mean()),
    }


def _measured(folder: Path, model: Model, test: Test, humans: Humans) -> dict[str, float]:
    """A run's figures: read where they were written before, else measured and written."""
    place = folder / _MEASURED
    if place.exists():
        record: dict[str, Any] = json.loads(place.read_text())
        if record["step"] == model.step and record["humans"] == humans.source:
            return dict(record["figures"])
    subject = subjects.of_model(model, folder.name, *test, refined=0)
    with console.ProgressBar(len(test.images), label=f"evaluating {folder.name}") as bar:
        figures = _figures(measure(subject, *test, humans, bar), test)
    with atomic_path(place) as temporary:
        record = {"step": model.step, "humans": humans.source, "figures": figures}
        temporary.write_text(json.dumps(record, indent=2) + "\n")
    return figures


def _between_seeds(models: Sequence[Model], test: Test) -> Figures:
    """How far several seeds' trajectories are apart, for shaky and for steady digits."""
    written = []
    for model in models:
        whole = joined(model.write(*test))
        written.append((whole.points[..., :2], whole.pen_up))
    apart = disagreement(written)
    return {
        name: {"disagreement": float(apart[np.isin(test.labels, digits)].mean())}
        for name, digits in ((SHAKY, (2, 3, 5)), (STEADY, (0, 1, 7)))
    }


def _drawn(model: Model, test: Test) -> Drawn:
    """The same ten test digits by any run's model."""
    generator = np.random.default_rng(_SHOWN_SEED)
    chosen = [int(generator.choice(np.flatnonzero(test.labels == digit))) for digit in range(10)]
    return drawn_by(model, test.images[chosen], test.labels[chosen])


def _probed(model: Model) -> Drawn:
    """What a model makes of blank and of black paper."""
    constants = np.stack([np.full((28, 28), value, np.float32) for value in (0.0, 1.0)])
    return under_each_label(model, constants)


def _sizes(model: Model, shown: Drawn) -> dict[int, npt.NDArray[np.float32]]:
    """The same strokes drawn on canvases of several sizes, by size."""
    return {size: model.draw(shown.points, height=size, width=size) for size in _SIZES}


def main(args: Sequence[str]) -> int:
    """Train, measure, and say where the page is."""
    options = console.parse(Options, args=args)
    line = line_weights()  # said now where it is missing, not in an hour
    started = time.monotonic()
    test, humans = Test(*load_thinned("test")), find_humans("auto")
    todo = runs(options.budget)
    folders = {run.name: options.out / "runs" / run.name for run in todo}
    figures: Figures = {}
    models: dict[str, Model] = {}
    for number, run in enumerate(todo, 1):
        print(f"{number}/{len(todo)} {run.name}: {' '.join(run.args)}", flush=True)
        status = train(run, folders[run.name], more=options.more)
        if status:
            return status
        models[run.name] = load_model(folders[run.name])
        figures[run.name] = _measured(folders[run.name], models[run.name], test, humans)
    seeds = [models[name] for name in ("box-sum", "box-sum-seed-1", "box-sum-seed-2")]
    figures |= _between_seeds(seeds, test)
    drawn = {name: _drawn(models[name], test) for name in WHAT_TO_SEE}

    contents = gallery_page.Contents(
        facts={
            "budget": options.budget,
            "device": device_name(),
            "seed": "0 but where said",
            "human recordings": humans.source,
            "minutes, without what was there already": f"{(time.monotonic() - started) / 60:.0f}",
        },
        commands={run.name: run.command for run in todo},
        figures=figures,
        curves={name: loss_curve(folders[name]) for name in WHAT_TO_SEE},
        drawn=drawn,
        probed={name: _probed(models[name]) for name in _PROBED},
        sizes=_sizes(models["standard"], drawn["standard"]),
        lines=all_line_scores(line),
    )
    page = options.out / "gallery.html"
    with atomic_path(page) as temporary:
        temporary.write_text(gallery_page.html_page(contents))
    with atomic_path(options.docs) as temporary:
        temporary.write_text(gallery_page.markdown(contents))
    with atomic_path(options.out / "gallery.json") as temporary:
        record = {"about": contents.facts, "figures": figures, "lines": contents.lines}
        temporary.write_text(json.dumps(record, indent=2) + "\n")
    print(f"page: {page}\ntables: {options.docs}")
    return 0


if __name__ == "__main__":
    console.run(main)
