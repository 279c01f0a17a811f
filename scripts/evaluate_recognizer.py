"""Measure a recogniser of grey digits: on MNIST, and on handwriting that is not MNIST's.

- MNIST's test digits, as they are: accuracy and expected calibration error;
- a thousand of them made into photos (64 to 400 px, off-centre, any pen, uneven paper, noise,
  a third light on dark), prepared in each way, and only scaled to 28x28 for the contrast;
- the package's pen recordings, drawn at 300 px and prepared;
- the UCI Pen-Based Digits, where prepare_pendigits has put them, drawn and prepared alike: as
  they are, stretched to squares and joined through the air, and with both undone.

Example:
  python -m scripts.evaluate_recognizer --json out/recognizer.json
"""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
import numpy.typing as npt

from datasets import DataError, load_mnist
from datasets.files import atomic_path
from datasets.handwriting import SIDE, Centring, Floats, prepare
from datasets.made_photos import as_photo
from datasets.pen_digits import find_pen_digits, with_pen_lifts
from datasets.pen_ink import draw_ink, fitted
from datasets.recording_files import read_recordings
from datasets.recordings import OWN_RECORDINGS, Recording
from scripts import console
from train.calibration import expected_calibration_error
from train.recognition import GREY_READER, Labels, Pictures, Reader, load_reader
from train.recognition_report import confusions
from train.recordings import with_mnist_proportions
from train.run_folder import device_name

_DRAWN_AT = 300
_PEN = 0.06  # width in canvas units: a twelfth of the digit's longer side


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure."""

    recognizer: Path = GREY_READER
    """Weights that train_recognizer or finetune_recognizer wrote."""
    photos: int = 1000
    """MNIST's first test digits that are made into photos."""
    seed: int = 0
    """Decides how the photos look."""
    json: Path | None = None
    """File to write the figures into."""
    data_dir: Path | None = None
    """Folder with MNIST's four files; what is missing is downloaded."""


def _prepared(grey: Floats, centring: Centring = "mass") -> npt.NDArray[np.uint8]:
    """Prepared, or blank where there is no digit to be seen: that counts as misread."""
    try:
        return prepare(grey, centring=centring).picture
    except DataError:
        return np.zeros((SIDE, SIDE), np.uint8)


def _only_scaled(grey: Floats) -> npt.NDArray[np.uint8]:
    """What one does who does not know how MNIST was made: scale, and dark is ink."""
    small = cv2.resize(1.0 - grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.round(255.0 * np.clip(small, 0.0, 1.0)).astype(np.uint8)


def drawn_and_prepared(recordings: Sequence[Recording]) -> npt.NDArray[np.uint8]:
    """Recordings drawn with a pen of natural width and prepared, ``[M, 28, 28]``."""
    pictures = [draw_ink(fitted(one.strokes), side=_DRAWN_AT, width=_PEN) for one in recordings]
    return np.stack([_prepared(picture) for picture in pictures])


def _photos(
    digits: Pictures, labels: Labels, reader: Reader, *, seed: int
) -> Iterator[tuple[str, float]]:
    rng = np.random.default_rng(seed)
    photos = [as_photo(digit, rng) for digit in digits]
    ways: tuple[Centring, ...] = get_args(Centring)
    for way in ways:
        pictures = np.stack([_prepared(photo, way) for photo in photos])
        yield f"photos, centring {way}", reader.accuracy(pictures, labels)
    scaled = np.stack([_only_scaled(photo) for photo in photos])
    yield "photos, only scaled", reader.accuracy(scaled, labels)


def _recorded() -> Iterator[tuple[str, list[Recording]]]:
    """Sets of recordings by name."""
    yield "own recordings", read_recordings(OWN_RECORDINGS)
    try:
        recordings = read_recordings(find_pen_digits())
    except DataError as error:
        print(f"left out: {error}")
        return
    yield "UCI Pen-Based Digits", recordings
    lifted = with_pen_lifts(recordings)
    yield "the same, lifted, MNIST's proportions", with_mnist_proportions(lifted)


def measures(options: Options, reader: Reader) -> Iterator[tuple[str, float]]:
    """Each figure by name, as soon as it is known."""
    tested, truth = load_mnist("test", data_dir=options.data_dir)
    sure = reader.certainties(tested)
    yield "MNIST test", float((sure.argmax(axis=1) == truth).mean())
    yield "MNIST test, calibration error", expected_calibration_error(sure, truth)
    few = slice(options.photos)
    yield from _photos(tested[few], truth[few], reader, seed=options.seed)
    for name, recordings in _recorded():
        labels = np.array([one.label for one in recordings], np.int32)
        read = reader.read(drawn_and_prepared(recordings))
        yield name, float((read == labels).mean())
        counts = confusions(read, labels)
        for digit in np.flatnonzero(np.diag(counts) < 0.9 * counts.sum(axis=1)):
            others = {int(d): int(n) for d, n in enumerate(counts[digit]) if n and d != digit}
            print(f"{name}: {digit} is read as {others}, {counts[digit, digit]} times as itself")


def main(args: Sequence[str]) -> int:
    """Measure and print."""
    options = console.parse(Options, args=args)
    reader = load_reader(options.recognizer)
    figures: dict[str, Any] = {}
    for name, value in measures(options, reader):
        figures[name] = value
        print(f"{name:>40} {value:.4f}", flush=True)
    if options.json is not None:
        record = {
            "recognizer": str(options.recognizer),
            "photos": options.photos,
            "seed": options.seed,
            "device": device_name(),
            "figures": figures,
        }
        with atomic_path(options.json) as temporary:
            temporary.write_text(json.dumps(record, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    console.run(main)
