"""Registration: paths of one way of writing, point by point upon each other.

Corners come where corners are, whatever the lengths between them, so that a mean of paths keeps
them. Paths are ``[..., P, 2]`` with the same strokes: stroke s has ``counts[s]`` segments, as
`strokes.resampling.resample_counts` cuts them.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Paths = npt.NDArray[np.float64]

_DIRECTION = 0.15  # weight of directions beside places, whose unit is a digit's height
_ROUNDS = 2  # of registering on the mean
_AT_ONCE = 1024


def stroke_slices(counts: Sequence[int]) -> list[slice]:
    """The points of each stroke of a path."""
    ends = np.cumsum([count + 1 for count in counts]).tolist()
    return [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def register(paths: Paths, onto: Paths, counts: Sequence[int]) -> Paths:
    """Move the points of paths along their strokes to where they correspond to others'.

    Dynamic time warping of places and directions, each stroke by itself, none of whose parts
    becomes more than twice as long or half as short.

    Args:
      paths: ``[N, P, 2]``.
      onto: ``[N, P, 2]`` or ``[P, 2]``.
      counts: segments of each stroke.
    """
    targets = np.broadcast_to(onto, paths.shape)
    moved = paths.copy()
    for part in stroke_slices(counts):
        for start in range(0, len(paths), _AT_ONCE):
            rows = slice(start, start + _AT_ONCE)
            places = _correspondence(targets[rows, part], paths[rows, part])
            moved[rows, part] = at_places(paths[rows, part], places)
    return moved


def mean_paths(
    paths: Paths, groups: npt.NDArray[np.integer], counts: Sequence[int]
) -> tuple[Paths, Paths]:
    """The means of groups of paths that were written alike.

    Args:
      paths: ``[N, P, 2]``.
      groups: of each path, 0 to G - 1, none empty: ``[N]``.
      counts: segments of each stroke.

    Returns:
      means, ``[G, P, 2]``, and the paths registered each upon its group's, ``[N, P, 2]``.
    """
    number = int(groups.max()) + 1
    means = np.stack([_middle(paths[groups == group]) for group in range(number)])
    registered = paths
    for _ in range(_ROUNDS):
        registered = register(paths, means[groups], counts)
        means = np.stack([registered[groups == group].mean(axis=0) for group in range(number)])
    return means, registered


def distances(ones: Paths, others: Paths) -> npt.NDArray[np.float64]:
    """Mean distances between the points of paths ``[N, P, 2]`` and ``[M, P, 2]``: ``[N, M]``."""
    return np.asarray(np.linalg.norm(ones[:, None] - others[None], axis=-1).mean(axis=2))


def _middle(paths: Paths) -> Paths:
    return np.asarray(paths[distances(paths, paths).sum(axis=1).argmin()])


def at_places(paths: Paths, places: npt.NDArray[np.float64]) -> Paths:
    """Points of strokes ``[N, n, 2]`` at fractions of an index ``[N, m]``: ``[N, m, 2]``."""
    first = np.clip(places.astype(np.int64), 0, paths.shape[1] - 2)
    share = (places - first)[..., None]
    rows = np.arange(len(paths))[:, None]
    return paths[rows, first] * (1.0 - share) + paths[rows, first + 1] * share


def _directions(paths: Paths) -> Paths:
    steps = np.gradient(paths, axis=1)
    return np.asarray(steps / np.maximum(np.linalg.norm(steps, axis=-1, keepdims=True), 1e-9))


def _correspondence(targets: Paths, paths: Paths) -> npt.NDArray[np.float64]:
    """For each point of a target, the place in its path, as a fraction of an index: ``[N, n]``."""
    cost = ((targets[:, :, None] - paths[:, None]) ** 2).sum(axis=-1)
    turned = _directions(targets)[:, :, None] - _directions(paths)[:, None]
    cost = np.moveaxis(cost + _DIRECTION * (turned**2).sum(axis=-1), 0, -1)  # [n, n, N]
    size = len(cost)
    if size < 4:
        return np.tile(np.arange(size, dtype=np.float64), (len(paths), 1))
    return _traced(_steps(cost), size)


def _steps(cost: npt.NDArray[np.float64]) -> npt.NDArray[np.int8]:
    """The best last step to each pair of points: 0 is (1, 1), 1 is (1, 2), 2 is (2, 1)."""
    size, _, count = cost.shape
    total = np.full((size + 1, size + 1, count), np.inf)  # one of paper before the first point
    taken = np.zeros((size, size, count), np.int8)
    total[1, 1] = cost[0, 0]
    for row in range(1, size):
        left = size - 1 - row  # steps that are still to come, as many at least as half of these
        first = max(1, row // 2, size - 1 - 2 * left - 1)
        last = min(size - 1, 2 * row, size - 1 - (left - 1) // 2)
        for column in range(first, last + 1):
            here = cost[row, column]
            ways = np.stack(
                [
                    total[row, column] + 2.0 * here,
                    total[row, column - 1] + 2.0 * cost[row, column - 1] + here,
                    total[row - 1, column] + 2.0 * cost[row - 1, column] + here,
                ]
            )
            best = ways.argmin(axis=0)
            taken[row, column] = best
            total[row + 1, column + 1] = np.take_along_axis(ways, best[None], axis=0)[0]
    return taken


def _traced(taken: npt.NDArray[np.int8], size: int) -> npt.NDArray[np.float64]:
    """Follow the steps back from the last points; between those met, places are even."""
    count = taken.shape[2]
    row = np.full(count, size - 1)
    column = np.full(count, size - 1)
    every = np.arange(count)
    met = np.full((count, size), np.nan)
    met[:, -1] = size - 1
    while (row > 0).any():
        step = taken[row, column, every]
        active = row > 0
        half = active & (step == 2)  # the target's point between has no partner of its own
        met[every[half], row[half] - 1] = column[half] - 0.5
        row = np.where(active, row - np.where(step == 2, 2, 1), 0)
        column = np.where(active, column - np.where(step == 1, 2, 1), 0)
        met[every[active], row[active]] = column[active]
    return met
