"""Train a network that reads characters: digits, letters, or any classes in any numbers.

Presets: perceptron (784-256-10), cnn, cnn-augmented (ships with the code and reads
people's handwriting), letters (more units, fewer pictures in a step), thinned (ships too:
evaluation asks it how legible drawings are).
Whichever epoch reads the held-out training pictures best is kept; they also calibrate its
certainties. The folder gets the weights, a card, metrics, learning curves, the confusion
matrix, a table by class and the worst mistakes. Digits but for "thinned" need raw MNIST, letters
UNIPEN's (scripts.prepare_unipen): they are looked for in --data-dir, the folder that
STROKES_DATA_DIR names and the cache folder; MNIST is then downloaded (11 MB).

Examples:
  python -m scripts.train_recognizer --preset cnn-augmented --out out/recognizer
  python -m scripts.train_recognizer --set letters --out out/letters
  python -m scripts.train_recognizer --set out/kuzushiji.npz --sampling square-root
  python -m scripts.train_recognizer --preset cnn --range-test
"""

import argparse
import dataclasses
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scripts.shared import console
from scripts.shared.memory import use_large_pages
from scripts.shared.sets import check_set
from train.errors import RunError
from train.recognizer.config import RECOGNIZERS, RecognitionConfig

if TYPE_CHECKING:
    from datasets.prepared import PictureSet


@dataclasses.dataclass(frozen=True)
class Options:
    """What to train, and where to write it."""

    preset: Literal["perceptron", "cnn", "cnn-augmented", "letters", "thinned"] = "cnn-augmented"
    """Configuration to start from; the options below change it."""
    set: str = "digits"
    """"digits", "letters", or a file that scripts.prepare_folder or prepare_idx wrote."""
    side: int | None = None
    """Height and width of pictures, of letters: 28 if not given."""
    training: RecognitionConfig = dataclasses.field(default_factory=RecognitionConfig)
    """How it is trained."""
    out: Path = Path("out/recognizer")
    """Folder to write into; files of the same names are replaced."""
    data_dir: Path | None = None
    """Folder with MNIST's four files, which are downloaded if missing, or with UNIPEN's letters."""
    range_test: bool = False
    """Only look for a learning rate: raise it until the loss explodes, and plot that."""


def _parse(args: Sequence[str]) -> Options:
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument("--preset", default=Options.preset)
    name = first.parse_known_args(list(args))[0].preset
    console.check_choice("--preset", name, tuple(RECOGNIZERS))
    default = Options(preset=name, training=RECOGNIZERS[name])
    try:
        return console.parse(Options, default=default, args=args)
    except ValueError as error:  # a value that the configuration rejects
        raise RunError(str(error)) from error


def load_pictures(options: Options) -> tuple["PictureSet", "PictureSet"]:
    """Training and test pictures of the set, of the kind that the configuration names."""
    from datasets.picture_sets import load_picture_set

    kind, found = options.training.data, options.data_dir
    train = load_picture_set(options.set, "train", kind=kind, data_dir=found, side=options.side)
    test = load_picture_set(options.set, "test", kind=kind, data_dir=found, side=options.side)
    return train, test


def _range_test(options: Options, train: "PictureSet") -> None:
    from train.recognizer.figures import range_figure
    from train.recognizer.learning_rate import range_test
    from train.recognizer.run import fitted, write_figure

    found = range_test(fitted(options.training, train), train.images, train.labels)
    plot = options.out / "range_test.png"
    write_figure(plot, range_figure(found))
    print(
        f"loss falls fastest at a learning rate of {found.steepest:.2g}, "
        f"explodes or ends at {found.rates[-1]:.2g}: {plot}"
    )


def main(args: Sequence[str]) -> int:
    """Train, test and write."""
    options = _parse(args)
    check_set("--set", options.set)
    train, test = load_pictures(options)
    if options.range_test:
        _range_test(options, train)
        return 0
    from train.recognizer.run import train_into

    facts = train_into(
        options.out,
        options.training,
        train,
        test,
        name=Path(options.set).name,
        command=shlex.join(["python", "-m", "scripts.train_recognizer", *args]),
        progress=console.ProgressBar,
    )
    folded = facts.get("test_folded_accuracy")
    alike = "" if folded is None else f" ({folded:.2%} where classes that look alike are one)"
    print(
        f"reads {facts['test_accuracy']:.2%} of the test pictures{alike}, "
        f"{facts['test_macro_accuracy']:.2%} in the mean over classes, "
        f"calibration error {facts['expected_calibration_error']:.4f}: {options.out}"
    )
    return 0


if __name__ == "__main__":
    use_large_pages()
    console.run(main)
