"""Pictures of a recogniser's training: curves, confusions, worst mistakes, range test."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from strokes.networks.config import DIGITS
from strokes.reading.recognizer import Labels, Pictures
from train.recognizer.calibration import cross_entropy
from train.recognizer.learning_rate import RangeTest

_COLUMNS = 8


def learning_curves(epochs: Sequence[dict[str, Any]]) -> Figure:
    """Loss and accuracy by epoch; each epoch has epoch, loss, held_out_loss, held_out_accuracy."""
    figure = Figure(figsize=(9, 3.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    number = [one["epoch"] for one in epochs]
    left.plot(number, [one["loss"] for one in epochs], label="training, changed pictures")
    left.plot(number, [one["held_out_loss"] for one in epochs], label="held out")
    left.set(xlabel="epoch", ylabel="cross entropy", yscale="log")
    left.legend()
    right.plot(number, [100 * one["held_out_accuracy"] for one in epochs], color="C1")
    right.set(xlabel="epoch", ylabel="held-out accuracy, %")
    return figure


def confusions(read: Labels, labels: Labels) -> npt.NDArray[np.int64]:
    """How often each digit (row) was read as each (column): ``[10, 10]``."""
    counts = np.zeros((DIGITS, DIGITS), np.int64)
    np.add.at(counts, (labels, read), 1)
    return counts


def confusion_figure(counts: npt.NDArray[np.int64]) -> Figure:
    """A confusion matrix, shaded by its mistakes."""
    figure = Figure(figsize=(6, 5.5), layout="constrained")
    axes = figure.subplots()
    mistakes = counts * (1 - np.eye(DIGITS, dtype=np.int64))
    axes.imshow(mistakes, cmap="Oranges")
    for row in range(DIGITS):
        for column in range(DIGITS):
            if counts[row, column]:
                axes.text(column, row, str(counts[row, column]), ha="center", va="center", size=8)
    axes.set(xlabel="read as", ylabel="is", xticks=range(DIGITS), yticks=range(DIGITS))
    return figure


def top_losses(
    pictures: Pictures,
    logits: npt.NDArray[np.floating],
    probabilities: npt.NDArray[np.floating],
    labels: Labels,
    *,
    count: int = 40,
) -> Figure:
    """The pictures with the highest losses: prediction / truth / loss / probability of the truth.

    Args:
      pictures: ``[M, H, W]``.
      logits: ``[M, 10]``, whose losses are shown.
      probabilities: calibrated, ``[M, 10]``.
      labels: ``[M]``.
      count: how many are shown.
    """
    losses = cross_entropy(logits, labels)
    worst = np.argsort(-losses)[:count]
    rows = -(-len(worst) // _COLUMNS)
    figure = Figure(figsize=(1.4 * _COLUMNS, 1.6 * rows + 0.4), layout="constrained")
    figure.suptitle("prediction / truth / loss / probability of the truth", size=9)
    grid = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for axes in grid:
        axes.axis("off")
    for axes, index in zip(grid, worst, strict=False):
        axes.imshow(pictures[index], cmap="gray_r")
        truth = labels[index]
        axes.set_title(
            f"{probabilities[index].argmax()} / {truth} / {losses[index]:.2f} / "
            f"{probabilities[index, truth]:.2f}",
            size=7,
        )
    return figure


def range_figure(found: RangeTest) -> Figure:
    """Loss against learning rate, the steepest place marked."""
    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.plot(found.rates, found.losses)
    axes.axvline(found.steepest, color="C1", label=f"steepest at {found.steepest:.2g}")
    axes.set(xscale="log", xlabel="learning rate", ylabel="cross entropy, smoothed")
    axes.legend()
    return figure
