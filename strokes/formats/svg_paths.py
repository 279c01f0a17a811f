"""Strokes of an SVG document: the points that its paths go through.

A path is a stroke, or several if it moves in between. Read are moves, lines and curves in absolute
coordinates; of a curve its end, not what bends it. The view box is the canvas, its title the digit.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.formats.inkml import xml_root
from strokes.formats.inkml_traces import name_of
from strokes.formats.labels import Unlabelled, class_of
from strokes.formats.limits import number_of, numbers_of
from strokes.formats.lines import Found, read_text
from strokes.ink import CANVAS, MAX_POINTS, Recording, Stroke, checked_strokes

_NUMBERS = {"M": 2, "L": 2, "Q": 4, "C": 6}  # of each point that a command leads to
_PART = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def points_of_path(description: str) -> list[list[list[float]]]:
    """The points of each stroke of a path's ``d``.

    Raises:
      ValueError: a command that is not read, or that lacks numbers.
    """
    strokes: list[list[list[float]]] = []
    if len(description) > 100 * MAX_POINTS:
        raise ValueError("a path of too many points")
    parts = re.split(r"([A-Za-df-z])", description)  # e is of a number
    if parts[0].strip():
        raise ValueError(f"a path that begins with {parts[0]!r:.20}, expected M")
    for command, text in zip(parts[1::2], parts[2::2], strict=True):
        if command not in _NUMBERS:
            raise ValueError(f"a path with {command!r}, expected M, L, Q and C")
        numbers = [number_of(part) for part in _PART.findall(text)]
        count = _NUMBERS[command]
        if not numbers or len(numbers) % count:
            raise ValueError(f"a path whose {command} has {len(numbers)} numbers")
        places = [numbers[end - 2 : end] for end in range(count, len(numbers) + 1, count)]
        if command == "M":
            strokes.append(places)
        elif not strokes:
            raise ValueError("a path that does not begin with M")
        else:
            strokes[-1] += places
    return strokes


def _box(root: Element) -> tuple[float, float, float]:
    """Left, top and longer side of the view box."""
    numbers = numbers_of(root.get("viewBox", "").replace(",", " "), most=4)
    if len(numbers) != 4 or not 1e-6 < max(numbers[2:]) < 1e6:
        raise ValueError("expected a viewBox of four numbers")
    return numbers[0], numbers[1], max(numbers[2:])


def _strokes(root: Element) -> list[Stroke]:
    left, top, side = _box(root)
    strokes = []
    for path in root.iter():
        if name_of(path) == "path":
            strokes += points_of_path(path.get("d", ""))
    checked = checked_strokes(strokes)
    return [(stroke - np.array([left, top])) / side for stroke in checked]


def read_svg(path: Path, classes: Classes = DIGITS) -> Iterator[Found]:
    """The character that a document draws. Raises DataError for what is no SVG."""
    root = xml_root(read_text(path), str(path))
    if name_of(root) != "svg":
        raise DataError(f"{path}: not SVG (it begins with {name_of(root)!r:.20})")
    try:
        strokes = _strokes(root)
        title = next((one.text or "" for one in root if name_of(one) == "title"), None)
        if title is None:
            yield Unlabelled(str(path), strokes, CANVAS, "SVG")
        else:
            yield Recording(class_of(title, classes), strokes, CANVAS, "SVG")
    except ValueError as error:
        yield DataError(f"{path}: {error}")
