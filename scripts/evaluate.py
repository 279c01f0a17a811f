"""Measure what a model wrote: how faithful its drawings are, how human its strokes.

Scores the 10,000 thinned test digits of a trained run, of an exported test.parquet, or
of skeleton tracing, the baseline that learns nothing. Writes evaluation.json, a page
with tables and pictures (report.html) and the pictures by themselves.

Human strokes to compare with: the UCI Pen-Based Digits, if they were downloaded, else the
package's own recordings; --humans takes any file of recordings.

Examples:
  python -m scripts.evaluate --checkpoint out/run
  python -m scripts.evaluate --checkpoint out/run --refine 60 --out out/refined
  python -m scripts.evaluate --dataset out/handwritten-mnist/test.parquet
  python -m scripts.evaluate --tracing True
"""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from datasets import DataError, load_thinned
from datasets.files import atomic_path
from datasets.pen_digits import find_pen_digits
from rasterizer import PEN_UP
from scripts import console, subjects
from train import report
from train.config import LossConfig
from train.errors import RunError
from train.evaluate import Scores, Tally, measure_digits
from train.humanness import Humans, shapes_of_points
from train.inference import Written, joined
from train.legibility import legibility
from train.model import load_model
from train.recognition import load_reader
from train.recordings import recordings_of
from train.run_folder import device_name
from train.stroke_measures import stroke_measures


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure."""

    checkpoint: Path | None = None
    """Folder of a run."""
    dataset: Path | None = None
    """A test.parquet that export_dataset wrote."""
    tracing: bool = False
    """Measure skeleton tracing."""
    refine: int = 0
    """Steps of gradient descent on the points of each digit, after the model wrote it."""
    humans: str = "auto"
    """Recordings to compare with: "pendigits", "own", a file, or "auto"."""
    out: Path = Path("out/evaluation")
    """Folder to write into; files of the same names are replaced."""


def _check(options: Options) -> None:
    given = [options.checkpoint is not None, options.dataset is not None, options.tracing]
    if sum(given) != 1:
        raise RunError("expected one of --checkpoint, --dataset and --tracing True")
    console.check_refinement(options.refine)
    if options.refine and options.checkpoint is None:
        raise RunError("--refine goes with --checkpoint: a file is measured as it is")


def _subject(
    options: Options, targets: npt.NDArray[np.uint8], labels: npt.NDArray[np.int32]
) -> subjects.Subject:
    if options.checkpoint is not None:
        model, name = load_model(options.checkpoint), str(options.checkpoint)
        return subjects.of_model(model, name, targets, labels, refined=options.refine)
    if options.dataset is not None:
        return subjects.of_export(options.dataset, targets)
    return subjects.of_tracing(targets)


def find_humans(source: str) -> Humans:
    """The recordings that ``--humans`` names."""
    if source == "auto":
        try:
            find_pen_digits()
            source = "pendigits"
        except DataError:
            source = "own"
    return Humans.of(recordings_of(source), source=source)


def held_out_scores(humans: Humans) -> Scores:
    """What held-out humans score."""
    tally = Tally()
    tally.add_values(humans.held_out(), humans.held_out_labels)
    return tally.scores()


def _pictures(
    written: Written,
    targets: npt.NDArray[np.uint8],
    labels: npt.NDArray[np.int32],
    iou: npt.NDArray[np.float64],
    loss: LossConfig,
) -> dict[str, tuple[str, bytes, str]]:
    """PNGs by file name, with heading and caption."""
    found: dict[str, tuple[str, bytes, str]] = {
        "random": (
            "100 test digits drawn by lot",
            report.png(report.random_digits(written)),
            "Strokes from dark (first) to bright (last); a green dot where a stroke starts.",
        ),
        "order": (
            "Stroke order",
            report.png(report.stroke_order(written, labels)),
            "Three examples of each digit, growing from left to right.",
        ),
        "histograms": (
            "Softness, segment length, turning angle",
            report.png(report.histograms(written, threshold=PEN_UP[loss.line])),
            "Counts on a logarithmic scale.",
        ),
    }
    for kind, chosen in report.best_median_worst(iou).items():
        shown = Written(written.points[chosen], written.pen_up[chosen], written.mse[chosen])
        soft = subjects.draw_soft(shown.points, targets[chosen].shape, loss)
        picture = report.png(report.examples(shown, targets[chosen], soft))
        found[kind] = (f"The {kind} digits by iou", picture, "Blue is lacking, red is too much.")
    return found


class Evaluation(NamedTuple):
    """What was found of a subject."""

    scores: Scores
    written: Written
    iou: npt.NDArray[np.float64]
    """Of each digit, ``[N]``."""


def measure(
    subject: subjects.Subject,
    targets: npt.NDArray[np.uint8],
    labels: npt.NDArray[np.int32],
    humans: Humans,
    bar: console.ProgressBar,
) -> Evaluation:
    """Compute every measure of a subject on its targets, ``[N, H, W]``."""
    reader = load_reader()
    tally, ious, parts, done = Tally(), [], [], 0
    for written in subject.chunks:
        part = slice(done, done + len(written.points))
        place, up = written.points[..., :2], written.pen_up
        measured = measure_digits(written, targets[part])
        measured |= stroke_measures(place, up, targets[part])
        measured |= legibility(reader, written, targets[part], labels[part], subject.write)
        measured |= humans.measure(shapes_of_points(place, up), labels[part])
        tally.add_values(measured, labels[part])
        ious.append(measured["iou"])
        parts.append(written)
        done = part.stop
        bar.advance(len(written.points))
    return Evaluation(tally.scores(), joined(parts), np.concatenate(ious))


def main(args: Sequence[str]) -> int:
    """Measure, and say what was found."""
    options = console.parse(Options, args=args)
    _check(options)
    humans = find_humans(options.humans)
    targets, labels = load_thinned("test")
    subject = _subject(options, targets, labels)
    with console.ProgressBar(len(targets), label="evaluating") as bar:
        found = measure(subject, targets, labels, humans, bar)
    held_out = held_out_scores(humans)
    facts = subject.facts | {
        "evaluated": subject.name,
        "human recordings": f"{humans.source}, {len(humans.labels):,} and as many held out",
        "device": device_name(),
    }
    pictures = _pictures(found.written, targets, labels, found.iou, subject.loss)
    _write(options.out, facts, found.scores, held_out, pictures)
    for name, value in found.scores["all"].items():
        beside = held_out["all"].get(name)
        print(f"{name:>21} {value:8.4f}" + (f"   held-out humans {beside:.4f}" if beside else ""))
    print(f"report: {options.out / 'report.html'}")
    return 0


def _write(
    out: Path,
    facts: dict[str, Any],
    scores: Scores,
    held_out: Scores,
    pictures: dict[str, tuple[str, bytes, str]],
) -> None:
    """Write the page, the PNGs and, last, the figures."""
    page = report.page(
        "Evaluation on the 10,000 thinned test digits",
        facts,
        {"Scores": scores, "Held-out human recordings": held_out},
        {heading: (content, caption) for heading, content, caption in pictures.values()},
    )
    for name, (_, content, _) in pictures.items():
        with atomic_path(out / f"{name}.png") as temporary:
            temporary.write_bytes(content)
    with atomic_path(out / "report.html") as temporary:
        temporary.write_text(page)
    record = {**scores, "humans": held_out, "about": facts}
    with atomic_path(out / "evaluation.json") as temporary:
        temporary.write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    console.run(main)
