"""Teach a recogniser one's own digits, or other characters, without forgetting those of others.

Own pictures are prepared as MNIST's were; their names say which digit they are (7_mine.jpg,
7/mine.jpg; prepare_handwriting --label-by-reading makes such names). A share of each digit is held
out, so it takes four of a digit at least; docs/handwriting.md says what two hundred teach. Every
step sees digits of others too, so that what was learnt from them stays: those that ship, drawn
with a pen as wide as MNIST's, or raw MNIST's own (--data-dir). Accuracies before and after are
printed and kept.

With --set the recogniser is of that set's classes, as train_recognizer trained it. Pictures lie in
folders named as their class, or by its code (g/mine.jpg, U+4E00/mine.jpg); every step sees training
pictures of the set too, never those of its test writers, which are only read.

Examples:
  python -m scripts.finetune_recognizer my-photos --out out/my-recognizer.safetensors
  python -m scripts.finetune_recognizer --recordings out/my-recordings.ndjson
  python -m scripts.finetune_recognizer mine --set letters --recognizer letters.safetensors
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from scripts.shared import console
from scripts.shared.console import RecognizerPath
from scripts.shared.pictures import PictureOptions
from scripts.shared.sets import check_set
from strokes.classes import DIGITS
from strokes.weights import GREY_RECOGNIZER
from train.errors import RunError
from train.recognizer.config import FinetuningConfig

if TYPE_CHECKING:
    from datasets.prepared import PictureSet, Split
    from strokes.reading.recognizer import Labels, Pictures, Recognizer


_SPLITS: tuple["Split", ...] = ("train", "test")


@dataclasses.dataclass(frozen=True)
class Options:
    """What to teach, and where to write it."""

    pictures: Annotated[tuple[Path, ...], tyro.conf.Positional] = ()
    """Pictures of single digits, or folders of them."""
    recordings: tuple[Path, ...] = ()
    """Files of pen recordings, instead of pictures or beside them: drawn and prepared."""
    set: str = "digits"
    """What it reads, and whose pictures it is not to forget: "digits", "letters", or a file that
    scripts.prepare_folder or prepare_idx wrote."""
    recognizer: RecognizerPath = GREY_RECOGNIZER
    """Weights to begin with."""
    out: Path = Path("out/my-recognizer.safetensors")
    """File to write."""
    held_out: float = 0.3
    """Share of each class's own pictures that are not taught but tested."""
    training: FinetuningConfig = dataclasses.field(default_factory=FinetuningConfig)
    """How it is taught."""
    data_dir: Path | None = None
    """Folder with raw MNIST's four files, for steps and tests in place of the digits that ship;
    what is missing is downloaded into it. Of letters, a folder with UNIPEN's."""


def _check(options: Options) -> None:
    if not options.pictures and not options.recordings:
        raise RunError("nothing to teach: give pictures, or --recordings FILE")
    if not 0 <= options.held_out < 1:
        raise RunError(f"--held-out {options.held_out}: expected at least 0, less than 1")
    check_set("--set", options.set)
    console.check_file("--recognizer", options.recognizer)
    console.check_there("", *options.pictures)
    for path in options.recordings:
        console.check_there("--recordings", path)


def _recognizer(options: Options) -> "Recognizer":
    """What to begin with, of the set's classes."""
    from datasets.picture_sets import classes_and_size
    from strokes.reading.recognizer import load_recognizer

    classes, *_ = classes_and_size(options.set)
    if options.recognizer == GREY_RECOGNIZER and not classes.of_digits:
        raise RunError(
            f"--set {options.set}: the shipped recogniser reads digits; give a --recognizer of "
            "these, as train_recognizer writes"
        )
    return load_recognizer(options.recognizer, classes=classes)


