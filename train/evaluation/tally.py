"""Scores of what was written, over all digits and for each."""

from typing import TypedDict

import numpy as np
import numpy.typing as npt


class Scores(TypedDict):
    """Means by measure, over all digits and for each label."""

    all: dict[str, float]
    digits: dict[str, dict[str, float]]


class Sums(TypedDict):
    """What a tally holds, as plain values."""

    counts: list[int]
    """Digits of each label."""
    sums: dict[str, list[float]]
    """Of each measure, for each label."""


def score_rows(scores: Scores) -> tuple[list[str], list[list[str]]]:
    """The head and the rows of a table of scores: a row a digit, the last for all."""
    names = list(scores["all"])
    rows = [
        [digit, *(f"{means[name]:.4f}" for name in names)]
        for digit, means in [*scores["digits"].items(), ("all", scores["all"])]
    ]
    return ["digit", *names], rows


class Tally:
    """Sums of every measure, over all digits and for each label; its size is fixed."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._sums: dict[str, npt.NDArray[np.float64]] = {}
        self._counts = np.zeros(10, np.int64)

    def add(
        self, measured: dict[str, npt.NDArray[np.float64]], labels: npt.NDArray[np.int32]
    ) -> None:
        """Add what was measured of digits, float64 ``[n]`` by name."""
        self._counts += np.bincount(labels, minlength=10)
        for name, values in measured.items():
            sums = self._sums.setdefault(name, np.zeros(10))
            sums += np.bincount(labels, weights=values, minlength=10)

    def sums(self) -> Sums:
        """What was added, for another tally to `merge`."""
        sums = {name: values.tolist() for name, values in self._sums.items()}
        return {"counts": self._counts.tolist(), "sums": sums}

    def merge(self, other: Sums) -> None:
        """Add what another tally holds."""
        self._counts += np.array(other["counts"], np.int64)
        for name, values in other["sums"].items():
            sums = self._sums.setdefault(name, np.zeros(10))
            sums += values

    def scores(self) -> Scores:
        """Mean of each measure: ``{"all": {measure: mean}, "digits": {"0": ...}}``."""
        seen = np.flatnonzero(self._counts)
        total = max(int(self._counts.sum()), 1)
        return {
            "all": {name: float(sums.sum() / total) for name, sums in self._sums.items()},
            "digits": {
                str(digit): {
                    name: float(sums[digit] / self._counts[digit])
                    for name, sums in self._sums.items()
                }
                for digit in seen.tolist()
            },
        }
