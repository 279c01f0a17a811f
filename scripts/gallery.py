"""Every experiment of the reference and our own preset, trained, measured, side by side.

Trains what is not trained yet, evaluates all by the same measures on the 10,000 thinned
test digits, and writes one self-contained page (gallery.html) and its figures (gallery.json),
from which make_documents writes docs/experiments.md. An interrupted gallery goes on where it was.

Example:
  python -m scripts.gallery --out out/gallery
"""

import dataclasses
import datetime
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts import train_strokes
from scripts.shared import console
from strokes.files import atomic_path
from train.experiments.runs import Run, runs
from train.stroke_model.presets import Budget

if TYPE_CHECKING:
    from train.experiments.tables import Record


@dataclasses.dataclass(frozen=True)
class Options:
    """How much, and where to."""

    out: Path = Path("out/gallery")
    """Folder for the runs and the page."""
    budget: Budget = "small"
    """"small", under an hour on 2 cores, or "full", the published sizes: days."""
    more: tuple[str, ...] = ()
    """Options for every run's training, as train_strokes takes them."""


def train(run: Run, folder: Path, *, more: Sequence[str] = ()) -> int:
    """Train a run, go on with it, or find it done, as `train_strokes.train_once`."""
    return train_strokes.train_once([*run.args, *more], folder)


def main(args: Sequence[str]) -> int:
    """Train, measure, and say where the page is."""
    options = console.parse(Options, args=args)
    todo = runs(options.budget)
    if options.more:
        train_strokes.parse([*todo[0].args, *options.more])  # refused now, not after an hour
    from datasets import load_thinned
    from strokes.writing.writer import Writer
    from train.device import device_name
    from train.evaluation.evaluation import find_humans
    from train.experiments import gallery
    from train.experiments.page import html_page
    from train.neural_line.scores import all_line_scores
    from train.neural_line.weights import load_line
    from train.stroke_model.model import load_writer

    line = load_line()  # said now where it is missing, not in an hour
    started = time.monotonic()
    test, humans = gallery.TestDigits(*load_thinned("test")), find_humans("auto")
    folders = {run.name: options.out / "runs" / run.name for run in todo}
    figures: dict[str, dict[str, float]] = {}
    writers: dict[str, Writer] = {}
    for number, run in enumerate(todo, 1):
        print(f"{number}/{len(todo)} {run.name}: {' '.join(run.args)}", flush=True)
        status = train(run, folders[run.name], more=options.more)
        if status:
            return status
        writer = writers[run.name] = load_writer(folders[run.name])
        figures[run.name] = gallery.measured(
            folders[run.name], writer, test, humans, console.ProgressBar
        )
    figures |= gallery.between_seeds([writers[name] for name in gallery.SEEDS], test)
    record: Record = {
        "about": {
            "budget": options.budget,
            "device": device_name(),
            "seed": "0 but where said",
            "human recordings": humans.source,
            "minutes, without what was there already": f"{(time.monotonic() - started) / 60:.0f}",
            "date": datetime.datetime.now().astimezone().date().isoformat(),
        },
        "commands": {run.name: run.command for run in todo},
        "figures": figures,
        "lines": all_line_scores(line),
    }
    page = options.out / "gallery.html"
    with atomic_path(page) as temporary:
        temporary.write_text(html_page(gallery.contents(record, writers, folders, test)))
    with atomic_path(options.out / "gallery.json") as temporary:
        temporary.write_text(json.dumps(record, indent=2) + "\n")
    print(f"page: {page}\nfigures: {options.out / 'gallery.json'}")
    return 0


if __name__ == "__main__":
    console.run(main)
