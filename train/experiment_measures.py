"""What the reference's experiments show, as measures of strokes. NumPy.

Points are ``[N, T, 2]`` in canvas units, ``pen_up`` is bool ``[N, T]``; every measure gives
one value a digit, float64 ``[N]``, unless said otherwise.
"""

import numpy as np
import numpy.typing as npt

from train.hard_drawing import Flags, Points, pen_runs
from train.humanness import shapes_of_points
from train.stroke_measures import turns

Values = npt.NDArray[np.float64]

DOUBLE_PIXELS = 0.7
"""Nearer than this to another part of the stroke, a pen draws what is drawn already."""

_NEIGHBOURS = 2  # segments so near along the stroke touch without being drawn twice
_SAMPLES = 6
_PIXELS = 28


def _side(origin: Values, ahead: Values, point: Values) -> Values:
    """On which side of the line from origin to ahead a point lies: > 0, < 0, or 0 on it."""
    first, second = ahead - origin, point - origin
    return np.asarray(first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0])


def crossings(points: Points, pen_up: Flags) -> Values:
    """How often pen-down segments cross others that are not their neighbours."""
    places = points.astype(np.float64)
    one, other = np.triu_indices(points.shape[1] - 1, k=_NEIGHBOURS)
    a, b = places[:, one], places[:, one + 1]
    c, d = places[:, other], places[:, other + 1]
    through = _side(a, b, c) * _side(a, b, d) < 0
    through &= _side(c, d, a) * _side(c, d, b) < 0
    through &= ~pen_up[:, one] & ~pen_up[:, other]
    return through.sum(axis=1).astype(np.float64)


def drawn_twice(points: Points, pen_up: Flags) -> Values:
    """Share of the pen-down length nearer than `DOUBLE_PIXELS` to another, earlier segment.

    A segment's neighbours do not count. Without any pen-down length it is 0.
    """
    shares = np.zeros(len(points))
    middles = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    count = points.shape[1] - 1
    earlier = np.subtract.outer(np.arange(count), np.arange(count)) > _NEIGHBOURS
    for index, (path, up) in enumerate(zip(points, pen_up, strict=True)):
        places = path.astype(np.float64) * _PIXELS
        steps, down = np.diff(places, axis=0), ~up[:-1]
        lengths = np.linalg.norm(steps, axis=1) * down
        if lengths.sum() <= 0:
            continue
        samples = places[:-1, None] + middles[:, None] * steps[:, None]  # [T-1, S, 2]
        gaps = samples[:, :, None] - places[:-1]  # [T-1, S, T-1, 2]
        squares = np.maximum((steps**2).sum(axis=1), 1e-12)
        along = np.clip((gaps * steps).sum(axis=-1) / squares, 0.0, 1.0)
        distance = np.linalg.norm(gaps - along[..., None] * steps, axis=-1)
        near = (distance < DOUBLE_PIXELS) & (earlier & down)[:, None]
        shares[index] = near.any(axis=2).mean(axis=1) @ lengths / lengths.sum()
    return shares


def turning(points: Points, pen_up: Flags) -> Values:
    """Mean absolute turn between consecutive pen-down segments, in degrees."""
    means = np.zeros(len(points))
    for index, (path, up) in enumerate(zip(points, pen_up, strict=True)):
        angles = [turns(path[first : last + 1]) for first, last in pen_runs(up)]
        joined = np.concatenate([np.zeros(0), *angles])
        means[index] = np.abs(joined).mean() if len(joined) else 0.0
    return means


def disagreement(runs: list[tuple[Points, Flags]]) -> Values:
    """Mean pairwise distance between what several runs wrote for the same digits.

    Trajectories are compared as `human_distance` does: box-normalised, eight points.
    """
    shapes = [shapes_of_points(points, pen_up)[:, 0] for points, pen_up in runs]
    gaps = [
        np.linalg.norm(one - other, axis=2).mean(axis=1)
        for index, one in enumerate(shapes)
        for other in shapes[index + 1 :]
    ]
    return np.asarray(np.mean(gaps, axis=0), np.float64)
