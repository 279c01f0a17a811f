"""Run a trained model over all 70,000 digits and export what it wrote as sequences.

Writes Parquet (a file for each split), .npz without pickle, a dataset card and SHA-256
sums; other formats if asked for. A folder of pictures, or a file of many (IDX, Kaggle's CSV,
Keras's .npz, Hugging Face's Parquet), can take MNIST's place. Memory does not grow with the
number of digits, unless sketch-rnn's arrays are asked for.

Examples:
  python -m scripts.export_dataset --checkpoint out/run
  python -m scripts.export_dataset --checkpoint out/run --pictures my-digits --out out/mine
"""

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.shared import console
from train.export.names import FormatName
from train.stroke_model.run_folder import check_checkpoint

if TYPE_CHECKING:
    from datasets.picture_files import Pictures


@dataclasses.dataclass(frozen=True)
class Options:
    """What to export."""

    checkpoint: Path
    """Folder of the run whose model writes."""
    out: Path = Path("out/handwritten-mnist")
    """Folder to write into; files of the same names are replaced."""
    refine: int = 0
    """Steps of gradient descent on the points of each digit, after the model wrote it."""
    pictures: Path | None = None
    """Folder of 28x28 pictures, or file of many, in MNIST's place. In a folder, labels are names
    of the pictures' folders (7/a.png), begin their own (7_a.png) or stand there (a_label_7.png)."""
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


def _say_what_is_odd(pictures: "Pictures") -> None:
    from strokes.reading.recognizer import load_recognizer
    from train.export.noticing import notices

    for line in notices(pictures, load_recognizer()):
        print(f"note: {line}", file=sys.stderr)


def main(args: Sequence[str]) -> int:
    """Export, and say what was written where."""
    options = console.parse(Options, args=args)
    console.check_refinement(options.refine)
    check_checkpoint(options.checkpoint)
    if options.pictures is not None:
        console.check_there("--pictures", options.pictures)
    console.check_file("--labels", options.labels)
    from train.export.sources import MNIST_NAME, mnist_sources, own_pictures

    if options.pictures is None:
        sources, total, name = mnist_sources(), 70_000, MNIST_NAME
    else:
        own = own_pictures(
            options.pictures,
            labels=options.labels,
            invert=options.invert,
            transpose=options.transpose,
            thinned=options.thinned,
            look=_say_what_is_odd,
        )
        sources, total, name = [own], 0, "handwritten"
    from train.export.export import export
    from train.stroke_model.model import load_writer

    writer = load_writer(options.checkpoint)
    with console.ProgressBar(total, label="exporting") as bar:
        scores = export(
            writer,
            sources,
            options.out,
            bar,
            name=name,
            refined=options.refine,
            formats=options.formats,
        )
    for split, found in scores.items():
        print(f"{split}: " + ", ".join(f"{key} {value:.4f}" for key, value in found["all"].items()))
    print(f"exported: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
