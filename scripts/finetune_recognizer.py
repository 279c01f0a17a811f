"""Teach a recogniser one's own digits without forgetting MNIST's.

Own pictures are prepared as MNIST's were; their names say which digit they are (7_mine.jpg,
7/mine.jpg; prepare_handwriting --label-by-reading makes such names). A share of each digit is held
out, so it takes four of a digit at least; docs/handwriting.md says what two hundred teach. Every
step sees digits of others too, so that what was learnt from them stays: those that ship, drawn
with a pen as wide as MNIST's, or raw MNIST's own (--data-dir). Accuracies before and after are
printed and kept.

Examples:
  python -m scripts.finetune_recognizer my-photos --out out/my-recognizer.safetensors
  python -m scripts.finetune_recognizer --recordings out/my-recordings.ndjson
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from scripts.shared import console
from scripts.shared.console import RecognizerPath
from scripts.shared.pictures import PictureOptions
from strokes.weights import GREY_RECOGNIZER
from train.errors import RunError
from train.recognizer.config import FinetuningConfig

if TYPE_CHECKING:
    from datasets.mnist import Split
    from strokes.reading.recognizer import Labels, Pictures, Recognizer


_SPLITS: tuple["Split", ...] = ("train", "test")


@dataclasses.dataclass(frozen=True)
class Options:
    """What to teach, and where to write it."""

    pictures: Annotated[tuple[Path, ...], tyro.conf.Positional] = ()
    """Pictures of single digits, or folders of them."""
    recordings: tuple[Path, ...] = ()
    """Files of pen recordings, instead of pictures or beside them: drawn and prepared."""
    recognizer: RecognizerPath = GREY_RECOGNIZER
    """Weights to begin with."""
    out: Path = Path("out/my-recognizer.safetensors")
    """File to write."""
    held_out: float = 0.3
    """Share of each digit's own pictures that are not taught but tested."""
    training: FinetuningConfig = dataclasses.field(default_factory=FinetuningConfig)
    """How it is taught."""
    data_dir: Path | None = None
    """Folder with raw MNIST's four files, for steps and tests in place of the digits that ship;
    what is missing is downloaded into it."""


def _check(options: Options) -> None:
    if not options.pictures and not options.recordings:
        raise RunError("nothing to teach: give pictures, or --recordings FILE")
    if not 0 <= options.held_out < 1:
        raise RunError(f"--held-out {options.held_out}: expected at least 0, less than 1")
    console.check_file("--recognizer", options.recognizer)
    console.check_there("", *options.pictures)
    for path in options.recordings:
        console.check_there("--recordings", path)


def _own(options: Options) -> tuple["Pictures", "Labels"]:
    """Own pictures, prepared, with their labels."""
    import numpy as np

    from datasets.folders import label_of
    from strokes.formats.recordings import read_recordings
    from strokes.pictures.digits import find_pictures
    from train.recognizer.robustness import drawn_and_prepared, labels_of

    pictures, labels = [np.zeros((0, 28, 28), np.uint8)], [np.zeros(0, np.int32)]
    if options.pictures:
        for path, _ in find_pictures(options.pictures):
            label_of(path)  # refused before any is prepared
        digits = PictureOptions(options.pictures).digits()
        found = [(one.prepared.picture, label_of(Path(one.where))) for one in digits]
        if digits.failed:
            raise RunError(f"{digits.failed} pictures could not be prepared: take them out")
        pictures += [picture[None] for picture, _ in found]
        labels.append(np.array([label for _, label in found], np.int32))
    for path in options.recordings:
        recordings = read_recordings(path)
        pictures.append(drawn_and_prepared(recordings))
        labels.append(labels_of(recordings))
    return np.concatenate(pictures), np.concatenate(labels)


def _others(
    options: Options,
) -> tuple[str, tuple["Pictures", "Labels"], tuple["Pictures", "Labels"]]:
    """What digits of others are called, those to learn beside one's own, and those to test."""
    from datasets import load_mnist, load_thinned
    from datasets.thinned import thickened

    if options.data_dir is not None:
        train, test = (load_mnist(split, data_dir=options.data_dir) for split in _SPLITS)
        return "MNIST", train, test
    shipped = [load_thinned(split) for split in _SPLITS]
    train, test = ((thickened(images), labels) for images, labels in shipped)
    return "shipped", train, test


def main(args: Sequence[str]) -> int:
    """Teach, test and write."""
    options = console.parse(Options, args=args)
    _check(options)
    from strokes.reading.recognizer import load_recognizer, save_recognizer
    from train.recognizer.finetuning import finetune, split

    recognizer = load_recognizer(options.recognizer)
    pictures, labels = _own(options)
    taught, tested = split(labels, options.held_out, seed=options.training.seed)
    if not len(tested):
        raise RunError(
            f"{len(labels)} own digits are too few to hold out {options.held_out:.0%} of each: "
            "give four of a digit at least, better ten of each, or a larger --held-out"
        )
    name, replay, test = _others(options)
    held_out = (pictures[tested], labels[tested])

    def accuracies(of: "Recognizer") -> dict[str, float]:
        return {"own": of.accuracy(*held_out), name: of.accuracy(*test)}

    before = accuracies(recognizer)
    better = finetune(recognizer, (pictures[taught], labels[taught]), replay, options.training)
    after = accuracies(better)
    print(f"taught {len(taught)} own digits, tested on {len(tested)} others")
    print(f"own digits:  {before['own']:.2%} before, {after['own']:.2%} after")
    print(f"{name} test digits:  {before[name]:.2%} before, {after[name]:.2%} after")
    facts = {"test_accuracy": after[name], "finetuned": {"before": before, "after": after}}
    save_recognizer(better, options.out, facts)
    print(f"recogniser: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
