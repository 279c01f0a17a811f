"""The bank: how many people write each digit, from which hands are drawn by lot.

It ships with the library. A *way* is a plan of a digit: people whose shapes of it have as many
strokes and correspond point by point.
"""

import functools
from pathlib import Path
from typing import Any, NamedTuple

import jax
import numpy as np
import numpy.typing as npt

from strokes.classes import DIGITS
from strokes.errors import DataError
from strokes.facts import UNUSABLE, number, whole
from strokes.hands.registration import Paths
from strokes.hands.shapes import POINTS
from strokes.weights import HANDS
from strokes.weights.files import load_facts, load_weights, save_weights


class Bank(NamedTuple):
    """The shapes of W people."""

    shapes: Paths
    """``[W, 10, POINTS, 2]``, see `strokes.hands.shapes`; zeros where a person's is not known."""
    ways: npt.NDArray[np.int64]
    """``[W, 10]``: by which way each writes each digit; -1 where it is not known."""
    counts: list[list[tuple[int, ...]]]
    """Of each digit and way, the segments of each stroke."""
    amplitudes: dict[str, float]
    """Of the parts of `strokes.hands.variation`."""
    facts: dict[str, Any]
    """What else is known of it."""

    def people(self, digit: int, way: int) -> npt.NDArray[np.int64]:
        """Who writes a digit by a way."""
        return np.flatnonzero(self.ways[:, digit] == way)


def save_bank(bank: Bank, path: Path) -> None:
    """Write a bank in half precision: a shape is known to a thousandth of its height."""
    facts = bank.facts | {
        "ways": bank.ways.tolist(),
        "counts": bank.counts,
        "amplitudes": bank.amplitudes,
    }
    save_weights(path, {"shapes": bank.shapes}, facts=facts)


@functools.cache
def load_bank(path: Path = HANDS) -> Bank:
    """Read a bank.

    Raises:
      DataError: the file is missing or damaged, or holds something else.
    """
    facts = load_facts(path)
    try:
        rows = [[whole(way, lowest=-1) for way in person] for person in facts["ways"]]
        ways = np.array(rows, np.int64).reshape(-1, len(DIGITS))
        counts = [
            [tuple(whole(one, lowest=1) for one in way) for way in digit]
            for digit in facts["counts"]
        ]
        amplitudes = {
            str(name): number(value, lowest=0) for name, value in facts["amplitudes"].items()
        }
    except UNUSABLE as error:
        raise DataError(f"{path}: no bank of hands ({error!s:.200})") from error
    fits = (
        len(counts) == len(DIGITS)
        and all(sum(way) + len(way) == POINTS for digit in counts for way in digit)
        and all(set(range(len(counts[d]))) <= set(ways[:, d].tolist()) for d in range(len(DIGITS)))
        and all(ways[:, d].max(initial=-1) < len(counts[d]) for d in range(len(DIGITS)))
        and all(counts)
    )
    if not fits:
        raise DataError(f"{path}: no bank of hands (its ways do not fit its shapes)")
    like = {"shapes": jax.ShapeDtypeStruct((len(ways), len(DIGITS), POINTS, 2), np.float32)}
    (tree,) = load_weights(path, like)
    return Bank(np.asarray(tree["shapes"], np.float64), ways, counts, amplitudes, facts)
