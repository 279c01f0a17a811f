"""Scores of what was written, over all pictures and for each class."""

from typing import TypedDict

import numpy as np
import numpy.typing as npt

from strokes.classes import DIGITS, Classes


class Scores(TypedDict):
    """Means by measure, over all pictures and for each class, by its name."""

    all: dict[str, float]
    digits: dict[str, dict[str, float]]


class Sums(TypedDict):
    """What a tally holds, as plain values."""

    counts: list[int]
    """Pictures of each class."""
    sums: dict[str, list[float]]
    """Of each measure, for each class."""


def score_rows(scores: Scores) -> tuple[list[str], list[list[str]]]:
    """The head and the rows of a table of scores: a row a class, the last for all."""
    names, digits = list(scores["all"]), scores["digits"]
    rows = [
        [digit, *(f"{means[name]:.4f}" for name in names)]
        for digit, means in [*digits.items(), ("all", scores["all"])]
    ]
    return ["digit" if digits.keys() <= set(DIGITS.names) else "class", *names], rows


class Tally:
    """Sums of every measure, over all pictures and for each class; its size is fixed."""

    def __init__(self, classes: Classes = DIGITS) -> None:
        """Begin with nothing."""
        self._classes = classes
        self._sums: dict[str, npt.NDArray[np.float64]] = {}
        self._counts = np.zeros(len(classes), np.int64)

    def add(
        self, measured: dict[str, npt.NDArray[np.float64]], labels: npt.NDArray[np.int32]
    ) -> None:
        """Add what was measured of pictures, float64 ``[n]`` by name."""
        self._counts += np.bincount(labels, minlength=len(self._counts))
        for name, values in measured.items():
            sums = self._sums.setdefault(name, self._nothing())
            sums += np.bincount(labels, weights=values, minlength=len(self._counts))

    def sums(self) -> Sums:
        """What was added, for another tally to `merge`."""
        sums = {name: values.tolist() for name, values in self._sums.items()}
        return {"counts": self._counts.tolist(), "sums": sums}

    def merge(self, other: Sums) -> None:
        """Add what another tally holds."""
        self._counts += np.array(other["counts"], np.int64)
        for name, values in other["sums"].items():
            sums = self._sums.setdefault(name, self._nothing())
            sums += values

    def _nothing(self) -> npt.NDArray[np.float64]:
        return np.zeros(len(self._counts))

    def scores(self) -> Scores:
        """Mean of each measure: ``{"all": {measure: mean}, "digits": {"0": ...}}``."""
        seen = np.flatnonzero(self._counts)
        total = max(int(self._counts.sum()), 1)
        return {
            "all": {name: float(sums.sum() / total) for name, sums in self._sums.items()},
            "digits": {
                self._classes.names[label]: {
                    name: float(sums[label] / self._counts[label])
                    for name, sums in self._sums.items()
                }
                for label in seen.tolist()
            },
        }
