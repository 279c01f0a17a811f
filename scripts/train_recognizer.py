"""Train a network that reads digits: grey MNIST, or the thinned digits.

Presets: perceptron (784-256-10), cnn, cnn-augmented (ships with the code and reads
people's handwriting), thinned (ships too: evaluation asks it how legible drawings are).
Whichever epoch reads the held-out training digits best is kept; they also calibrate its
certainties. The folder gets the weights, a card, metrics, learning curves, the confusion
matrix and the worst mistakes.

Examples:
  python -m scripts.train_recognizer --preset cnn-augmented --out out/recognizer
  python -m scripts.train_recognizer --preset cnn --range-test True
"""

import argparse
import dataclasses
import json
import shlex
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from matplotlib.figure import Figure

from datasets import load_mnist, load_thinned
from datasets.files import atomic_path
from scripts import console
from train.calibration import expected_calibration_error
from train.errors import RunError
from train.recognition import (
    RECOGNIZERS,
    Data,
    Labels,
    Pictures,
    Reader,
    RecognitionConfig,
    range_test,
    save_reader,
    train_recognizer,
)
from train.recognition_report import (
    confusion_figure,
    confusions,
    learning_curves,
    range_figure,
    top_losses,
)
from train.report import png
from train.run_folder import device_name

WEIGHTS_FILE = "recognizer.safetensors"


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
    data: Data, data_dir: Path | None
) -> tuple[tuple[Pictures, Labels], tuple[Pictures, Labels]]:
    """Training and test digits of a kind."""
    if data == "thinned":
        return load_thinned("train"), load_thinned("test")
    return load_mnist("train", data_dir=data_dir), load_mnist("test", data_dir=data_dir)


def _write_text(path: Path, text: str) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(text)


def _write_figure(path: Path, figure: Figure) -> None:
    with atomic_path(path) as temporary:
        temporary.write_bytes(png(figure))


def _card(facts: dict[str, Any]) -> str:
    """What a person wants to know of the weights, as Markdown."""
    network = facts["network"]
    shape = "-".join(str(units) for units in (*network["channels"], network["units"], 10))
    calibration = facts["expected_calibration_error"]
    data = {"grey": "MNIST, grey", "thinned": "thinned MNIST"}[facts["data"]]
    return f"""# Recogniser

Reads a digit in a 28x28 picture, {data}: 0 paper, prepared as MNIST was.

- Network: {"convolutions and dense layers" if network["channels"] else "perceptron"}, {shape}
- Test accuracy: {facts["test_accuracy"]:.2%} of the 10,000 test digits
- Expected calibration error, 15 bins, test digits: {calibration:.4f}
  (temperature {facts["temperature"]:.3f})
- Kept: epoch {facts["epochs"]} of {facts["training"]["epochs"]}
- Made by: `{facts["command"]}`, {facts["seconds"]:.0f} s on {facts["device"]}
- Not for: letters, several digits in one picture, pictures that were not prepared

Training: `{json.dumps(facts["training"])}`
"""


def _report(
    reader: Reader, facts: dict[str, Any], tested: Pictures, truth: Labels, out: Path
) -> dict[str, Any]:
    """Measure the recogniser that was kept, and write what there is to see; gives all facts."""
    logits = reader.logits(tested)
    certainties = reader.calibrated(logits)
    read = logits.argmax(axis=1)
    facts = {
        "network": dataclasses.asdict(reader.config),
        **reader.facts,
        "test_accuracy": float((read == truth).mean()),
        "expected_calibration_error": expected_calibration_error(certainties, truth),
        **facts,
    }
    _write_figure(out / "confusion.png", confusion_figure(confusions(read, truth)))
    _write_figure(out / "top_losses.png", top_losses(tested, logits, certainties, truth))
    _write_text(out / "card.md", _card(facts))
    return facts


def _train(
    options: Options, train: tuple[Pictures, Labels], command: str
) -> tuple[Reader, dict[str, Any]]:
    """Train; whatever epoch is best so far lies on disk."""
    started = time.monotonic()
    kept: Reader | None = None
    epochs: list[dict[str, Any]] = []
    with console.ProgressBar(options.training.epochs, label="training", unit=" epochs") as bar:
        for epoch in train_recognizer(options.training, *train):
            number, seconds = len(epochs) + 1, time.monotonic() - started
            row: dict[str, Any] = {"epoch": number, "loss": epoch.loss, "seconds": seconds}
            held_out = ""
            if options.training.held_out:
                row["held_out_loss"] = epoch.held_out_loss
                row["held_out_accuracy"] = epoch.held_out_accuracy
                held_out = f", held out {epoch.held_out_accuracy:.4f}"
            epochs.append(row)
            if epoch.best:
                kept = epoch.reader
                save_reader(kept, options.out / WEIGHTS_FILE, {})
            bar.line(f"epoch {number}: loss {epoch.loss:.4f}{held_out}, {seconds:.0f} s")
            bar.advance(1)
    assert kept is not None
    _write_text(options.out / "metrics.jsonl", "".join(json.dumps(e) + "\n" for e in epochs))
    if options.training.held_out:
        _write_figure(options.out / "curves.png", learning_curves(epochs))
    training = dataclasses.asdict(options.training)
    return kept, {
        "training": {name: training[name] for name in training if name not in ("network", "data")},
        "command": command,
        "seconds": time.monotonic() - started,
        "device": device_name(),
    }


def main(args: Sequence[str]) -> int:
    """Train, test and write."""
    options = _parse(args)
    train, (tested, truth) = load_digits(options.training.data, options.data_dir)
    if options.range_test:
        found = range_test(options.training, *train)
        _write_figure(options.out / "range_test.png", range_figure(found))
        print(
            f"loss falls fastest at a learning rate of {found.steepest:.2g}, "
            f"explodes or ends at {found.rates[-1]:.2g}: {options.out / 'range_test.png'}"
        )
        return 0
    command = shlex.join(["python", "-m", "scripts.train_recognizer", *args])
    kept, facts = _train(options, train, command)
    facts = _report(kept, facts, tested, truth, options.out)
    save_reader(kept, options.out / WEIGHTS_FILE, facts)
    print(
        f"reads {facts['test_accuracy']:.2%} of the test digits, "
        f"calibration error {facts['expected_calibration_error']:.4f}: {options.out}"
    )
    return 0


if __name__ == "__main__":
    console.run(main)
