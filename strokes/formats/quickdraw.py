"""Quick, Draw!: ``{"word": "three", "drawing": [[xs, ys], ...]}``, simplified or raw with times."""

from typing import Any

from strokes.formats.labels import digit_of
from strokes.ink import Recording, checked_strokes


def quick_draw_of(entry: dict[str, Any]) -> Recording:
    """A recording from an object of Quick, Draw!: strokes are lists of xs, ys and, if raw, times.

    Raises:
      ValueError: it is no drawing of a digit; the message says why.
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
    label = digit_of(entry["word"])
    return Recording(label, checked_strokes(strokes), "px", "Quick, Draw!")
