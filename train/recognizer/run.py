"""A recogniser's training into a folder: weights, card, metrics, and what there is to see."""

import dataclasses
import json
import time
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from strokes.files import atomic_path
from strokes.reading.recognizer import Labels, Pictures, Recognizer, save_recognizer
from train.device import device_name
from train.figures.html import png
from train.progress import ProgressFactory
from train.recognizer.calibration import expected_calibration_error
from train.recognizer.card import recognizer_card
from train.recognizer.config import RecognitionConfig
from train.recognizer.figures import (
    confusion_figure,
    confusions,
    learning_curves,
    top_losses,
)
from train.recognizer.training import Epoch, train_recognizer

WEIGHTS_FILE = "recognizer.safetensors"


def train_into(
    folder: Path,
    config: RecognitionConfig,
    train: tuple[Pictures, Labels],
    test: tuple[Pictures, Labels],
    *,
    command: str,
    progress: ProgressFactory,
) -> dict[str, Any]:
    """Train a recogniser, test the best epoch's, and write all that is known of it.

    Args:
      folder: files of the same names are replaced; the best epoch so far always lies there.
      config: how.
      train: pictures ``[M, H, W]`` and labels ``[M]``, of the kind that the configuration names.
      test: of the same kind.
      command: how to do this again, for the card.
      progress: shows the epochs.

    Returns:
      what is written beside the weights.

    Raises:
      RunError: fewer pictures than a batch.
    """
    started = time.monotonic()
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
    facts = {
        "network": dataclasses.asdict(kept.config),
        **kept.facts,
        **_tested(folder, kept, test),
        **made,
    }
    _write_text(folder / "card.md", recognizer_card(facts))
    save_recognizer(kept, folder / WEIGHTS_FILE, facts)
    return facts


def _kept(
    folder: Path,
    config: RecognitionConfig,
    train: tuple[Pictures, Labels],
    progress: ProgressFactory,
) -> tuple[Recognizer, list[dict[str, Any]]]:
    """The best epoch's recogniser, and a row of figures for each epoch."""
    started = time.monotonic()
    kept: Recognizer | None = None
    rows: list[dict[str, Any]] = []
    with progress(config.epochs, label="training", unit=" epochs") as bar:
        for number, epoch in enumerate(train_recognizer(config, *train), start=1):
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


def _tested(folder: Path, kept: Recognizer, test: tuple[Pictures, Labels]) -> dict[str, float]:
    """How well test digits are read; draws which are not."""
    pictures, truth = test
    logits = kept.logits(pictures)
    probabilities = kept.calibrated(logits)
    read = logits.argmax(axis=1)
    write_figure(folder / "confusion.png", confusion_figure(confusions(read, truth)))
    write_figure(folder / "top_losses.png", top_losses(pictures, logits, probabilities, truth))
    return {
        "test_accuracy": float((read == truth).mean()),
        "expected_calibration_error": expected_calibration_error(probabilities, truth),
    }


def write_figure(path: Path, figure: Figure) -> None:
    """Write a figure as PNG."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(png(figure))


def _write_text(path: Path, text: str) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(text)
