"""Measure what a model wrote: how faithful its drawings are, how human its strokes.

Scores the 10,000 thinned test digits of a trained run, of an exported test.parquet, or
of skeleton tracing, the baseline that learns nothing. Writes evaluation.json, a page
with tables and pictures (report.html) and the pictures by themselves.

Human strokes to compare with: the UCI Pen-Based Digits, if they were downloaded, else the
package's own recordings; --humans takes any file of recordings.

With --truth a file of recordings takes the test digits' place: each is drawn as MNIST's digits
are, thinned and written, and what was written is compared with what the person did. Writes
truth.json and truth.html, with skeleton tracing and the most similar recording beside it.

Examples:
  python -m scripts.evaluate --checkpoint out/run
  python -m scripts.evaluate --checkpoint out/run --refine 60 --out out/refined
  python -m scripts.evaluate --dataset out/handwritten-mnist/test.parquet
  python -m scripts.evaluate --tracing
  python -m scripts.evaluate --checkpoint out/run --truth people.ndjson --out out/truth
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.shared import console
from train.errors import RunError
from train.figures.tables import text_table
from train.stroke_model.run_folder import check_checkpoint

if TYPE_CHECKING:
    from train.evaluation.sources import EvaluationSource


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
    truth: str = ""
    """Recordings whose strokes are to be recovered: a file, or a set's name; of a set of many
    writers those whom no training sees."""
    known: str = "own"
    """Recordings among which the most similar one is looked for, beside --truth."""
    out: Path = Path("out/evaluation")
    """Folder to write into; files of the same names are replaced."""


def _check(options: Options) -> None:
    given = [options.checkpoint is not None, options.dataset is not None, options.tracing]
    if sum(given) != 1:
        raise RunError("expected one of --checkpoint, --dataset and --tracing")
    console.check_refinement(options.refine)
    if options.truth and options.checkpoint is None:
        raise RunError("--truth goes with --checkpoint: a writer has to write the recordings")
    if options.refine and options.checkpoint is None:
        raise RunError("--refine goes with --checkpoint: a file is measured as it is")
    if options.checkpoint is not None:
        check_checkpoint(options.checkpoint)
    console.check_file("--dataset", options.dataset)
    console.check_recordings("--humans", options.humans, "auto")
    console.check_recordings("--truth", options.truth, "")
    console.check_recordings("--known", options.known)


def _source(options: Options) -> "EvaluationSource":
    from datasets import load_thinned
    from train.evaluation import sources
    from train.stroke_model.model import load_writer

    targets, labels = load_thinned("test")
    if options.checkpoint is not None:
        writer, name = load_writer(options.checkpoint), str(options.checkpoint)
        return sources.of_writer(writer, name, targets, labels, refined=options.refine)
    if options.dataset is not None:
        return sources.of_export(options.dataset, targets, labels)
    return sources.of_tracing(targets, labels)


def _truth(options: Options) -> int:
    """Measure what is recovered of recordings."""
    from datasets.recordings import teaching_recordings, testing_recordings
    from train.evaluation import truth_report
    from train.evaluation.truth import truth_of
    from train.stroke_model.model import load_writer

    assert options.checkpoint is not None
    truth = truth_of(testing_recordings(options.truth))
    writer = load_writer(options.checkpoint)
    found = [
        *truth_report.written_truth(writer, truth, refined=options.refine),
        truth_report.traced_truth(truth),
        truth_report.most_similar_truth(truth, teaching_recordings(options.known)),
    ]
    about = {
        "evaluated": str(options.checkpoint),
        "refinement": options.refine,
        "recordings": options.truth,
        "most similar among": options.known,
    }
    truth_report.write_truth(found, truth, about, options.out)
    names = list(found[0].scores["all"])
    rows = []
    for one in found:
        means = one.scores["all"]
        rows.append([one.name, *(f"{means[n]:.3f}" if n in means else "" for n in names)])
    print(text_table(["", *names], rows))
    print(f"report: {options.out / 'truth.html'}")
    return 0


def main(args: Sequence[str]) -> int:
    """Measure, and say what was found."""
    options = console.parse(Options, args=args)
    _check(options)
    if options.truth:
        return _truth(options)
    from datasets import load_thinned
    from train.evaluation.evaluation import evaluate, find_humans, held_out_scores
    from train.evaluation.report import write_report

    humans = find_humans(options.humans)
    source = _source(options)
    with console.ProgressBar(len(load_thinned("test")[1]), label="evaluating") as bar:
        found = evaluate(source, humans, bar)
    held_out = held_out_scores(humans)
    write_report(found, source, humans, held_out, options.out)
    for name, value in found.scores["all"].items():
        beside = held_out["all"].get(name)
        print(f"{name:>21} {value:8.4f}" + (f"   held-out humans {beside:.4f}" if beside else ""))
    print(f"report: {options.out / 'report.html'}")
    return 0


if __name__ == "__main__":
    console.run(main)
