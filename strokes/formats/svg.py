"""Strokes as SVG, still or written anew by itself."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

import rasterizer
from rasterizer import CurveName
from strokes.ink import Flags, Points, pen_runs
from strokes.resampling import path_progress

_SIDE = 280  # of the canvas, in SVG's user units
_WIDTH = 13  # of the pen: about that of a thinned digit's line
_HOLD = 1.5  # seconds between the end and the next beginning
_PIECES = 16  # of a segment, to measure the length of its curve

Places = npt.NDArray[np.float64]


def _written(places: Places, decimals: int) -> list[str]:
    return [f"{x:.{decimals}f} {y:.{decimals}f}" for x, y in np.round(places, decimals)]


def _line(places: Places) -> str:
    start, *others = _written(places, 1)
    return f"M{start}L{' '.join(others)}"


# Curves are written more finely than lines: a joint rounded to a tenth shows as a corner.


def _catmull_rom(places: Places) -> str:
    """Each segment as a cubic Bezier, whose arms are a third of the curve's tangents."""
    arms = np.gradient(places, axis=0) / 3.0  # one-sided at the ends, as it has no bend there
    start, *others = _written(places, 2)
    leaving, arriving = _written(places[:-1] + arms[:-1], 2), _written(places[1:] - arms[1:], 2)
    cubics = zip(leaving, arriving, others, strict=True)
    return f"M{start}" + "".join(f"C{' '.join(cubic)}" for cubic in cubics)


def _bezier(places: Places) -> str:
    """From middle to middle, around the points between; half a segment, straight, at the ends."""
    start, *controls, end = _written(places, 2)
    first, *others = _written(0.5 * (places[1:] + places[:-1]), 2)
    quadratics = zip(controls, others, strict=True)
    return f"M{start}L{first}" + "".join(f"Q{' '.join(one)}" for one in quadratics) + f"L{end}"


_PATHS: dict[CurveName, Callable[[Places], str]] = {
    "line": _line,
    "catmull-rom": _catmull_rom,
    "bezier": _bezier,
}


def path_data(places: Places, curve: CurveName) -> str:
    """The ``d`` of a path through places ``[n, 2]``, n >= 2, in SVG's user units."""
    return _PATHS[curve](places)


def _progress(points: Points, pen_up: Flags, curve: CurveName) -> Places:
    """Share of the whole way, along the curve, that is behind at each point; ``[T]``, 0 to 1."""
    if curve == "line":
        return path_progress(points)
    with_softness = np.pad(points, ((0, 0), (0, 1)))  # which plays no part
    fine = rasterizer.subdivide(with_softness, curve=curve, pieces=_PIECES, lifted=pen_up)
    return path_progress(np.asarray(fine)[:, :2])[::_PIECES]


def _animation(begin: float, end: float, whole: float) -> str:
    """Draws a path of length 1 between two times, again and again."""
    times = f"0;{begin / whole:.4f};{end / whole:.4f};1"
    return (
        f'<animate attributeName="stroke-dashoffset" values="1.01;1.01;0;0" keyTimes="{times}" '
        f'dur="{whole:.2f}s" repeatCount="indefinite"/>'
    )


def svg(
    points: Points, pen_up: Flags, *, seconds: float | None = None, curve: CurveName = "line"
) -> str:
    """A digit's strokes as an SVG document, a path for each stroke, in their order.

    Args:
      points: ``[T, 2]`` in canvas units.
      pen_up: bool ``[T]``.
      seconds: how long the pen writes, at an even speed, lifted or not; none for a still.
      curve: through the points of a stroke, the same as `rasterizer.subdivide`'s. Curves that
        move load JAX, which measures them.

    Raises:
      ValueError: an unknown curve.
    """
    if curve not in _PATHS:
        raise ValueError(f"curve {curve!r}: expected one of {', '.join(map(repr, _PATHS))}")
    runs = pen_runs(pen_up)
    places = points.astype(np.float64) * _SIDE
    shapes = [f'd="{_PATHS[curve](places[first : last + 1])}"' for first, last in runs]
    if seconds is None:
        paths = [f"<path {shape}/>" for shape in shapes]
    else:
        moments = seconds * _progress(points, pen_up, curve)
        paths = [
            f'<path pathLength="1" stroke-dasharray="1.01" {shape}>'
            f"{_animation(float(moments[first]), float(moments[last]), seconds + _HOLD)}</path>"
            for (first, last), shape in zip(runs, shapes, strict=True)
        ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}">'
        f'<g fill="none" stroke="#161c2d" stroke-width="{_WIDTH}" stroke-linecap="round" '
        f'stroke-linejoin="round">{"".join(paths)}</g></svg>\n'
    )
