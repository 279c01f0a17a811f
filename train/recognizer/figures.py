"""Pictures of a recogniser's training: curves, confusions, worst mistakes, range test."""

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from strokes.classes import DIGITS
from strokes.reading.recognizer import Labels, Pictures
from train.recognizer.judging import Judged, worst
from train.recognizer.learning_rate import RangeTest

MOST_CONFUSED = 64
"""Classes that a confusion matrix shows at most."""

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


def shown_name(name: str) -> str:
    """A class's name as the figures' font can show it: characters that it lacks by their code."""
    plain = all(ord(one) < 0x250 and unicodedata.combining(one) == 0 for one in name)
    return name.replace("$", r"\$") if plain else " ".join(f"U+{ord(one):04X}" for one in name)


def confusions(read: Labels, labels: Labels, classes: int = len(DIGITS)) -> npt.NDArray[np.int64]:
    """How often each class (row) was read as each (column): ``[K, K]``."""
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (labels, read), 1)
    return counts


def confusion_figure(counts: npt.NDArray[np.int64], names: Sequence[str] = DIGITS.names) -> Figure:
    """A confusion matrix ``[K, K]``, shaded by its mistakes."""
    size = len(counts)
    side, letters = (6.0, 8.0) if size <= 20 else (0.24 * size, 5.0)
    figure = Figure(figsize=(side, 0.92 * side), layout="constrained")
    axes = figure.subplots()
    axes.imshow(counts * (1 - np.eye(size, dtype=np.int64)), cmap="Oranges")
    for row, column in np.argwhere(counts).tolist():
        said = str(counts[row, column])
        axes.text(column, row, said, ha="center", va="center", size=letters)
    shown = [shown_name(name) for name in names]
    axes.set(xlabel="read as", ylabel="is")
    axes.set_xticks(range(size), shown)
    axes.set_yticks(range(size), shown)
    return figure


def top_losses(pictures: Pictures, judged: Judged, *, count: int = 40) -> Figure:
    """The pictures with the highest losses: prediction / truth / loss / probability of the truth.

    Args:
      pictures: ``[M, H, W]``.
      judged: what was read of them.
      count: how many are shown.
    """
    chosen = worst(judged, count=count)
    names = judged.classes.names
    rows = -(-len(chosen) // _COLUMNS)
    figure = Figure(figsize=(1.4 * _COLUMNS, 1.6 * rows + 0.4), layout="constrained")
    figure.suptitle("prediction / truth / loss / probability of the truth", size=9)
    grid = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for axes in grid:
        axes.axis("off")
    for axes, index in zip(grid, chosen, strict=False):
        axes.imshow(pictures[index], cmap="gray_r")
        read, truth = (shown_name(names[one[index]]) for one in (judged.read, judged.truth))
        said = f"{read} / {truth} / {judged.losses[index]:.2f} / {judged.chance[index]:.2f}"
        axes.set_title(said, size=7)
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
