"""A made script of thousands of characters, for tests of scale: strokes composed by rule.

A character is two or three of `PARTS` radicals, beside and above one another; a radical is two to
four lines and curves between places of a grid. How many pictures there are of a character follows
Zipf's law, as in any text: the k-th has 1/k as many as the first. Each is deformed in its own way
(`datasets.deformation`) and drawn with a pen of its own.
"""

import copy
import functools
from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from datasets.config import Deformation
from datasets.deformation import deform
from datasets.prepared import Grey, Numbers
from strokes.ink import Flags, Points
from strokes.pictures.pen import FIXED_POINT_BITS, to_fixed_point
from strokes.resampling import quadratic_curve, resample_path

PARTS = 120
"""Radicals that characters are composed of."""

_GRID = 4  # places along each side that strokes lead between
_POINTS = 6  # of a stroke
_FINER = 4  # pixels to one of a picture's, so that edges come out grey
_WIDTHS = (4, 8)  # of the pen, in such pixels
_DRAWN = 4096  # radicals of which those least alike are taken
_HAND = Deformation(rotation=3.0, shear=0.08, stretch=0.08, size=0.03, elastic=0.012, trimmed=0.0)

Boxes = tuple[tuple[float, float, float, float], ...]
_LAYOUTS: tuple[Boxes, ...] = (  # left, top, width, height of each radical
    ((0.0, 0.0, 0.44, 1.0), (0.56, 0.0, 0.44, 1.0)),
    ((0.0, 0.0, 1.0, 0.44), (0.0, 0.56, 1.0, 0.44)),
    ((0.0, 0.0, 0.44, 1.0), (0.56, 0.0, 0.44, 0.44), (0.56, 0.56, 0.44, 0.44)),
    ((0.0, 0.0, 0.44, 0.44), (0.56, 0.0, 0.44, 0.44), (0.0, 0.56, 1.0, 0.44)),
)


class Character(NamedTuple):
    """A character as it is meant."""

    path: Points
    """``[K, 2]`` in canvas units."""
    lifted: Flags
    """``[K]``, true where the segment that begins at a point is in the air."""


def zipf_counts(classes: int, pictures: int) -> npt.NDArray[np.int64]:
    """How many pictures each class has, ``[classes]``, falling: in proportion to 1, 1/2, 1/3, ...

    Each has one at least; their sum is ``pictures``, which are at least as many as classes.
    """
    weights = 1.0 / np.arange(1, classes + 1)
    counts = np.maximum(1, np.floor(pictures * weights / weights.sum())).astype(np.int64)
    while (left := pictures - int(counts.sum())) != 0:  # what rounding left, or the ones took
        order = np.argsort(counts if left > 0 else -counts, kind="stable")[: abs(left)]
        counts[order] += 1 if left > 0 else np.where(counts[order] > 1, -1, 0)
    return np.sort(counts)[::-1].copy()


def _radical(rng: np.random.Generator) -> list[Points]:
    """Lines and curves, each ``[_POINTS, 2]`` in the unit square, which they fill."""
    strokes = []
    places = np.stack(np.meshgrid(*2 * [np.linspace(0, 1, _GRID)]), axis=-1).reshape(-1, 2)
    for _ in range(int(rng.integers(2, 5))):
        first, last = places[rng.choice(len(places), 2, replace=False)]
        bend = 0.5 * (first + last) + (rng.random() < 0.35) * rng.uniform(-0.5, 0.5, 2)
        curve = quadratic_curve(first, bend, last, 2 * _POINTS)
        strokes.append(resample_path(curve, _POINTS - 1).astype(np.float32))
    together = np.concatenate(strokes)
    low, extent = together.min(axis=0), np.maximum(np.ptp(together, axis=0), 0.34)
    return [(stroke - low) / extent for stroke in strokes]


