"""A number as SVG, still or written anew by itself, as fast and as slowly as the hand did."""

import html

import numpy as np

from strokes.formats.svg import path_data
from strokes.handwriting import WrittenNumber
from strokes.ink import Stroke

_UNITS = 10.0  # SVG's user units in a mm
_MARGIN = 2.0  # mm
_HOLD = 1.5  # seconds between the end and the next beginning
_MOMENTS = 12  # of a stroke, between which the pen moves evenly


def number_svg(number: WrittenNumber, *, pen: float, animated: bool = True) -> str:
    """A number as an SVG document, a path for each stroke, in their order.

    Args:
      number: what was written.
      pen: its width in mm.
      animated: it writes itself, again and again; or a still.
    """
    places = np.concatenate([stroke[:, :2] for stroke in number.strokes])
    low, high = places.min(axis=0) - _MARGIN, places.max(axis=0) + _MARGIN
    width, height = high - low
    whole = float(number.strokes[-1][-1, 2]) / 1000.0 + _HOLD
    paths = []
    for stroke in number.strokes:
        shape = f'd="{path_data(_UNITS * (stroke[:, :2] - low), "catmull-rom")}"'
        moving = (
            f' pathLength="1" stroke-dasharray="1.01" {shape}>{_animation(stroke, whole)}</path>'
        )
        paths.append(f"<path{moving}" if animated else f"<path {shape}/>")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.1f}mm" height="{height:.1f}mm" '
        f'viewBox="0 0 {_UNITS * width:.1f} {_UNITS * height:.1f}">'
        f"<title>{html.escape(number.text, quote=False)}</title>"
        f'<g fill="none" stroke="#161c2d" stroke-width="{_UNITS * pen:.2f}" '
        f'stroke-linecap="round" stroke-linejoin="round">{"".join(paths)}</g></svg>\n'
    )


def _animation(stroke: Stroke, whole: float) -> str:
    lengths = np.linalg.norm(np.diff(stroke[:, :2], axis=0), axis=1)
    behind = np.concatenate([[0.0], np.cumsum(lengths)]) / max(float(lengths.sum()), 1e-9)
    moments = np.linspace(stroke[0, 2], stroke[-1, 2], _MOMENTS)
    left = 1.01 * (1.0 - np.interp(moments, stroke[:, 2], behind))
    left[[0, -1]] = 1.01, 0.0
    values = ";".join(f"{one:.3f}" for one in [1.01, *left, 0.0])
    times = ";".join(f"{one:.4f}" for one in [0.0, *(moments / 1000.0 / whole), 1.0])
    return (
        f'<animate attributeName="stroke-dashoffset" values="{values}" keyTimes="{times}" '
        f'dur="{whole:.2f}s" repeatCount="indefinite"/>'
    )
