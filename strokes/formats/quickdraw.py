"""Quick, Draw!: ``{"word": "three", "drawing": [[xs, ys], ...]}``, simplified or raw with times."""

import json
from typing import Any

import cv2
import numpy as np

from strokes.classes import DIGITS, Classes
from strokes.formats.labels import class_of, word_of
from strokes.ink import Recording, checked_strokes

BOX = 255
"""The longer side of a simplified drawing, which begins at 0."""

TOLERANCE = 2.0
"""How far, in its units, a simplified drawing may be from what was drawn."""


def quick_draw_of(entry: dict[str, Any], classes: Classes = DIGITS) -> Recording:
    """A recording from an object of Quick, Draw!: strokes are lists of xs, ys and, if raw, times.

    Raises:
      ValueError: it is no drawing of one of the classes; the message says why.
    """
    drawing = entry["drawing"]
    if not isinstance(drawing, list) or not all(isinstance(stroke, list) for stroke in drawing):
        raise ValueError("drawing: expected a list of strokes")
    if not isinstance(entry.get("word"), str):
        raise ValueError("'word' is missing")
    strokes = []
    for number, columns in enumerate(drawing, start=1):
        lengths = {len(column) if isinstance(column, list) else -1 for column in columns[:4]}
        if len(columns) not in (2, 3) or len(lengths) != 1 or lengths == {-1}:
            raise ValueError(f"stroke {number}: expected lists of xs, ys and times, equally long")
        strokes.append([list(point) for point in zip(*columns, strict=True)])
    label = class_of(entry["word"], classes)
    return Recording(label, checked_strokes(strokes), "px", "Quick, Draw!")


def format_quick_draw(recording: Recording, classes: Classes = DIGITS) -> str:
    """A line of a simplified drawing: 256 units wide or high, Ramer-Douglas-Peucker by 2 of them.

    What lies farther from a line than that stays; coordinates are whole numbers.
    """
    together = np.concatenate([stroke[:, :2] for stroke in recording.strokes])
    low, scale = together.min(axis=0), BOX / np.ptp(together, axis=0).max()
    drawing = []
    for stroke in recording.strokes:
        placed = ((stroke[:, :2] - low) * scale).astype(np.float32)
        kept = np.asarray(cv2.approxPolyDP(placed[:, None], TOLERANCE, False)).reshape(-1, 2)
        drawing.append(np.round(kept).astype(int).T.tolist())
    entry = {
        "key_id": recording.source,
        "word": word_of(recording.label, classes),
        "recognized": True,
        "drawing": drawing,
    }
    return json.dumps(entry)
