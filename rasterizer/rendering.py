"""Points in, pictures out."""

import jax
import jax.numpy as jnp
import numpy as np

from rasterizer.combine import combine_max, combine_sum
from rasterizer.lines import LINES, Pixels, Segments
from rasterizer.names import PEN_UP, CombineName, LineName
from rasterizer.neural import SIDE, NeuralLine, draw_neural

# Nothing this far from the canvas, this faint or this sharp changes a picture, and
# within these limits no product of them overflows or loses its gradient to NaN.
_FARTHEST = 100.0
_SHARPEST = 1e6


def _pixels(height: int, width: int, dtype: np.dtype) -> Pixels:
    x = (np.arange(width) + 0.5) / width
    y = (np.arange(height) + 0.5) / height
    return Pixels(jnp.asarray(x[None, :, None], dtype), jnp.asarray(y[:, None, None], dtype))


def check_points(points: jax.Array) -> None:
    """Refuse what is not ``[..., T, 3]`` of a float type, T >= 2, by a ValueError."""
    if points.ndim < 2 or points.shape[-1] != 3 or points.shape[-2] < 2:
        raise ValueError(
            f"points have shape {list(points.shape)}, expected [..., T, 3] with T >= 2: "
            "x, y and softness of each point"
        )
    if not jnp.issubdtype(points.dtype, jnp.floating):
        raise ValueError(f"points are {points.dtype}, expected a float type")


def _check(
    points: jax.Array,
    height: int,
    width: int,
    line: str,
    combine: str,
    weights: NeuralLine | None,
) -> None:
    check_points(points)
    if height < 1 or width < 1:
        raise ValueError(f"canvas is {height}x{width}, expected at least 1x1")
    if line not in PEN_UP:
        raise ValueError(f"line {line!r}: expected one of {', '.join(map(repr, PEN_UP))}")
    if (line == "neural") != (weights is not None):
        raise ValueError(f"line {line!r}: weights go with the line 'neural', and only with it")
    if line == "neural" and (height, width) != (SIDE, SIDE):
        raise ValueError(f"canvas is {height}x{width}, but the neural line draws {SIDE}x{SIDE}")
    if combine not in ("sum", "max"):
        raise ValueError(f"combine {combine!r}: expected 'sum' or 'max'")


def render(
    points: jax.typing.ArrayLike,
    *,
    height: int = 28,
    width: int = 28,
    line: LineName = "capsule",
    combine: CombineName = "max",
    weights: NeuralLine | None = None,
) -> jax.Array:
    """Draw pen points as pictures, differentiably.

    Segment t goes from point t to point t+1 and has the softness of point t.

    Args:
      points: ``[..., T, 3]``, T >= 2: x to the right and y down, both in [0, 1] on the
        canvas, and softness > 0 in 1/canvas units, the slope of the line's edge.
        Points off the canvas are allowed. Any leading axes, also none.
      height: rows of the picture.
      width: columns of the picture. A canvas that is not square stretches the drawing.
      line: "capsule", a round pen 1.2/28 of the canvas wide, which lifts where
        log-softness is below 3; "box", the analytic line of Grzego (2017), which lifts
        below 4; or "neural", his learned one, which lifts about there and knows no
        canvas but 28x28.
      combine: "max", the brightest segment at each pixel, in [0, 1]; or "sum", which
        counts crossings and joints of segments more than once.
      weights: of the neural line; only with it.

    Returns:
      pictures ``[..., height, width]``, ink 1 and paper 0, of the type of ``points``.
      bfloat16 points are drawn in float32 and the picture is rounded.

    Raises:
      ValueError: points of another shape or type, an unknown line or combination, or a
        canvas or weights that the line has no use for.
    """
    points = jnp.asarray(points)
    _check(points, height, width, line, combine, weights)
    compute = jnp.promote_types(points.dtype, jnp.float32)
    *leading, count, _ = points.shape
    flat = points.astype(compute).reshape(-1, count, 3)
    places = jnp.clip(flat[..., :2], -_FARTHEST, _FARTHEST)
    softness = jnp.clip(flat[..., 2], 0.0, _SHARPEST)
    if weights is not None:
        neat = jnp.concatenate([places, softness[..., None]], axis=-1)
        picture = draw_neural(weights, neat, combine=combine)
    else:
        # Batch last: see rasterizer.combine.
        x, y = places.transpose(2, 1, 0)
        model = LINES[line]
        segments = model.prepare(Segments(x[:-1], y[:-1], x[1:], y[1:], softness.T[:-1]))
        combined = combine_max if combine == "max" else combine_sum
        picture = combined(model, segments, _pixels(height, width, compute)).transpose(2, 0, 1)
    return picture.reshape(*leading, height, width).astype(points.dtype)


def pen_up(softness: jax.typing.ArrayLike, *, line: LineName = "capsule") -> jax.Array:
    """Whether a segment of this softness leaves no ink: the pen is lifted.

    Args:
      softness: any shape, > 0, in 1/canvas units.
      line: the line model that draws; each lifts the pen at its own softness.

    Returns:
      bool, of the shape of ``softness``.
    """
    return jnp.log(jnp.asarray(softness)) <= PEN_UP[line]