def _own(options: Options, recognizer: "Recognizer") -> tuple["Pictures", "Labels"]:
    """Own pictures, prepared, with their labels."""
    import numpy as np

    from datasets.folders import label_of
    from strokes.formats.recordings import read_recordings
    from strokes.pictures.digits import find_pictures
    from strokes.reading.recognizer import form_of
    from train.recognizer.robustness import drawn_and_prepared, labels_of

    classes, form = recognizer.classes, form_of(recognizer)
    pictures = [np.zeros((0, form.side, form.side), np.uint8)]
    labels = [np.zeros(0, np.int32)]
    if options.pictures:
        for path, _ in find_pictures(options.pictures):
            label_of(path, classes)  # refused before any is prepared
        digits = PictureOptions(options.pictures).digits(form=lambda _: form)
        found = [(one.prepared.picture, label_of(Path(one.where), classes)) for one in digits]
        if digits.failed:
            raise RunError(f"{digits.failed} pictures could not be prepared: take them out")
        pictures += [picture[None] for picture, _ in found]
        labels.append(np.array([label for _, label in found], np.int32))
    for path in options.recordings:
        recordings = read_recordings(path, classes=classes)
        pictures.append(drawn_and_prepared(recordings, form))
        labels.append(labels_of(recordings))
    return np.concatenate(pictures), np.concatenate(labels)


def _others(options: Options, recognizer: "Recognizer") -> tuple[str, "PictureSet", "PictureSet"]:
    """What pictures of others are called, those to learn beside one's own, and those to test."""
    from datasets import load_thinned
    from datasets.picture_sets import load_picture_set
    from datasets.prepared import PictureSet
    from datasets.thinned import thickened

    train: PictureSet
    test: PictureSet
    if options.set == "digits" and options.data_dir is None:
        shipped = [load_thinned(split) for split in _SPLITS]
        train, test = (PictureSet(thickened(images), labels, DIGITS) for images, labels in shipped)
        return "shipped", train, test
    side = recognizer.config.height
    train, test = (
        load_picture_set(options.set, split, data_dir=options.data_dir, side=side)
        for split in _SPLITS
    )
    return "MNIST" if options.set == "digits" else Path(options.set).stem, train, test


def main(args: Sequence[str]) -> int:
    """Teach, test and write."""
    options = console.parse(Options, args=args)
    _check(options)
    from strokes.reading.recognizer import save_recognizer
    from train.recognizer.finetuning import finetune, split
    from train.recognizer.judging import accuracies, judge, labels_for

    recognizer = _recognizer(options)
    noun, kind = ("digit",) * 2 if recognizer.classes.of_digits else ("character", "class")
    pictures, labels = _own(options, recognizer)
    taught, tested = split(labels, options.held_out, seed=options.training.seed)
    if not len(tested):
        raise RunError(
            f"{len(labels)} own {noun}s are too few to hold out {options.held_out:.0%} of each: "
            f"give four of a {kind} at least, better ten of each, or a larger --held-out"
        )
    name, replay, test = _others(options, recognizer)
    held_out = (pictures[tested], labels[tested])
    truth = labels_for(recognizer, test)

    def measured(of: "Recognizer") -> tuple[dict[str, float], dict[str, float]]:
        found = accuracies(judge(of, test.images, truth))
        return {"own": of.accuracy(*held_out), name: found["accuracy"]}, found

    before, _ = measured(recognizer)
    own = pictures[taught], labels[taught]
    others = replay.images, labels_for(recognizer, replay)
    better = finetune(recognizer, own, others, options.training, writers=replay.writers)
    after, figures = measured(better)
    print(f"taught {len(taught)} own {noun}s, tested on {len(tested)} others")
    print(f"own {noun}s:  {before['own']:.2%} before, {after['own']:.2%} after")
    print(f"{name} test {noun}s:  {before[name]:.2%} before, {after[name]:.2%} after")
    facts = {f"test_{figure}": value for figure, value in figures.items()}
    save_recognizer(better, options.out, facts | {"finetuned": {"before": before, "after": after}})
    print(f"recogniser: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
