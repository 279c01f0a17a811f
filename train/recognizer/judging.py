"""How a recogniser reads labelled pictures, class by class, in memory that no class adds to.

Logits ``[M, K]`` of many pictures and classes would fill the memory: of each picture a few numbers
are kept.
"""

import itertools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax

from datasets.prepared import PictureSet
from strokes.classes import Classes
from strokes.errors import DataError
from strokes.reading.recognizer import Labels, Pictures, Recognizer

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]

_LOGITS_AT_ONCE = 1 << 21
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
"""Training pictures of a class from which on a row of `by_size` begins."""


class Judged(NamedTuple):
    """What was read of M pictures of K classes."""

    read: Labels
    """``[M]``: the likeliest class."""
    folded: Labels
    """``[M]``: the likeliest where classes that look alike are one, the first of them."""
    truth: Labels
    """``[M]``."""
    losses: Floats
    """``[M]``: cross entropy, of logits as they are."""
    certainty: Floats
    """``[M]``: calibrated probability of what was read."""
    chance: Floats
    """``[M]``: calibrated probability of the truth."""
    classes: Classes

    @property
    def right(self) -> Flags:
        """Whether each picture is read as its class, ``[M]``."""
        return np.asarray(self.read == self.truth)

    @property
    def folded_right(self) -> Flags:
        """Whether each picture is read as its class or as one that looks alike, ``[M]``."""
        return np.asarray(self.folded == np.array(self.classes.folded)[self.truth])


def labels_for(recognizer: Recognizer, pictures: PictureSet) -> Labels:
    """The labels of a set's pictures, ``[M]``, by the numbers that a recogniser gives its classes.

    Raises:
      DataError: it does not read all of the set's classes, or pictures of another size.
    """
    config, known = recognizer.config, recognizer.classes
    height, width = pictures.images.shape[1:]
    if (height, width) != (config.height, config.width):
        raise DataError(
            f"pictures of {width}x{height}, expected {config.width}x{config.height}, as the "
            "recogniser reads"
        )
    try:
        numbers = np.array([known.number(name) for name in pictures.classes.names], np.int32)
    except ValueError as error:
        raise DataError(f"the recogniser does not read all classes of the set: {error}") from error
    return numbers[pictures.labels]


def judge(recognizer: Recognizer, pictures: Pictures, labels: Labels) -> Judged:
    """Read pictures ``[M, H, W]``, M at least 1, whose labels ``[M]`` are known."""
    classes = recognizer.classes
    rows = max(64, _LOGITS_AT_ONCE // len(classes))
    parts = [
        _judged(recognizer, pictures[start : start + rows], labels[start : start + rows])
        for start in range(0, len(labels), rows)
    ]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    read, folded, losses, certainty, chance = columns
    return Judged(read, folded, labels, losses, certainty, chance, classes)


def _judged(
    recognizer: Recognizer, pictures: Pictures, labels: Labels
) -> tuple[Labels, Labels, Floats, Floats, Floats]:
    logits = recognizer.logits(pictures)
    chances = recognizer.calibrated(logits)
    places = np.arange(len(labels))
    losses = -log_softmax(logits.astype(np.float64), axis=1)[places, labels]
    certainty, chance = chances.max(axis=1), chances[places, labels]
    for group in recognizer.classes.alike:
        numbers = [recognizer.classes.number(name) for name in group]
        together = chances[:, numbers].sum(axis=1)
        chances[:, numbers] = 0.0
        chances[:, min(numbers)] = together
    read = logits.argmax(axis=1).astype(np.int32)
    return read, chances.argmax(axis=1).astype(np.int32), losses, certainty, chance


def class_accuracies(right: Flags, truth: Labels, count: int) -> Floats:
    """Share of each of ``count`` classes that is right, ``[K]``; nan for one without a picture."""
    seen = np.bincount(truth, minlength=count)
    return np.bincount(truth, weights=right, minlength=count) / np.where(seen, seen, np.nan)


def accuracies(judged: Judged) -> dict[str, float]:
    """``accuracy`` of all pictures (micro) and ``macro_accuracy``, the mean over classes.

    Where classes look alike, also ``folded_accuracy`` and ``folded_macro_accuracy``, the latter
    over what is left of the classes.
    """
    count = len(judged.classes)
    found = _accuracies(judged.right, judged.truth, count)
    if judged.classes.alike:
        folded = np.array(judged.classes.folded, np.int32)[judged.truth]
        for name, value in _accuracies(judged.folded_right, folded, count).items():
            found[f"folded_{name}"] = value
    return found


def _accuracies(right: Flags, truth: Labels, count: int) -> dict[str, float]:
    macro = float(np.nanmean(class_accuracies(right, truth, count)))
    return {"accuracy": float(right.mean()), "macro_accuracy": macro}


class SizeRow(NamedTuple):
    """Classes of about as many training pictures."""

    least: int
    most: int
    """Of their numbers of training pictures."""
    classes: int
    pictures: int
    """That were judged."""
    accuracy: float
    """Of these pictures."""


def by_size(judged: Judged, counts: npt.NDArray[np.integer]) -> list[SizeRow]:
    """Accuracy by how many pictures ``[K]`` of a class were there to learn from; no empty row."""
    rows = []
    edges = [0, *_SIZES, int(counts.max()) + 1]
    for low, high in itertools.pairwise(edges):
        inside = (counts >= low) & (counts < high)
        chosen = inside[judged.truth]
        if chosen.any():
            sizes = counts[inside]
            rows.append(
                SizeRow(
                    int(sizes.min()),
                    int(sizes.max()),
                    int(inside.sum()),
                    int(chosen.sum()),
                    float(judged.right[chosen].mean()),
                )
            )
    return rows


def most_confused(judged: Judged, *, count: int = 20) -> list[tuple[str, str, int]]:
    """Pairs (is, read as, how often) that occur most often, the names of classes."""
    wrong = ~judged.right
    keys = judged.truth[wrong].astype(np.int64) * len(judged.classes) + judged.read[wrong]
    pairs, times = np.unique(keys, return_counts=True)
    order = np.argsort(-times, kind="stable")[:count]
    names = judged.classes.names
    return [
        (names[pairs[one] // len(names)], names[pairs[one] % len(names)], int(times[one]))
        for one in order
    ]


def worst(judged: Judged, *, count: int = 40) -> Counts:
    """Places of the pictures with the highest losses, the highest first."""
    return np.asarray(np.argsort(-judged.losses, kind="stable")[:count])
