"""What the numbers of an InkML trace mean: its channels, their order and sense, differences.

W3C, *Ink Markup Language (InkML)*, 2011, sections 3.1 and 3.2. A point is a value for each channel,
points are parted by commas. A value may be said by what it differs: ``'`` before it makes it, and
those of its channel after it, a difference from the last, ``"`` a difference of differences, ``!``
ends that; ``*`` is the last value again. y runs down unless its orientation is ``-ve``.
"""

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

import numpy as np

from strokes.ink import MAX_POINTS, Stroke

_VALUE = re.compile(
    r"\s*([!'\"]?)\s*(\*|\?|[TF]|#[0-9A-Fa-f]{1,8}"
    r"|[-+]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][-+]?\d{1,3})?)"
)
_ORDERS = {"!": 0, "'": 1, '"': 2}


class Channel(NamedTuple):
    """Where a coordinate is among a point's values, and which way it runs."""

    place: int
    sign: float


class Channels(NamedTuple):
    """Of a point: x to the right, y down."""

    x: Channel = Channel(0, 1.0)
    y: Channel = Channel(1, 1.0)


def name_of(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def channels_of(trace_format: Element) -> Channels:
    """What a ``traceFormat`` says.

    Raises:
      ValueError: it has no X or no Y, or they have different units.
    """
    regular = [child for child in trace_format if name_of(child) == "channel"]
    found: dict[str, tuple[Channel, str]] = {}
    for place, channel in enumerate(regular):
        turned = channel.get("orientation", "").strip().startswith("-")
        units = channel.get("units", "")
        found[channel.get("name", "").strip()] = Channel(place, -1.0 if turned else 1.0), units
    if not regular:
        return Channels()
    if not {"X", "Y"} <= found.keys():
        raise ValueError("traceFormat: expected channels X and Y")
    if found["X"][1] != found["Y"][1]:
        raise ValueError(f"traceFormat: X in {found['X'][1]!r:.20}, Y in {found['Y'][1]!r:.20}")
    return Channels(found["X"][0], found["Y"][0])


class _Reading:
    """A channel's values, one after the other."""

    def __init__(self) -> None:
        self._order, self._value, self._step = 0, 0.0, 0.0
        self._begun = False

    def next(self, prefix: str, text: str) -> float:
        """The value at a point. Raises ValueError for none."""
        order = _ORDERS.get(prefix, self._order)
        if order and not self._begun:
            raise ValueError("a difference without a value before it")
        if text == "?" or (text == "*" and not self._begun):
            raise ValueError("a place that is not known")
        self._order = order
        if text != "*":
            self._advance(_number(text), order)
        self._begun = True
        return self._value

    def _advance(self, number: float, order: int) -> None:
        before = self._value
        if order == 0:
            self._value = number
        else:
            step = number if order == 1 else self._step + number
            self._value = before + step
        self._step = self._value - before if self._begun else 0.0


def _number(text: str) -> float:
    if text in "TF":
        return float(text == "T")
    return float(int(text[1:], 16)) if text.startswith("#") else float(text)


def _values(point: str) -> list[tuple[str, str]]:
    """Prefix and text of each value of a point; those after a colon come and go, and are none."""
    regular = point.partition(":")[0].rstrip()
    found, place = [], 0
    while place < len(regular):
        match = _VALUE.match(regular, place)
        if match is None:
            raise ValueError(
                f"{point.strip()!r:.40}, expected numbers, or differences as '5 or \"5"
            )
        found.append((match[1], match[2]))
        place = match.end()
    return found


def points_of(text: str, channels: Channels) -> Stroke:
    """The points ``[n, 2]`` of a trace, y down; none of an empty one.

    Raises:
      ValueError: a value is no number, x or y is missing, or there are too many points.
    """
    texts = text.strip().rstrip(",").split(",", maxsplit=MAX_POINTS)
    if len(texts) > MAX_POINTS:
        raise ValueError(f"more than {MAX_POINTS:,} points")
    if texts == [""]:
        return np.zeros((0, 2))
    readings = [(channel, _Reading()) for channel in channels]
    least = max(channel.place for channel in channels) + 1
    points = []
    for point in texts:
        values = _values(point)
        if len(values) < least:
            raise ValueError(f"{point.strip()!r:.40}, expected at least {least} values, x and y")
        points.append(
            [channel.sign * reading.next(*values[channel.place]) for channel, reading in readings]
        )
    return np.array(points) + 0.0  # 0, not -0
