"""Run a trained model over its set, as all 70,000 digits, and export what it wrote as sequences.

Writes Parquet (a file for each split), .npz without pickle, a dataset card and SHA-256
sums; other formats if asked for. A folder of pictures, a file of many (IDX, Kaggle's CSV,
Keras's .npz, Hugging Face's Parquet, WebDataset's tar) or a folder of Parquet or tar files can
take the set's place. Memory does not grow with the number of pictures, unless sketch-rnn's arrays
are asked for.

With --cluster, the processes of this machine or of many share the work out by Ray, and each split
becomes Parquet files of 10,240 digits with the same rows, without an .npz. A process that dies is
replaced; the same command goes on with an export that was stopped.

Examples:
  python -m scripts.export_dataset --checkpoint out/run
  python -m scripts.export_dataset --checkpoint out/run --pictures my-digits --out out/mine
  python -m scripts.export_dataset --checkpoint out/letters
  python -m scripts.export_dataset --checkpoint out/run --pictures shards --cluster local
"""

import dataclasses
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from scripts.shared import console
from scripts.shared.sets import check_set
from scripts.shared.written_sets import check_classes, set_of
from train.errors import RunError
from train.export.names import FormatName
from train.stroke_model.run_folder import check_checkpoint

if TYPE_CHECKING:
    from datasets.picture_files import Pictures
    from strokes.classes import Classes
    from strokes.writing.writer import Writer
    from train.evaluation.tally import Scores
    from train.export.shards import Work
    from train.export.sources import Look


@dataclasses.dataclass(frozen=True)
class Options:
    """What to export."""

    checkpoint: Path
    """Folder of the run whose model writes."""
    out: Annotated[
        Path | None, tyro.conf.arg(help_behavior_hint="(default: out/handwritten-mnist, or -SET)")
    ] = None
    """Folder to write into; files of the same names are replaced."""
    set: str = ""
    """Pictures to write: "digits", "letters", or a prepared file; the run's own if not given."""
    refine: int = 0
    """Steps of gradient descent on the points of each digit, after the model wrote it."""
    pictures: Path | None = None
    """Folder of pictures, or file of many, in the set's place, of the size that the model writes,
    28x28 if of digits. In a folder, labels are names of the pictures' folders (7/a.png), begin
    their own (7_a.png) or stand there (a_label_7.png); of other classes than digits they are names
    of the folders (g/a.png, U+4E00/a.png)."""
    labels: Path | None = None
    """IDX file of the labels, if PICTURES is an IDX file and they are not beside it."""
    invert: bool = False
    """The pictures have dark ink on light paper, other than MNIST's."""
    transpose: bool = False
    """The pictures' rows are columns, as in EMNIST's files."""
    thinned: bool = False
    """The pictures are thinned already: what is brighter than 127 is ink."""
    formats: tuple[FormatName, ...] = ()
    """Formats to write too: sketch-rnn's arrays (stroke-3, stroke-5), Quick, Draw!, InkML, UNIPEN,
    SVG, or the package's own ndjson."""
    cluster: str | None = None
    """Share the work out by Ray: "local" starts it on this machine, "auto" or HOST:PORT joins a
    cluster whose machines see the same files."""
    workers: int | None = None
    """Processes that write, with --cluster; one for each core if not given."""


def _check_cluster(options: Options) -> None:
    if options.cluster is None:
        if options.workers is not None:
            raise RunError(f"--workers {options.workers} goes with --cluster local, or an address")
        return
    if options.workers is not None and options.workers < 1:
        raise RunError(f"--workers {options.workers}: expected at least 1")
    if options.cluster not in ("local", "auto") and ":" not in options.cluster.strip(":"):
        raise RunError(f"--cluster {options.cluster}: expected local, auto or HOST:PORT")
    if options.cluster.startswith("ray:"):
        raise RunError(
            f"--cluster {options.cluster}: expected local, auto or HOST:PORT; run this on a "
            "machine of the cluster"
        )
    if options.formats:
        raise RunError("--formats: not with --cluster, which writes Parquet alone")
    if importlib.util.find_spec("ray") is None:
        raise RunError('--cluster needs Ray: pip install -e ".[cluster]"')


def _looking_for_what_is_odd(classes: "Classes") -> "Look":
    from train.export.noticing import notices, reader_of

    def look(pictures: "Pictures") -> None:
        for line in notices(pictures, reader_of(classes)):
            print(f"note: {line}", file=sys.stderr)

    return look


def _on_cluster(options: Options, writer: "Writer", out: Path) -> "dict[str, Scores]":
    from train.export.cluster import on_ray
    from train.export.sharded import export_in_shards
    from train.export.shards import OwnReader, own_work, set_work

    assert options.cluster is not None
    work: Work
    if options.pictures is None:
        work = set_work(set_of(writer, options.set), side=_side(writer))
    else:
        labels = None if options.labels is None else options.labels.absolute()
        reader = OwnReader(
            labels,
            options.invert,
            options.transpose,
            options.thinned,
            writer.classes,
            _side(writer),
        )
        work = own_work(options.pictures.absolute(), reader)
    run = on_ray(options.cluster, workers=options.workers)
    total = sum(shard.part.size for shard in work.shards)
    with console.ProgressBar(total, label="exporting") as bar:
        return export_in_shards(writer, work, out, run, bar, refined=options.refine)


def _side(writer: "Writer") -> int:
    return writer.config.networks.decoder.picture_height


def _in_this_process(options: Options, writer: "Writer", out: Path) -> "dict[str, Scores]":
    from train.export.sources import export_name, own_pictures, set_sources

    if options.pictures is None:
        chosen = set_of(writer, options.set)
        sources, name = set_sources(chosen, side=_side(writer)), export_name(chosen)
        total = 70_000 if chosen == "digits" else 0
    else:
        own = own_pictures(
            options.pictures,
            labels=options.labels,
            invert=options.invert,
            transpose=options.transpose,
            thinned=options.thinned,
            look=_looking_for_what_is_odd(writer.classes),
            classes=writer.classes,
            side=_side(writer),
        )
        sources, total, name = [own], 0, "handwritten"
    from train.export.export import export

    with console.ProgressBar(total, label="exporting") as bar:
        return export(
            writer,
            sources,
            out,
            bar,
            name=name,
            refined=options.refine,
            formats=options.formats,
        )


def _check_set(options: Options) -> None:
    if not options.set:
        return
    check_set("--set", options.set)
    if options.pictures is not None:
        raise RunError(f"--set {options.set} with --pictures: give one of them")


def main(args: Sequence[str]) -> int:
    """Export, and say what was written where."""
    options = console.parse(Options, args=args)
    console.check_refinement(options.refine)
    _check_cluster(options)
    check_checkpoint(options.checkpoint)
    if options.pictures is not None:
        console.check_there("--pictures", options.pictures)
    console.check_file("--labels", options.labels)
    _check_set(options)
    from train.export.sources import export_name
    from train.stroke_model.model import load_writer

    writer = load_writer(options.checkpoint)
    if options.pictures is None:
        check_classes(writer, options.set)
    out = options.out or Path("out") / export_name(set_of(writer, options.set))
    export = _in_this_process if options.cluster is None else _on_cluster
    scores = export(options, writer, out)
    for split, found in scores.items():
        print(f"{split}: " + ", ".join(f"{key} {value:.4f}" for key, value in found["all"].items()))
    print(f"exported: {out}")
    return 0


if __name__ == "__main__":
    console.run(main)