def _unlike(radicals: list[list[Points]], count: int) -> list[list[Points]]:
    """So many of them, of which each differs most from all that were taken before."""
    seen = np.zeros((len(radicals), 16 * 16), np.float32)
    for picture, strokes in zip(seen, radicals, strict=True):
        canvas = np.zeros((16, 16), np.uint8)
        fixed = to_fixed_point(0.1 + 0.8 * np.stack(strokes), height=16, width=16)
        cv2.polylines(canvas, list(fixed), False, 255, 2, cv2.LINE_AA, FIXED_POINT_BITS)
        picture[:] = cv2.GaussianBlur(canvas, (0, 0), 1.2).reshape(-1) / 255.0
    taken = [0]
    nearest = np.full(len(radicals), np.inf)
    while len(taken) < count:
        away = ((seen - seen[taken[-1]]) ** 2).sum(axis=1)
        nearest = np.minimum(nearest, away)
        taken.append(int(nearest.argmax()))
    return [radicals[place] for place in taken]


@functools.cache
def _parts(seed: int) -> tuple[list[list[Points]], np.random.Generator]:
    """The radicals of a seed, and its randomness as far as they have used it."""
    rng = np.random.default_rng([seed, 0])
    return _unlike([_radical(rng) for _ in range(_DRAWN)], PARTS), rng


def made_characters(classes: int, *, seed: int = 0) -> list[Character]:
    """So many characters, all different; equal seeds give equal ones."""
    parts, drawn = _parts(seed)
    rng = copy.deepcopy(drawn)
    known: dict[tuple[int, ...], None] = {}
    while len(known) < classes:
        layout = int(rng.integers(len(_LAYOUTS)))
        chosen = rng.choice(PARTS, len(_LAYOUTS[layout]), replace=False)
        known.setdefault((layout, *chosen.tolist()))
    return [_composed(key, parts) for key in known]


def _composed(key: tuple[int, ...], parts: list[list[Points]]) -> Character:
    layout, *chosen = key
    strokes = []
    for (left, top, width, height), part in zip(_LAYOUTS[layout], chosen, strict=True):
        box = np.array([width, height], np.float32)
        strokes += [stroke * box + np.array([left, top], np.float32) for stroke in parts[part]]
    ends = np.arange(1, _POINTS + 1) == _POINTS
    return Character(np.concatenate(strokes), np.tile(ends, len(strokes)))


def draw_character(
    character: Character, count: int, *, rng: np.random.Generator, side: int = 28
) -> Grey:
    """So many pictures of a character ``[count, side, side]``, each by another hand and pen."""
    paths = np.repeat(character.path[None], count, axis=0)
    lifted = np.repeat(character.lifted[None], count, axis=0)
    moved = deform(paths, lifted, _HAND, generator=rng)
    large = _FINER * side
    fixed = to_fixed_point(moved, height=large, width=large).reshape(count, -1, _POINTS, 2)
    widths = rng.integers(*_WIDTHS, count, endpoint=True) * side // 28
    pictures = np.empty((count, side, side), np.uint8)
    for picture, strokes, width in zip(pictures, fixed, widths.tolist(), strict=True):
        canvas = np.zeros((large, large), np.uint8)
        cv2.polylines(canvas, list(strokes), False, 255, width, cv2.LINE_8, FIXED_POINT_BITS)
        picture[:] = cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA)
    return pictures


def made_pictures(
    characters: list[Character], counts: npt.NDArray[np.int64], *, seed: int, side: int = 28
) -> Iterator[Grey]:
    """Pictures of each character in turn, as many as ``counts`` says, ``[n, side, side]`` each."""
    for number, (character, count) in enumerate(zip(characters, counts.tolist(), strict=True)):
        rng = np.random.default_rng([seed, 1, number])
        yield draw_character(character, count, rng=rng, side=side)


def made_labels(counts: npt.NDArray[np.int64]) -> Numbers:
    """The labels of `made_pictures`."""
    return np.repeat(np.arange(len(counts), dtype=np.int32), counts)
