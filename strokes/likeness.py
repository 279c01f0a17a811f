"""How near two ways of writing a digit are: what it means that one recovers the other.

Paths are compared at points spaced equally along their ink; distances are in pixels of 28.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from strokes.ink import Flags, Points, Stroke
from strokes.parts import in_parts

Values = npt.NDArray[np.float64]
Strokes = Sequence[Stroke]

PATH_POINTS = 64
"""Points that a path is compared by, spaced equally along its ink."""

RECOVERED_PIXELS = 1.0
"""A path nearer than this, on the mean, is the person's."""

_SIDE = 28
_CHUNK = 128  # pairs of paths warped at once: their tables stay in a core's cache


class Likeness(NamedTuple):
    """What was found of N pairs."""

    distance: Values
    """``[N]``: mean distance along the best warping path."""
    turned: npt.NDArray[np.bool_]
    """``[N]``: the path backwards is nearer."""
    as_many: npt.NDArray[np.bool_]
    """``[N]``: there are as many strokes."""

    @property
    def recovered(self) -> npt.NDArray[np.bool_]:
        """``[N]``: nearer than `RECOVERED_PIXELS` and than its reversal, with as many strokes."""
        return (self.distance < RECOVERED_PIXELS) & self.as_many & ~self.turned


def recovers(
    paths: Values,
    strokes: npt.NDArray[np.integer],
    truth: Values,
    truth_strokes: npt.NDArray[np.integer],
) -> npt.NDArray[np.bool_]:
    """`Likeness.recovered` of N pairs, and no more work than that takes.

    Args:
      paths: ``[N, 64, 2]``, as `inked_paths` gives them.
      strokes: how many each was made of, ``[N]``.
      truth: the person's paths, likewise.
      truth_strokes: the person's strokes.
    """
    found: npt.NDArray[np.bool_] = np.asarray(strokes == truth_strokes)
    distance = warping_distance(paths[found], truth[found])
    found[found] = near = distance < RECOVERED_PIXELS
    backwards = warping_distance(paths[found][:, ::-1], truth[found])
    found[found] = backwards >= distance[near]
    return found


def likeness(written: Sequence[Strokes], truth: Sequence[Strokes]) -> Likeness:
    """Compare what was written with what a person wrote, N digits in canvas units each."""
    pairs = list(zip(written, truth, strict=True))
    ours = np.array([inked_path(one) for one, _ in pairs]).reshape(-1, PATH_POINTS, 2)
    theirs = np.array([inked_path(other) for _, other in pairs]).reshape(-1, PATH_POINTS, 2)
    distance = warping_distance(ours, theirs)
    backwards = warping_distance(ours[:, ::-1], theirs)
    as_many = np.array([len(one) == len(other) for one, other in pairs], np.bool_)
    return Likeness(distance, backwards < distance, as_many)


def inked_path(strokes: Strokes) -> Values:
    """`PATH_POINTS` points equally spaced along the ink of strokes, in pixels, ``[64, 2]``.

    The way from stroke to stroke, through the air, has no length. Without any ink the path
    stays where the first stroke begins, or in the middle if there is none.
    """
    if not strokes:
        return np.full((PATH_POINTS, 2), 0.5 * _SIDE)
    points = np.concatenate([stroke[:, :2] for stroke in strokes]).astype(np.float64)
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1] - 1
    steps[ends] = 0.0
    travelled = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0.0, travelled[-1], PATH_POINTS)
    # Of two points at one distance, the end of a stroke and the next one's start, either will do.
    path = [np.interp(wanted, travelled, points[:, axis]) for axis in (0, 1)]
    return _SIDE * np.stack(path, axis=1)


def inked_paths(points: Points, pen_up: Flags) -> Values:
    """`inked_path` of the strokes of N digits at once, in pixels, ``[N, 64, 2]``.

    Args:
      points: ``[N, T, 2]`` or more columns, in canvas units.
      pen_up: ``[N, T]``: the segment that begins at a point is in the air; the last is unused.
    """
    places = points[..., :2].astype(np.float64)
    steps = np.linalg.norm(np.diff(places, axis=1), axis=2) * ~pen_up[:, :-1]
    travelled = np.pad(np.cumsum(steps, axis=1), [(0, 0), (1, 0)])
    length = travelled[:, -1]
    wanted = np.linspace(0.0, length, PATH_POINTS, axis=1)
    # One search for all rows: each row's distances lie beyond those of the row before.
    beyond = (np.cumsum(length + 1.0) - length)[:, None]
    after = np.searchsorted((travelled + beyond).ravel(), (wanted + beyond).ravel(), side="right")
    first = np.arange(len(points))[:, None] * places.shape[1]
    right = np.clip(after.reshape(wanted.shape) - first, 1, places.shape[1] - 1)
    rows = np.arange(len(points))[:, None]
    # The end of the last stroke, wherever the pen went in the air afterwards.
    right[:, -1] = np.maximum((travelled < length[:, None]).sum(axis=1), 1)
    start, end = travelled[rows, right - 1], travelled[rows, right]
    share = (wanted - start) / np.where(end > start, end - start, 1.0)
    path = places[rows, right - 1] + share[..., None] * (
        places[rows, right] - places[rows, right - 1]
    )
    path[pen_up[:, :-1].all(axis=1)] = 0.5
    return np.asarray(_SIDE * path)


def warping_distance(ones: Values, others: Values) -> Values:
    """Mean distance along the best warping path between paths ``[N, n, 2]``: ``[N]``.

    Dynamic time warping: the path of least total distance; its mean does not depend on its
    length (LDTW, Chen et al., 2022). In float32.
    """
    return in_parts(_warped, ones, others, at_once=_CHUNK).astype(np.float64)


_Diagonals: TypeAlias = tuple[jax.Array, jax.Array, jax.Array, jax.Array]


@jax.jit
def _warped(ones: jax.Array, others: jax.Array) -> jax.Array:
    """Goes through the cells of row + column alike at once, one such diagonal after another."""
    cost = jnp.linalg.norm(ones[:, :, None] - others[:, None], axis=-1)  # [N, n, m]
    count, rows, columns = cost.shape
    # Each row is moved right by its number: then a column is a diagonal.
    wide = jnp.pad(cost, [(0, 0), (0, 0), (0, rows)], constant_values=jnp.inf)
    skewed = wide.reshape(count, -1)[:, : rows * (columns + rows - 1)]
    diagonals = jnp.moveaxis(skewed.reshape(count, rows, -1), 2, 0)

    def step(carry: _Diagonals, here: jax.Array) -> tuple[_Diagonals, None]:
        before, before_steps, last, last_steps = carry
        total, steps = before[:, :-1], before_steps[:, :-1]
        for side in (slice(None, -1), slice(1, None)):
            less = last[:, side] < total
            total = jnp.where(less, last[:, side], total)
            steps = jnp.where(less, last_steps[:, side], steps)
        border = [(0, 0), (1, 0)]
        after = jnp.pad(total + here, border, constant_values=jnp.inf)
        return (last, last_steps, after, jnp.pad(steps + 1, border)), None

    far, none = jnp.full((count, rows + 1), jnp.inf), jnp.zeros((count, rows + 1), jnp.int32)
    *_, total, steps = lax.scan(step, (far.at[:, 0].set(0.0), none, far, none), diagonals)[0]
    return total[:, -1] / steps[:, -1]
