"""A recogniser's training into a folder: weights, card, metrics, and what there is to see."""

import dataclasses
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from datasets.prepared import PictureSet
from strokes.files import atomic_path
from strokes.reading.recognizer import Recognizer, save_recognizer
from train.device import device_name
from train.figures.html import png
from train.progress import ProgressFactory
from train.recognizer.calibration import calibration_gap
from train.recognizer.card import recognizer_card
from train.recognizer.config import RecognitionConfig
from train.recognizer.figures import (
    MOST_CONFUSED,
    confusion_figure,
    confusions,
    learning_curves,
    top_losses,
)
from train.recognizer.judging import Judged, accuracies, judge
from train.recognizer.report import class_report
from train.recognizer.training import Epoch, train_recognizer

WEIGHTS_FILE = "recognizer.safetensors"


def train_into(
    folder: Path,
    config: RecognitionConfig,
    train: PictureSet,
    test: PictureSet,
    *,
    name: str = "digits",
    command: str,
    progress: ProgressFactory,
) -> dict[str, Any]:
    """Train a recogniser, test the best epoch's, and write all that is known of it.

    Args:
      folder: files of the same names are replaced; the best epoch so far always lies there.
      config: how; its network is made to fit the pictures and their classes.
      train: of the kind that the configuration names.
      test: of the same kind and classes.
      name: of the set.
      command: how to do this again, for the card.
      progress: shows the epochs.

    Returns:
      what is written beside the weights.

    Raises:
      RunError: fewer pictures than a batch.
    """
    started = time.monotonic()
    config = fitted(config, train)
    kept, rows = _kept(folder, config, train, progress)
    metrics = "".join(json.dumps(row) + "\n" for row in rows)
    _write_text(folder / "metrics.jsonl", metrics)
    if config.held_out:
        write_figure(folder / "curves.png", learning_curves(rows))
    training = dataclasses.asdict(config)
    made = {
        "training": {name: training[name] for name in training if name not in ("network", "data")},
        "command": command,
        "seconds": time.monotonic() - started,
        "device": device_name(),
    }
    judged = judge(kept, test.images, test.labels)
    counts = np.bincount(train.labels, minlength=len(train.classes))
    _show(folder, judged, counts, test)
    facts = {
        "network": dataclasses.asdict(kept.config),
        **kept.facts,
        "set": name,
        **tested(judged),
        "class_counts": counts.tolist(),
        **made,
    }
    _write_text(folder / "card.md", recognizer_card(facts))
    save_recognizer(kept, folder / WEIGHTS_FILE, facts)
    return facts


def fitted(config: RecognitionConfig, train: PictureSet) -> RecognitionConfig:
    """The configuration whose network takes the pictures of a set and tells its classes."""
    height, width = train.images.shape[1:]
    network = dataclasses.replace(
        config.network, height=height, width=width, outputs=len(train.classes)
    )
    return dataclasses.replace(config, network=network)


def _kept(
    folder: Path,
    config: RecognitionConfig,
    train: PictureSet,
    progress: ProgressFactory,
) -> tuple[Recognizer, list[dict[str, Any]]]:
    """The best epoch's recogniser, and a row of figures for each epoch."""
    started = time.monotonic()
    kept: Recognizer | None = None
    rows: list[dict[str, Any]] = []
    training = train_recognizer(
        config, train.images, train.labels, classes=train.classes, writers=train.writers
    )
    with progress(config.epochs, label="training", unit=" epochs") as bar:
        for number, epoch in enumerate(training, start=1):
            seconds = time.monotonic() - started
            rows.append(_row(number, epoch, seconds, judged=config.held_out > 0))
            if epoch.best:
                kept = epoch.recognizer
                save_recognizer(kept, folder / WEIGHTS_FILE, {})
            held_out = f", held out {epoch.held_out_accuracy:.4f}" if config.held_out else ""
            bar.advance(1)
            bar.line(f"epoch {number}: loss {epoch.loss:.4f}{held_out}, {seconds:.0f} s")
    assert kept is not None  # the first epoch is better than none
    return kept, rows


def _row(number: int, epoch: Epoch, seconds: float, *, judged: bool) -> dict[str, Any]:
    """An epoch's figures; those of held-out pictures only where it was judged by some."""
    row = {"epoch": number, "loss": epoch.loss, "seconds": seconds}
    if not judged:
        return row
    return row | {
        "held_out_loss": epoch.held_out_loss,
        "held_out_accuracy": epoch.held_out_accuracy,
    }


def tested(judged: Judged) -> dict[str, float]:
    """How well test pictures are read: `train.recognizer.judging.accuracies`, and calibration."""
    found = {f"test_{name}": value for name, value in accuracies(judged).items()}
    return found | {"expected_calibration_error": calibration_gap(judged.certainty, judged.right)}


def _show(folder: Path, judged: Judged, counts: npt.NDArray[np.integer], test: PictureSet) -> None:
    """Which classes are read well, which for which, and the pictures that are not.

    Args:
      folder: to write into.
      judged: what was read of the test pictures.
      counts: training pictures of each class, ``[K]``.
      test: the test pictures.
    """
    _write_text(folder / "classes.md", class_report(judged, counts))
    if len(test.classes) <= MOST_CONFUSED:
        counted = confusions(judged.read, judged.truth, len(test.classes))
        write_figure(folder / "confusion.png", confusion_figure(counted, test.classes.names))
    write_figure(folder / "top_losses.png", top_losses(test.images, judged))


def write_figure(path: Path, figure: Figure) -> None:
    """Write a figure as PNG."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(png(figure))


def _write_text(path: Path, text: str) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(text)
