"""Measure what a model wrote: how faithful its drawings are, how human its strokes.

Scores the 10,000 thinned test digits of a trained run, of an exported test.parquet, or
of skeleton tracing, the baseline that learns nothing; of a run on another set its test pictures.
Writes evaluation.json, a page with tables and pictures (report.html) and the pictures.

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
  python -m scripts.evaluate --checkpoint out/letters --truth letters --known letters
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scripts.shared import console
from scripts.shared.sets import check_set
from scripts.shared.written_sets import pictures_of, set_of
from strokes.classes import DIGITS
from train.errors import RunError
from train.figures.tables import text_table
from train.stroke_model.run_folder import check_checkpoint

if TYPE_CHECKING:
    from strokes.classes import Classes
    from strokes.networks.config import Kind
    from strokes.reading.recognizer import Recognizer
    from train.evaluation.humanness import Humans
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
    set: str = ""
    """Pictures to measure on: "digits", "letters", or a prepared file; if not given, the run's own,
    and digits for --tracing."""
    recognizer: Path | None = None
    """Weights of a recogniser of the run's classes: of thinned pictures, for how legible drawings
    are; with --truth of grey ones, for the labels. Digits have the shipped ones."""
    humans: str = "auto"
    """Recordings to compare with: "pendigits", "own", a file, or "auto", of letters UNIPEN's."""
    truth: str = ""
    """Recordings whose strokes are to be recovered: a file, or a set's name; of a set of many
    writers those whom no training sees."""
    known: str = "auto"
    """Recordings among which the most similar one is looked for, beside --truth: a file, a set's
    name, "none", or "auto": of digits "own", of other classes the run's teachers."""
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
    console.check_recordings("--known", options.known, "auto", "none")
    console.check_file("--recognizer", options.recognizer)
    if options.set:
        check_set("--set", options.set)
    if options.set and (options.truth or options.dataset is not None):
        raise RunError("--set goes with --checkpoint or --tracing: a file says of which set it is")


class _Measured(NamedTuple):
    """What is measured."""

    source: "EvaluationSource"
    set: str
    pictures: int
    """How many it has."""


def _measured(options: Options) -> _Measured:
    from datasets.picture_sets import load_picture_set
    from train.evaluation import sources
    from train.stroke_model.model import load_writer

    if options.checkpoint is not None:
        writer, place = load_writer(options.checkpoint), str(options.checkpoint)
        name = set_of(writer, options.set)
        targets, labels, *_ = pictures_of(writer, options.set, "test")
        source = sources.of_writer(writer, place, targets, labels, refined=options.refine)
        return _Measured(source, name, len(labels))
    if options.dataset is not None:
        config = sources.export_config(options.dataset)
        name, side = config.set, config.networks.decoder.picture_height
        targets, labels, *_ = load_picture_set(name, "test", kind="thinned", side=side)
        source = sources.of_export(options.dataset, targets, labels)
        return _Measured(source, name, len(labels))
    name = options.set or "digits"
    targets, labels, classes, _ = load_picture_set(name, "test", kind="thinned")
    return _Measured(sources.of_tracing(targets, labels, classes), name, len(labels))


def _humans(options: Options, measured: _Measured) -> "Humans | None":
    """The people to compare with, if there are any."""
    from datasets.recordings import SETS
    from train.evaluation.evaluation import find_humans

    source, classes = options.humans, measured.source.classes
    if source == "auto" and classes != DIGITS:
        if measured.set not in SETS:
            return None
        source = measured.set
    return find_humans(source, classes=classes)


def _recognizer(options: Options, kind: "Kind", classes: "Classes") -> "Recognizer | None":
    """The recogniser that is given, which reads the classes in their order."""
    from strokes.reading.recognizer import load_recognizer

    if options.recognizer is None:
        return None
    found = load_recognizer(options.recognizer, of=kind, classes=classes)
    if found.classes.names != classes.names:
        raise RunError(f"--recognizer {options.recognizer}: its classes have another order")
    return found


def _truth(options: Options) -> int:
    """Measure what is recovered of recordings."""
    from datasets.recordings import teaching_recordings, testing_recordings
    from train.evaluation import truth_report
    from train.evaluation.truth import truth_of
    from train.stroke_model.model import load_writer, training_config

    assert options.checkpoint is not None
    writer = load_writer(options.checkpoint)
    classes, side = writer.classes, writer.config.networks.decoder.picture_height
    truth = truth_of(testing_recordings(options.truth, classes=classes), side=side)
    reader = _recognizer(options, "grey", classes)
    found = truth_report.written_truth(writer, truth, refined=options.refine, recognizer=reader)
    found.append(truth_report.traced_truth(truth, classes=classes))
    known = options.known
    if known == "auto":
        known = "own" if classes == DIGITS else training_config(writer).recordings.source
    if known != "none":
        others = teaching_recordings(known, classes=classes)
        found.append(truth_report.most_similar_truth(truth, others, classes=classes))
    about = {
        "evaluated": str(options.checkpoint),
        "refinement": options.refine,
        "recordings": options.truth,
        "most similar among": known,
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
    from train.evaluation.evaluation import evaluate, held_out_scores
    from train.evaluation.report import write_report

    measured = _measured(options)
    source, humans = measured.source, _humans(options, measured)
    recognizer = _recognizer(options, "thinned", source.classes)
    with console.ProgressBar(measured.pictures, label="evaluating") as bar:
        found = evaluate(source, humans, bar, recognizer=recognizer)
    held_out = None if humans is None else held_out_scores(humans, source.classes)
    write_report(found, source, humans, held_out, options.out)
    for name, value in found.scores["all"].items():
        beside = None if held_out is None else held_out["all"].get(name)
        print(f"{name:>21} {value:8.4f}" + (f"   held-out humans {beside:.4f}" if beside else ""))
    print(f"report: {options.out / 'report.html'}")
    return 0


if __name__ == "__main__":
    console.run(main)
