"""Measure a recogniser on a set's test pictures; one of digits on handwriting that is not MNIST's.

Of any set but digits: accuracy of all pictures and in the mean over classes, and calibration error;
--report FILE gets accuracy by the number of training pictures, the pairs that are most often
confused, and the classes that are read worst. Of digits:

- MNIST's test digits, as they are: accuracy and expected calibration error;
- a thousand of them made into photos (64 to 400 px, off-centre, any pen, uneven paper, noise,
  a third light on dark), prepared in each way, and only scaled to 28x28 for the contrast;
- photos of the package's recordings in 34 kinds of trouble, 16 of each;
- the package's pen recordings, drawn at 300 px and prepared;
- the UCI Pen-Based Digits, where prepare_pendigits has put them, drawn and prepared alike: as
  they are, stretched to squares and joined through the air, and with both undone.

Examples:
  python -m scripts.evaluate_recognizer --json out/recognizer.json
  python -m scripts.evaluate_recognizer --set letters --recognizer letters.safetensors
"""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

from scripts.shared import console
from scripts.shared.console import RecognizerPath
from scripts.shared.sets import check_set
from strokes.files import atomic_path
from strokes.weights import GREY_RECOGNIZER
from train.errors import RunError


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure."""

    recognizer: RecognizerPath = GREY_RECOGNIZER
    """Weights that train_recognizer or finetune_recognizer wrote."""
    set: str = "digits"
    """"digits", "letters", or a file that scripts.prepare_folder or prepare_idx wrote."""
    report: Path | None = None
    """Of a set other than digits: file to write tables by class into, as Markdown."""
    photos: int = 1000
    """MNIST's first test digits that are made into photos."""
    shapes: int = 16
    """Photos that are made of recordings for each kind of trouble; 0 for none."""
    seed: int = 0
    """Decides how the photos look."""
    json: Path | None = None
    """File to write the figures into."""
    data_dir: Path | None = None
    """Folder with MNIST's four files, which are downloaded if missing, or with UNIPEN's letters."""


def _write(options: Options, figures: dict[str, float], device: str, path: Path) -> None:
    record = {
        "recognizer": str(options.recognizer),
        "set": options.set,
        "photos": options.photos,
        "seed": options.seed,
        "device": device,
        "figures": figures,
    }
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(record, indent=1) + "\n")


def _measure_set(options: Options) -> dict[str, float]:
    """Figures of the test pictures of a set; writes the tables by class."""
    from datasets.picture_sets import load_picture_set
    from strokes.reading.recognizer import kind_of, load_recognizer
    from train.recognizer.report import measure_set

    kind = kind_of(options.recognizer)
    recognizer = load_recognizer(options.recognizer, of=kind, classes=None)
    side = recognizer.config.height
    tested = load_picture_set(options.set, "test", kind=kind, data_dir=options.data_dir, side=side)
    figures, report = measure_set(recognizer, tested)
    for name, value in figures.items():
        print(f"{name:>40} {value:.4f}")
    if options.report is not None:
        with atomic_path(options.report) as temporary:
            temporary.write_text(report)
    return figures


def _measure_digits(options: Options) -> dict[str, float]:
    from datasets import load_mnist
    from strokes.reading.recognizer import load_recognizer
    from train.recognizer.robustness import measures

    recognizer = load_recognizer(options.recognizer)
    tested = load_mnist("test", data_dir=options.data_dir)
    figures: dict[str, float] = {}
    for name, value in measures(
        recognizer,
        tested,
        photos=options.photos,
        shapes=options.shapes,
        seed=options.seed,
        say=print,
    ):
        figures[name] = value
        print(f"{name:>40} {value:.4f}", flush=True)
    return figures


def main(args: Sequence[str]) -> int:
    """Measure and print."""
    options = console.parse(Options, args=args)
    console.check_file("--recognizer", options.recognizer)
    check_set("--set", options.set)
    if options.report is not None and options.set == "digits":
        raise RunError("--report: of a set other than digits; give --set")
    if options.photos < 1:
        raise RunError(f"--photos {options.photos}: expected at least 1")
    if options.shapes < 0:
        raise RunError(f"--shapes {options.shapes}: expected at least 0")
    from train.device import device_name

    figures = _measure_digits(options) if options.set == "digits" else _measure_set(options)
    if options.json is not None:
        _write(options, figures, device_name(), options.json)
    return 0


if __name__ == "__main__":
    console.run(main)
