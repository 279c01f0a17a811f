"""Shapes: a digit of one person as a path of a fixed number of points, made of repetitions.

A shape stands on y = 0, is one unit tall (y runs from -1 to 0) and has x = 0 in its middle.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.hands.registration import Paths, distances, mean_paths
from strokes.ink import Stroke
from strokes.resampling import resample_counts, segments_of_strokes, stroke_lengths

POINTS = 48
"""Of a shape."""

MOST_STROKES = 8
"""Of a shape; a digit in more strokes is none that a hand can have."""

_FLATTEST = 0.6  # of a digit's width: at least so tall a box is made one unit tall
_FARTHEST = 0.2  # of a repetition from the one in the middle, else it is another way of writing


class Shape(NamedTuple):
    """How one person writes one digit."""

    path: Paths
    """``[POINTS, 2]``: the mean of the repetitions."""
    counts: tuple[int, ...]
    """Segments of each stroke; together with the strokes they are `POINTS`."""
    repetitions: Paths
    """``[n, POINTS, 2]``, registered on the path, n >= 1: those that were written alike."""


def upright(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Strokes ``[n, 2]`` of any unit where a shape is, one unit tall."""
    together = np.concatenate([stroke[:, :2] for stroke in strokes])
    (left, top), (right, bottom) = together.min(axis=0), together.max(axis=0)
    unit = max(bottom - top, _FLATTEST * (right - left), 1e-9)
    origin = np.array([0.5 * (left + right), bottom])
    return [(stroke[:, :2] - origin) / unit for stroke in strokes]


def counts_of(digits: Sequence[Sequence[Stroke]]) -> tuple[int, ...]:
    """Segments that the strokes of a digit get, by their mean shares of its length."""
    lengths = np.array([stroke_lengths(strokes) for strokes in digits])
    shares = (lengths / np.maximum(lengths.sum(axis=1, keepdims=True), 1e-12)).mean(axis=0)
    return tuple(segments_of_strokes(shares, POINTS - len(shares)))


def shapes_of(people: Sequence[Sequence[Sequence[Stroke]]], counts: tuple[int, ...]) -> list[Shape]:
    """The shapes of a digit that each of some people writes in as many strokes.

    Args:
      people: strokes of each repetition of each person, in any unit; none without any.
      counts: segments of each stroke.
    """
    every = [_resampled(repetitions, counts) for repetitions in people]
    kept = [paths[_near(paths)] for paths in every]
    groups = np.repeat(np.arange(len(kept)), [len(paths) for paths in kept])
    means, registered = mean_paths(np.concatenate(kept), groups, counts)
    return [Shape(mean, counts, registered[groups == person]) for person, mean in enumerate(means)]


def shape_of(digits: Sequence[Sequence[Stroke]]) -> Shape:
    """The shape that a person's repetitions of a digit have in common.

    Of repetitions in different numbers of strokes, or written differently, the way that is
    the most frequent counts.

    Args:
      digits: strokes of each repetition, in any unit; at least one.
    """
    alike = commonest(digits)
    (shape,) = shapes_of([alike], counts_of(alike))
    return shape


def commonest(digits: Sequence[Sequence[Stroke]]) -> list[Sequence[Stroke]]:
    """The repetitions in the number of strokes that is the most frequent one."""
    number = Counter(map(len, digits)).most_common(1)[0][0]
    return [strokes for strokes in digits if len(strokes) == number]


def alike(digits: Sequence[Sequence[Stroke]]) -> list[Sequence[Stroke]]:
    """The repetitions that a person's shape is made of; none of none."""
    if not digits:
        return []
    chosen = commonest(digits)
    near = _near(_resampled(chosen, counts_of(chosen)))
    return [one for one, kept in zip(chosen, near, strict=True) if kept]


def _resampled(digits: Sequence[Sequence[Stroke]], counts: tuple[int, ...]) -> Paths:
    paths = [resample_counts(upright(strokes), counts)[0] for strokes in digits]
    return np.stack(paths).astype(np.float64)


def _near(paths: Paths) -> npt.NDArray[np.bool_]:
    """Which are near the one that has the most near it, ``[N]``."""
    near = distances(paths, paths) < _FARTHEST
    return np.asarray(near[near.sum(axis=1).argmax()])
