"""Train a network that reads digits: grey MNIST, or the thinned digits.

Presets: perceptron (784-256-10), cnn, cnn-augmented (ships with the code and reads
people's handwriting), thinned (ships too: evaluation asks it how legible drawings are).
Whichever epoch reads the held-out training digits best is kept; they also calibrate its
certainties. The folder gets the weights, a card, metrics, learning curves, the confusion
matrix and the worst mistakes. All but "thinned" need raw MNIST: it is looked for in --data-dir,
the folder that STROKES_DATA_DIR names and the cache folder, then downloaded (11 MB).

Examples:
  python -m scripts.train_recognizer --preset cnn-augmented --out out/recognizer
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
from strokes.networks.config import Kind
from train.errors import RunError
from train.recognizer.config import RECOGNIZERS, RecognitionConfig

if TYPE_CHECKING:
    from strokes.reading.recognizer import Labels, Pictures


@dataclasses.dataclass(frozen=True)
class Options:
    """What to train, and where to write it."""

    preset: Literal["perceptron", "cnn", "cnn-augmented", "thinned"] = "cnn-augmented"
    """Configuration to start from; the options below change it."""
    training: RecognitionConfig = dataclasses.field(default_factory=RecognitionConfig)
    """How it is trained."""
    out: Path = Path("out/recognizer")
    """Folder to write into; files of the same names are replaced."""
    data_dir: Path | None = None
    """Folder with MNIST's four files; what is missing is downloaded."""
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


def load_digits(
    kind: Kind, data_dir: Path | None
) -> tuple[tuple["Pictures", "Labels"], tuple["Pictures", "Labels"]]:
    """Training and test digits of a kind."""
    from datasets import load_mnist, load_thinned

    if kind == "thinned":
        return load_thinned("train"), load_thinned("test")
    return load_mnist("train", data_dir=data_dir), load_mnist("test", data_dir=data_dir)


def _range_test(options: Options, train: tuple["Pictures", "Labels"]) -> None:
    from train.recognizer.figures import range_figure
    from train.recognizer.learning_rate import range_test
    from train.recognizer.run import write_figure

    found = range_test(options.training, *train)
    plot = options.out / "range_test.png"
    write_figure(plot, range_figure(found))
    print(
        f"loss falls fastest at a learning rate of {found.steepest:.2g}, "
        f"explodes or ends at {found.rates[-1]:.2g}: {plot}"
    )


def main(args: Sequence[str]) -> int:
    """Train, test and write."""
    options = _parse(args)
    train, test = load_digits(options.training.data, options.data_dir)
    if options.range_test:
        _range_test(options, train)
        return 0
    from train.recognizer.run import train_into

    facts = train_into(
        options.out,
        options.training,
        train,
        test,
        command=shlex.join(["python", "-m", "scripts.train_recognizer", *args]),
        progress=console.ProgressBar,
    )
    print(
        f"reads {facts['test_accuracy']:.2%} of the test digits, "
        f"calibration error {facts['expected_calibration_error']:.4f}: {options.out}"
    )
    return 0


if __name__ == "__main__":
    use_large_pages()
    console.run(main)
