"""Run a trained model over all 70,000 digits and export what it wrote as sequences.

Writes Parquet (a file for each split), .npz without pickle, a dataset card and SHA-256
sums. A folder of pictures or an IDX file can take MNIST's place. Memory does not grow
with the number of digits.

Examples:
  python -m scripts.export_dataset --checkpoint out/run
  python -m scripts.export_dataset --checkpoint out/run --pictures my-digits --out out/mine
"""

import dataclasses
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from datasets import load_thinned, thin
from datasets.files import atomic_path
from datasets.folders import Pictures, iterate_pictures
from datasets.sequences import (
    Sequences,
    sequence_ids,
    write_checksums,
    write_npz,
    write_parquet,
)
from scripts import console
from scripts.dataset_card import dataset_card
from train.evaluate import Scores, Tally
from train.inference import CHUNK, Written
from train.model import Model, load_model
from train.run_folder import config_to_dict

MNIST_NAME = "handwritten-mnist"


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
    """Folder of 28x28 pictures, or IDX file, in MNIST's place. Labels are the names of the
    pictures' folders (7/a.png) or begin their own (7_a.png)."""
    labels: Path | None = None
    """IDX file of the labels, if PICTURES is an IDX file."""
    invert: bool = False
    """The pictures have dark ink on light paper, other than MNIST's."""
    thinned: bool = False
    """The pictures are thinned already: what is brighter than 127 is ink."""


class Source(NamedTuple):
    """One split: its name, how many digits, and an iterator over them, uint8 of 0 and 1."""

    split: str
    digits: Iterable[Pictures]


def _thinned_mnist(split: str) -> Iterator[Pictures]:
    images, labels = load_thinned(split)  # type: ignore[arg-type]
    for start in range(0, len(images), CHUNK):
        yield Pictures(images[start : start + CHUNK], labels[start : start + CHUNK])


def _own_pictures(options: Options) -> Iterator[Pictures]:
    assert options.pictures is not None
    for part in iterate_pictures(
        options.pictures, labels=options.labels, invert=options.invert, chunk=CHUNK
    ):
        images = (part.images > 127).astype(np.uint8) if options.thinned else thin(part.images)
        yield part._replace(images=images)


def to_sequences(
    written: Written, split: str, first: int, labels: npt.NDArray[np.int32]
) -> Sequences:
    """What a model wrote for a chunk, as it is exported; ``first`` is its place in the split."""
    indices = np.arange(first, first + len(labels), dtype=np.int32)
    points = written.points.copy()
    points[..., 2] = written.pen_up
    return Sequences(
        sequence_ids(split, indices),
        indices,
        labels.astype(np.int64),
        points,
        written.points[..., 2].copy(),
        written.mse,
    )


def _write_split(
    model: Model, source: Source, tally: Tally, bar: console.ProgressBar, refined: int
) -> Iterator[Sequences]:
    first = 0
    for part in source.digits:
        for written in model.write(part.images, part.labels, refined=refined):
            tally.add(written, part.images, part.labels)
            yield to_sequences(written, source.split, first, part.labels)
            first += len(part.labels)
            bar.advance(len(part.labels))


def export_metadata(model: Model, *, refined: int = 0) -> dict[str, str]:
    """What an exported Parquet file says of the model that wrote it."""
    return {
        "format": "handwritten sequences, version 1",
        "config": json.dumps(config_to_dict(model.config)),
        "step": str(model.step),
        "refine": str(refined),
    }


def mnist_sources() -> list[Source]:
    """Both splits of thinned MNIST."""
    return [Source(split, _thinned_mnist(split)) for split in ("train", "test")]


def export(
    model: Model,
    sources: Sequence[Source],
    out: Path,
    bar: console.ProgressBar,
    *,
    name: str,
    refined: int = 0,
) -> dict[str, Scores]:
    """Write every split, the ``.npz`` of all, the card and the sums; gives each split's scores."""
    metadata = export_metadata(model, refined=refined)
    files: dict[str, Path] = {}
    scores: dict[str, Scores] = {}
    for source in sources:
        tally = Tally()
        files[source.split] = out / f"{source.split}.parquet"
        chunks = _write_split(model, source, tally, bar, refined)
        write_parquet(chunks, files[source.split], metadata=metadata)
        scores[source.split] = tally.scores()
    collected = out / f"{name}.npz"
    write_npz(files, collected)
    card = out / "README.md"
    with atomic_path(card) as temporary:
        temporary.write_text(dataset_card(model, scores, files, collected, refined=refined))
    write_checksums([*files.values(), collected, card], out / "SHA256SUMS")
    return scores


def main(args: Sequence[str]) -> int:
    """Export, and say what was written where."""
    options = console.parse(Options, args=args)
    console.check_refinement(options.refine)
    model = load_model(options.checkpoint)
    if options.pictures is None:
        sources, total, name = mnist_sources(), 70_000, MNIST_NAME
    else:
        sources = [Source("all", _own_pictures(options))]
        total, name = 0, "handwritten"
    with console.ProgressBar(total, label="exporting") as bar:
        scores = export(model, sources, options.out, bar, name=name, refined=options.refine)
    for split, found in scores.items():
        print(f"{split}: " + ", ".join(f"{key} {value:.4f}" for key, value in found["all"].items()))
    print(f"exported: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
