"""The package's own format of recordings, ndjson: a JSON object a line.

- ``label``: the digit, 0 to 9; of any other `strokes.classes`, the name as text;
- ``strokes``: a list of strokes in the order of writing, each a list of ``[x, y]`` or
  ``[x, y, t]``: x to the right, y down, t in milliseconds and never falling;
- ``units``: "canvas" where x and y are shares of a square canvas, 0 to 1, else the name
  of any unit ("px", "mm"); then only the shape counts, not place and size;
- ``source``: who or what made it, any text;
- ``variant``: optional, what kind of this digit it is, any text.
"""

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from strokes.classes import DIGITS, Classes
from strokes.files import atomic_path
from strokes.ink import CANVAS, Recording, checked_label, checked_strokes, label_of


def parse_recording(line: str, classes: Classes = DIGITS) -> Recording:
    """Read one line of the format.

    Raises:
      ValueError: it is no recording of one of the classes; the message says why.
    """
    return recording_of(json.loads(line), classes)


def recording_of(entry: Any, classes: Classes = DIGITS) -> Recording:
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
    return Recording(checked_label(entry["label"], classes), strokes, units, source, variant)


def format_recording(recording: Recording, classes: Classes = DIGITS) -> str:
    """The inverse of `parse_recording`: one line, without its end."""
    entry: dict[str, Any] = {
        "label": label_of(recording.label, classes),
        "source": recording.source,
        "units": recording.units,
    }
    if recording.variant:
        entry["variant"] = recording.variant
    decimals = decimals_of(recording)
    entry["strokes"] = [np.round(stroke, decimals).tolist() for stroke in recording.strokes]
    return json.dumps(entry)


def decimals_of(recording: Recording) -> int:
    """How many are written: 5, and more of ink so small that its points would become one."""
    extent = float(np.ptp(np.concatenate([one[:, :2] for one in recording.strokes]), axis=0).max())
    return min(max(5, 4 - math.floor(math.log10(max(extent, 1e-11)))), 15)


def write_recordings(
    recordings: Iterable[Recording], path: Path, classes: Classes = DIGITS
) -> None:
    """Write a file of the format, atomically."""
    with atomic_path(path) as temporary, temporary.open("w") as file:
        file.writelines(format_recording(recording, classes) + "\n" for recording in recordings)
