"""Strokes as SVG, still or written anew by itself."""

import numpy as np

from strokes.ink import Flags, Points, pen_runs
from strokes.resampling import path_progress

_SIDE = 280  # of the canvas, in SVG's user units
_WIDTH = 13  # of the pen: about that of a thinned digit's line
_HOLD = 1.5  # seconds between the end and the next beginning


def _path(points: Points) -> str:
    places = [f"{x:.1f} {y:.1f}" for x, y in np.round(points.astype(np.float64) * _SIDE, 1)]
    return f"M{places[0]}L{' '.join(places[1:])}"


def _animation(begin: float, end: float, whole: float) -> str:
    """Draws a path of length 1 between two times, again and again."""
    times = f"0;{begin / whole:.4f};{end / whole:.4f};1"
    return (
        f'<animate attributeName="stroke-dashoffset" values="1.01;1.01;0;0" keyTimes="{times}" '
        f'dur="{whole:.2f}s" repeatCount="indefinite"/>'
    )


def svg(points: Points, pen_up: Flags, *, seconds: float | None = None) -> str:
    """A digit's strokes as an SVG document, a path for each stroke, in their order.

    Args:
      points: ``[T, 2]`` in canvas units.
      pen_up: bool ``[T]``.
      seconds: how long the pen writes, at an even speed, lifted or not; none for a still.
    """
    progress = path_progress(points)
    paths = []
    for first, last in pen_runs(pen_up):
        shape = f'd="{_path(points[first : last + 1])}"'
        if seconds is None:
            paths.append(f"<path {shape}/>")
            continue
        moves = _animation(
            seconds * float(progress[first]), seconds * float(progress[last]), seconds + _HOLD
        )
        paths.append(f'<path pathLength="1" stroke-dasharray="1.01" {shape}>{moves}</path>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}">'
        f'<g fill="none" stroke="#161c2d" stroke-width="{_WIDTH}" stroke-linecap="round" '
        f'stroke-linejoin="round">{"".join(paths)}</g></svg>\n'
    )
