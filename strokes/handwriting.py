"""Handwriting as data: numbers with the strokes that wrote them.

Coordinates are in mm, x to the right and y down; the line that characters stand on is y = 0, and
the first ink is at x = 0. Times are in milliseconds since the number was begun.
"""

import itertools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.ink import Stroke

Indices = npt.NDArray[np.int64]


class WrittenNumber(NamedTuple):
    """A number as a pen wrote it."""

    text: str
    strokes: list[Stroke]
    """``[n, 3]`` each: x, y and time."""
    characters: list[int]
    """Of each stroke, which of the text's characters it is of."""


class Handwriting(NamedTuple):
    """N numbers, their S strokes and T points one after the other."""

    texts: list[str]
    points: npt.NDArray[np.float32]
    """``[T, 3]``: x, y and time."""
    stroke_starts: Indices
    """``[S + 1]``: the first point of each stroke, and T."""
    number_starts: Indices
    """``[N + 1]``: the first stroke of each number, and S."""
    characters: Indices
    """``[S]``: which of its text's characters a stroke is of."""

    def number(self, index: int) -> WrittenNumber:
        """One of the numbers."""
        first, last = self.number_starts[index : index + 2].tolist()
        bounds = self.stroke_starts[first : last + 1].tolist()
        strokes = [
            self.points[start:end].astype(np.float64) for start, end in itertools.pairwise(bounds)
        ]
        return WrittenNumber(self.texts[index], strokes, self.characters[first:last].tolist())

    @property
    def point_starts(self) -> Indices:
        """``[N + 1]``: the first point of each number, and T."""
        return self.stroke_starts[self.number_starts]

    @property
    def stroke_of_point(self) -> Indices:
        """``[T]``."""
        return np.repeat(np.arange(len(self.characters)), np.diff(self.stroke_starts))
