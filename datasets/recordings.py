"""Pen recordings: how a person wrote a digit, stroke by stroke.

One format, ndjson: a line a recording, a JSON object with

- ``label``: the digit, 0 to 9;
- ``strokes``: a list of strokes in the order of writing, each a list of ``[x, y]`` or
  ``[x, y, t]``: x to the right, y down, t in milliseconds and never falling;
- ``units``: "canvas" where x and y are shares of a square canvas, 0 to 1, else the name
  of any unit ("px", "mm"); then only the shape counts, not place and size;
- ``source``: who or what made it, any text;
- ``variant``: optional, what kind of this digit it is, any text.

The package's own set, `OWN_RECORDINGS`, was drawn for it: ten and more of each digit, in
the order and direction that schools teach, with the common variants.
"""

import json
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from datasets.errors import DataError
from datasets.files import atomic_path

OWN_RECORDINGS = Path(__file__).with_name("recordings.ndjson")
CANVAS = "canvas"
"""Units of coordinates that are shares of the canvas."""

MAX_STROKES = 64
MAX_POINTS = 20_000
"""A recording with more points, in all strokes together, is refused: it is no digit."""

Stroke = npt.NDArray[np.float64]


class Recording(NamedTuple):
    """One digit as a pen wrote it."""

    label: int
    """The digit, 0 to 9."""
    strokes: list[Stroke]
    """Float64 ``[n, 2]`` (x, y) or ``[n, 3]`` (x, y, t), y down, n >= 1."""
    units: str = CANVAS
    """"canvas", or a unit in which only the shape counts."""
    source: str = ""
    """Who or what made it."""
    variant: str = ""
    """What kind of this digit."""


def checked_label(value: Any) -> int:
    """A digit, or a ValueError that says what it is instead."""
    if type(value) is not int or not 0 <= value <= 9:
        raise ValueError(f"label {value!r}, expected a digit from 0 to 9")
    return value


def checked_strokes(strokes: Any) -> list[Stroke]:
    """Strokes as arrays, or a ValueError that names the first thing wrong."""
    if not isinstance(strokes, list) or not strokes:
        raise ValueError("strokes: expected a list of at least one stroke")
    if len(strokes) > MAX_STROKES:
        raise ValueError(f"{len(strokes)} strokes, expected at most {MAX_STROKES}")
    found = [_checked_stroke(stroke, f"stroke {index}") for index, stroke in enumerate(strokes, 1)]
    if sum(map(len, found)) > MAX_POINTS:
        raise ValueError(f"{sum(map(len, found))} points, expected at most {MAX_POINTS}")
    xy = np.concatenate([stroke[:, :2] for stroke in found])
    if not np.ptp(xy, axis=0).any():
        raise ValueError("all points are the same: nothing was written")
    return found


def _checked_stroke(stroke: Any, name: str) -> Stroke:
    if not isinstance(stroke, list) or not stroke:
        raise ValueError(f"{name}: expected a list of at least one point")
    sizes = {len(point) if isinstance(point, list) else 0 for point in stroke}
    if sizes not in ({2}, {3}):
        raise ValueError(f"{name}: expected points [x, y] or [x, y, t], all alike")
    for point in stroke:
        for value in point:
            if not isinstance(value, int | float) or isinstance(value, bool):
                raise ValueError(f"{name}: {value!r} is not a number")
            if not math.isfinite(value) or abs(value) > 1e15:
                raise ValueError(f"{name}: {value!r} is not finite, or too large to be a place")
    array = np.array(stroke, np.float64)
    if array.shape[1] == 3 and (np.diff(array[:, 2]) < 0).any():
        raise ValueError(f"{name}: time runs backwards")
    return array


def parse_recording(line: str) -> Recording:
    """Read one line of the format.

    Raises:
      ValueError: it is no recording; the message says why.
    """
    return recording_of(json.loads(line))


def recording_of(entry: Any) -> Recording:
    """A recording from the object that its line holds. Raises as `parse_recording`."""
    if not isinstance(entry, dict):
        raise ValueError(f"expected an object, got {type(entry).__name__}")
    missing = [name for name in ("label", "strokes", "units", "source") if name not in entry]
    if missing:
        raise ValueError(f"{missing[0]!r} is missing")
    texts = [entry["units"], entry["source"], entry.get("variant", "")]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("units, source and variant: expected text")
    units, source, variant = texts
    strokes = checked_strokes(entry["strokes"])
    if units == CANVAS and any(
        stroke[:, :2].min() < -0.5 or stroke[:, :2].max() > 1.5 for stroke in strokes
    ):
        raise ValueError('a point lies far off the canvas; give the name of its unit, not "canvas"')
    return Recording(checked_label(entry["label"]), strokes, units, source, variant)


def format_recording(recording: Recording) -> str:
    """The inverse of `parse_recording`: one line, without its end."""
    entry: dict[str, Any] = {
        "label": recording.label,
        "source": recording.source,
        "units": recording.units,
    }
    if recording.variant:
        entry["variant"] = recording.variant
    entry["strokes"] = [np.round(stroke, 5).tolist() for stroke in recording.strokes]
    return json.dumps(entry)


def write_recordings(recordings: Iterable[Recording], path: Path) -> None:
    """Write a file of the format, atomically."""
    with atomic_path(path) as temporary, temporary.open("w") as file:
        file.writelines(format_recording(recording) + "\n" for recording in recordings)


def parse_lines(text: str, parse: Callable[[str], Recording], *, source: str) -> list[Recording]:
    """Parse every line that is not blank.

    Args:
      text: of the file.
      parse: a function from a line to a `Recording`; ValueError says what is wrong.
      source: name of the file, for messages.

    Raises:
      DataError: a line is wrong, with its number and the reason; or there is none.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(parse(line))
        except (ValueError, TypeError, RecursionError) as error:
            raise DataError(f"{source}, line {number}: {error}") from error
    if not found:
        raise DataError(f"{source}: no recording in it")
    return found
