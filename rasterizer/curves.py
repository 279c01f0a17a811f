"""Curves through pen points, as points that lie closer together.

Coordinates are canvas units: x to the right, y down, both in [0, 1] on the canvas;
softness is in 1/canvas units. Within a stroke every curve is the polyline plus, at each
inner point, the *bend* there, p[t-1] - 2 p[t] + p[t+1], times a weight that depends on how
far along the segment one is. A bend is zero where a stroke begins or ends, as if the
stroke went on straight (the phantom point 2 p[t] - p[t+1]): so a lift keeps strokes from
bending each other, and a lifted segment stays straight. The result is linear in the
points: its gradient is finite wherever they lie, also one upon the other.
"""

import functools
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from rasterizer.names import CurveName
from rasterizer.rendering import check_points

Shares = npt.NDArray[np.float64]


def _no_bend(along: Shares) -> Shares:
    return np.zeros_like(along)


def _catmull_rom(along: Shares) -> Shares:
    """Uniform Catmull-Rom (1974): cubic, passes through the points, tangents (p[t+1] - p[t-1])/2.

    Not centripetal: powers of the points' distances have no finite gradient where two coincide.
    """
    return -0.5 * along * (1.0 - along) ** 2


def _bezier(along: Shares) -> Shares:
    """Quadratic Beziers from middle to middle of the segments: the uniform quadratic B-spline."""
    return 0.5 * np.maximum(0.5 - along, 0.0) ** 2


CURVES: dict[CurveName, Callable[[Shares], Shares]] = {
    "line": _no_bend,
    "catmull-rom": _catmull_rom,
    "bezier": _bezier,
}
"""Weight of the bend at a segment's start, as a function of the share of the segment, 0 to 1,
that is behind; the weight of the bend at its end is that of the share ahead."""


def _check(points: jax.Array, lifted: jax.Array, curve: str, pieces: int) -> None:
    check_points(points)
    if lifted.shape != points.shape[:-1] or lifted.dtype != jnp.bool_:
        raise ValueError(
            f"lifted is {lifted.dtype} {list(lifted.shape)}, expected bool "
            f"{list(points.shape[:-1])}: one flag for each point, as pen_up(softness) gives"
        )
    if curve not in CURVES:
        raise ValueError(f"curve {curve!r}: expected one of {', '.join(map(repr, CURVES))}")
    _check_pieces(pieces)


def _check_pieces(pieces: int) -> None:
    if not isinstance(pieces, int) or pieces < 1:
        raise ValueError(
            f"pieces {pieces!r}: expected a whole number of at least 1; 1 leaves segments whole"
        )


def _bends(places: jax.Array, lifted: jax.Array) -> jax.Array:
    """p[t-1] - 2 p[t] + p[t+1], zero where a stroke begins or ends: ``[..., T, 2]``."""
    inner = places[..., :-2, :] - 2.0 * places[..., 1:-1, :] + places[..., 2:, :]
    ends = lifted[..., :-2] | lifted[..., 1:-1]  # no ink before the point, or none after it
    inner = jnp.where(ends[..., None], 0.0, inner)
    return jnp.pad(inner, [(0, 0)] * (inner.ndim - 2) + [(1, 1), (0, 0)])


@functools.partial(jax.jit, static_argnames=("curve", "pieces"))
def subdivide(
    points: jax.typing.ArrayLike,
    *,
    curve: CurveName,
    pieces: int,
    lifted: jax.typing.ArrayLike,
) -> jax.Array:
    """Cut every segment into pieces along a curve, differentiably.

    The strokes that ``lifted`` separates do not bend each other; a stroke of two points and
    a lifted segment are straight. All pieces of segment t have the softness of point t, so
    those of a lifted segment are lifted, and the flags of the result are `subdivide_flags`.

    - "line": straight. Every ``pieces``-th point of the result is exactly a given one.
    - "catmull-rom": cubics through the points, smooth where they meet. Every ``pieces``-th
      point of the result is exactly a given one. The curve may leave the hull of the points,
      and makes a loop or a cusp where a short segment turns sharply between long ones.
    - "bezier": quadratic Beziers whose control points are the inner points of a stroke and
      whose joints are the middles of its segments; half a segment at either end of the stroke
      is straight. The curve begins and ends at the ends of the stroke and stays in the hull
      of its points, but **does not pass through inner points**: point t * ``pieces`` of the
      result is (p[t-1] + 6 p[t] + p[t+1]) / 8, where the curve turns around point t.

    Args:
      points: ``[..., T, 3]``, T >= 2: x and y in canvas units, and softness in 1/canvas units.
        Any leading axes, also none.
      curve: which.
      pieces: of each segment, >= 1, equal in the curve's parameter.
      lifted: bool ``[..., T]``, true where the segment that begins at the point leaves no
        ink; the last one is unused.

    Returns:
      ``[..., (T-1) * pieces + 1, 3]``, of the type of ``points``.

    Raises:
      ValueError: points or flags of another shape or type, an unknown curve, or pieces that
        are not a whole number of at least 1.
    """
    points, lifted = jnp.asarray(points), jnp.asarray(lifted)
    _check(points, lifted, curve, pieces)
    if pieces == 1 and curve != "bezier":  # which moves also the given points
        return points
    compute = jnp.promote_types(points.dtype, jnp.float32)
    places = points[..., :2].astype(compute)
    along = np.arange(pieces) / pieces
    # Sums of products rather than a matrix product, which a GPU would round to ten bits.
    share, at_start, at_end = (
        jnp.asarray(weights[:, None], compute)  # [pieces, 1]
        for weights in (along, CURVES[curve](along), CURVES[curve](1.0 - along))
    )
    start, end = places[..., :-1, None, :], places[..., 1:, None, :]  # [..., T-1, 1, 2]
    bends = _bends(places, lifted)[..., None, :]  # [..., T, 1, 2]
    bent = at_start * bends[..., :-1, :, :] + at_end * bends[..., 1:, :, :]
    cut = start + (share * (end - start) + bent)  # [..., T-1, pieces, 2]
    cut = cut.reshape(*points.shape[:-2], -1, 2).astype(points.dtype)
    softness = jnp.repeat(points[..., :-1, 2:], pieces, axis=-2)
    cut = jnp.concatenate([cut, softness], axis=-1)
    return jnp.concatenate([cut, points[..., -1:, :]], axis=-2)


def subdivide_flags(lifted: npt.NDArray[np.bool_], pieces: int) -> npt.NDArray[np.bool_]:
    """Pen-up flags of the points that `subdivide` returns.

    Args:
      lifted: bool ``[..., T]``, T >= 1, a NumPy array; the last one is unused.
      pieces: of each segment, >= 1.

    Returns:
      bool ``[..., (T-1) * pieces + 1]``: what a segment has, its pieces have; the last is true.

    Raises:
      ValueError: pieces that are not a whole number of at least 1.
    """
    _check_pieces(pieces)
    cut = np.repeat(lifted[..., :-1], pieces, axis=-1)
    return np.concatenate([cut, np.ones((*cut.shape[:-1], 1), np.bool_)], axis=-1)
