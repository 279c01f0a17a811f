"""Teach a recogniser one's own digits without forgetting MNIST's.

Own pictures are prepared as MNIST's were; their names say which digit they are (7_mine.jpg,
7/mine.jpg). A share of each digit is held out. Every step sees MNIST's pictures too, so
that what was learnt from them stays. Accuracies before and after are printed and kept.

Example:
  python -m scripts.finetune_recognizer my-photos --out out/my-recognizer.safetensors
  python -m scripts.finetune_recognizer --recordings out/my-recordings.ndjson
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro

from datasets import load_mnist
from datasets.folders import label_of
from datasets.recording_files import read_recordings
from scripts import console
from scripts.evaluate_recognizer import drawn_and_prepared
from scripts.handwritten import Digits, PictureOptions
from train.errors import RunError
from train.recognition import (
    GREY_READER,
    FinetuningConfig,
    Labels,
    Pictures,
    Reader,
    finetune,
    load_reader,
    save_reader,
)


@dataclasses.dataclass(frozen=True)
class Options:
    """What to teach, and where to write it."""

    pictures: Annotated[tuple[Path, ...], tyro.conf.Positional] = ()
    """Pictures of single digits, or folders of them."""
    recordings: tuple[Path, ...] = ()
    """Files of pen recordings, instead of pictures or beside them: drawn and prepared."""
    recognizer: Path = GREY_READER
    """Weights to begin with."""
    out: Path = Path("out/my-recognizer.safetensors")
    """File to write."""
    held_out: float = 0.3
    """Share of each digit's own pictures that are not taught but tested."""
    training: FinetuningConfig = dataclasses.field(default_factory=FinetuningConfig)
    """How it is taught."""
    data_dir: Path | None = None
    """Folder with MNIST's four files; what is missing is downloaded."""


def _own(options: Options) -> tuple[Pictures, Labels]:
    """Own pictures, prepared, with their labels."""
    pictures, labels = [np.zeros((0, 28, 28), np.uint8)], [np.zeros(0, np.int32)]
    if options.pictures:
        digits = Digits(PictureOptions(options.pictures))
        found = [(one.prepared.picture, label_of(Path(one.where))) for one in digits]
        if digits.failed:
            raise RunError(f"{digits.failed} pictures could not be prepared: take them out")
        pictures += [picture[None] for picture, _ in found]
        labels.append(np.array([label for _, label in found], np.int32))
    for path in options.recordings:
        recordings = read_recordings(path)
        pictures.append(drawn_and_prepared(recordings))
        labels.append(np.array([one.label for one in recordings], np.int32))
    return np.concatenate(pictures), np.concatenate(labels)


def split(labels: Labels, held_out: float, *, seed: int) -> tuple[Labels, Labels]:
    """Places to teach and places to test: of every digit that share, rounded down."""
    generator = np.random.default_rng(seed)
    taught, tested = [], []
    for digit in np.unique(labels):
        places = generator.permutation(np.flatnonzero(labels == digit))
        count = int(held_out * len(places))
        tested.append(places[:count])
        taught.append(places[count:])
    return np.concatenate(taught).astype(np.int32), np.concatenate(tested).astype(np.int32)


def _accuracies(
    reader: Reader, own: tuple[Pictures, Labels], mnist: tuple[Pictures, Labels]
) -> dict[str, float]:
    return {
        "own": reader.accuracy(*own),
        "mnist": reader.accuracy(*mnist),
    }


def main(args: Sequence[str]) -> int:
    """Teach, test and write."""
    options = console.parse(Options, args=args)
    if not options.pictures and not options.recordings:
        raise RunError("nothing to teach: give pictures, or --recordings FILE")
    if not 0 <= options.held_out < 1:
        raise RunError(f"--held-out {options.held_out}: expected at least 0, less than 1")
    reader = load_reader(options.recognizer)
    if reader.facts["data"] != "grey":
        raise RunError(f"{options.recognizer}: reads thinned digits, expected one of grey digits")
    pictures, labels = _own(options)
    taught, tested = split(labels, options.held_out, seed=options.training.seed)
    if not len(tested):
        raise RunError(
            f"{len(labels)} own digits are too few to hold out {options.held_out:.0%} of each: "
            "give more, or a larger --held-out"
        )
    mnist = load_mnist("test", data_dir=options.data_dir)
    replay = load_mnist("train", data_dir=options.data_dir)
    held_out = (pictures[tested], labels[tested])
    before = _accuracies(reader, held_out, mnist)
    better = finetune(reader, (pictures[taught], labels[taught]), replay, options.training)
    after = _accuracies(better, held_out, mnist)
    print(f"taught {len(taught)} own digits, tested on {len(tested)} others")
    print(f"own digits:  {before['own']:.2%} before, {after['own']:.2%} after")
    print(f"MNIST test:  {before['mnist']:.2%} before, {after['mnist']:.2%} after")
    facts = {"test_accuracy": after["mnist"], "finetuned": {"before": before, "after": after}}
    save_reader(better, options.out, facts)
    print(f"recogniser: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
