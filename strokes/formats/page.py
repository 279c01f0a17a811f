"""The digit that the page saves: an object with ``digit``, ``points`` and ``pen_up``.

Points are ``[x, y, softness]`` in canvas units; of ``pen_up`` there is one for each.
"""

from typing import Any

import numpy as np

from strokes.classes import DIGITS, Classes
from strokes.ink import CANVAS, Recording, checked_label, checked_strokes, strokes_of

_FARTHEST = 100.0  # canvas sizes off the canvas


def page_digit_of(entry: dict[str, Any], classes: Classes = DIGITS) -> Recording:
    """A recording from what the page saved, in canvas units.

    Raises:
      ValueError: it is no such object; the message says why.
    """
    points, pen_up = entry.get("points"), entry["pen_up"]
    if not isinstance(points, list) or not all(
        isinstance(point, list) and len(point) == 3 for point in points
    ):
        raise ValueError("points: expected [x, y, softness] each")
    (path,) = checked_strokes([[point[:2] for point in points]])
    if not np.abs(path).max() <= _FARTHEST:
        raise ValueError("points: expected x and y in canvas units")
    if not isinstance(pen_up, list) or len(pen_up) != len(path):
        raise ValueError(f"pen_up: expected {len(path)} of true and false, one for each point")
    if not all(isinstance(up, bool) for up in pen_up):
        raise ValueError("pen_up: expected true and false")
    strokes = strokes_of(path.astype(np.float32), np.array(pen_up))
    return Recording(
        checked_label(entry.get("digit"), classes),
        checked_strokes([stroke.tolist() for stroke in strokes]),
        CANVAS,
        "page",
    )
