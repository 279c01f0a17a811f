"""Readers of pen recordings in the formats that people have.

- ``.ndjson``, ``.jsonl``: our own format (`datasets.recordings`), or Quick, Draw!
  (``{"word": "three", "drawing": [[xs, ys], ...]}``, simplified or raw with times);
- ``.tra``, ``.tes``, ``.csv``: UCI Pen-Based Digits: eight points x, y in 0 to 100, y up,
  then the class as a digit or as ten bits (Alimoglu and Alpaydin, 1996);
- ``.inkml``: W3C InkML, absolute coordinates, the digit in an annotation;
- ``.npz``: arrays ``points`` ``[N, T, 3]`` (x, y, pen-up) and ``labels`` ``[N]``, as
  Grzego's *MNIST to handwriting* (2017) keeps them.
"""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from datasets.errors import DataError
from datasets.recordings import (
    CANVAS,
    Recording,
    checked_label,
    checked_strokes,
    parse_lines,
    recording_of,
)

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TRUTHS = ("truth", "label", "transcription")  # types of InkML annotation that name the digit
_MAX_BYTES = 1 << 30


def _digit(text: str) -> int:
    """A digit by its name or figure."""
    text = text.strip().lower()
    if text in _WORDS:
        return _WORDS.index(text)
    if len(text) == 1 and text in "0123456789":
        return int(text)
    raise ValueError(f"label {text!r}, expected a digit from 0 to 9 or its English name")


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
        lengths = {len(column) if isinstance(column, list) else -1 for column in columns}
        if len(columns) not in (2, 3) or len(lengths) != 1 or lengths == {-1}:
            raise ValueError(f"stroke {number}: expected lists of xs, ys and times, equally long")
        strokes.append([list(point) for point in zip(*columns, strict=True)])
    label = _digit(entry["word"])
    return Recording(label, checked_strokes(strokes), "px", "Quick, Draw!")


def _parse_ndjson(line: str) -> Recording:
    """Our own format or Quick, Draw!, by the keys of the object."""
    entry = json.loads(line)
    if isinstance(entry, dict) and "drawing" in entry:
        return quick_draw_of(entry)
    return recording_of(entry)


def parse_pen_digits(line: str) -> Recording:
    """Read a line of UCI Pen-Based Digits. Its pen lifts are lost: one stroke.

    Raises:
      ValueError: it is no such line; the message says why.
    """
    *numbers, label = (field.strip() for field in line.split(","))
    if len(numbers) != 16:
        raise ValueError(f"{len(numbers) + 1} fields, expected 16 coordinates and the class")
    values = np.array([int(number) for number in numbers], np.float64)
    if values.min() < 0 or values.max() > 100:
        raise ValueError(f"coordinates from {values.min():.0f} to {values.max():.0f}, not 0 to 100")
    if len(label) == 10:
        if sorted(label) != ["0"] * 9 + ["1"]:
            raise ValueError(f"class {label!r}, expected one 1 among ten bits")
        digit = label.index("1")
    else:
        digit = _digit(label)
    points = values.reshape(8, 2) * [1.0, -1.0] + [0.0, 100.0]
    return Recording(digit, checked_strokes([points.tolist()]), "pen", "UCI Pen-Based Digits")


def _trace(text: str, name: str) -> list[list[float]]:
    points = []
    for point in text.strip().rstrip(",").split(","):
        fields = point.split()
        if len(fields) < 2:
            raise ValueError(f"{name}: {point.strip()!r}, expected at least x and y")
        try:
            points.append([float(field) for field in fields[:2]])
        except ValueError:
            raise ValueError(
                f"{name}: {point.strip()!r}, expected plain numbers (differences are not read)"
            ) from None
    return points


def _ink_recording(group: ElementTree.Element) -> Recording:
    """One recording from an element whose children are traces and the annotation."""
    label = None
    strokes: list[list[list[float]]] = []
    for child in group.iter():
        tag = child.tag.rpartition("}")[2]
        if tag == "trace":
            strokes.append(_trace(child.text or "", f"trace {len(strokes) + 1}"))
        elif tag == "annotation" and child.get("type", "").lower() in _TRUTHS:
            label = _digit(child.text or "")
    if label is None:
        raise ValueError(f"no digit: expected an annotation of type {' or '.join(_TRUTHS)}")
    return Recording(label, checked_strokes(strokes), "ink", "InkML")


def parse_inkml(text: str, *, source: str) -> list[Recording]:
    """Read an InkML document: a recording for each annotated trace group, or one in all.

    Raises:
      DataError: it is no such document; the message says where and why.
    """
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        line = error.position[0]
        raise DataError(f"{source}, line {line}: not XML ({error})") from error
    groups = [child for child in root if child.tag.rpartition("}")[2] == "traceGroup"] or [root]
    found = []
    for number, group in enumerate(groups, start=1):
        try:
            found.append(_ink_recording(group))
        except ValueError as error:
            raise DataError(f"{source}, trace group {number}: {error}") from error
    return found


def parse_arrays(points: np.ndarray, labels: np.ndarray, *, source: str) -> list[Recording]:
    """Recordings from arrays ``[N, T, 3]`` of x, y in canvas units and pen-up, and ``[N]``.

    The pen is lifted from a point with pen-up 1 to the next point.

    Raises:
      DataError: other shapes or values; the message names the recording.
    """
    if points.ndim != 3 or points.shape[2] != 3 or labels.shape != points.shape[:1]:
        raise DataError(
            f"{source}: points {list(points.shape)} and labels {list(labels.shape)}, "
            "expected [N, T, 3] and [N]"
        )
    found = []
    for number, (path, label) in enumerate(zip(points, labels.tolist(), strict=True), start=1):
        try:
            if not np.isin(path[:, 2], (0, 1)).all():
                raise ValueError("pen-up is neither 0 nor 1")
            cuts = np.flatnonzero(path[:-1, 2] == 1) + 1
            strokes = [stroke[:, :2].tolist() for stroke in np.split(path, cuts)]
            label = checked_label(label)
            found.append(Recording(label, checked_strokes(strokes), CANVAS, "points and labels"))
        except ValueError as error:
            raise DataError(f"{source}, recording {number}: {error}") from error
    if not found:
        raise DataError(f"{source}: no recording in it")
    return found


def _read_npz(path: Path) -> list[Recording]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            points, labels = archive["points"], archive["labels"]
    except (KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path}: expected arrays 'points' and 'labels' ({error})") from error
    return parse_arrays(points, labels, source=str(path))


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not text ({error})") from error


def _lines_of(parse: Callable[[str], Recording]) -> Callable[[Path], list[Recording]]:
    return lambda path: parse_lines(_read_text(path), parse, source=str(path))


_READERS: dict[str, Callable[[Path], list[Recording]]] = {
    ".ndjson": _lines_of(_parse_ndjson),
    ".jsonl": _lines_of(_parse_ndjson),
    ".tra": _lines_of(parse_pen_digits),
    ".tes": _lines_of(parse_pen_digits),
    ".csv": _lines_of(parse_pen_digits),
    ".inkml": lambda path: parse_inkml(_read_text(path), source=str(path)),
    ".npz": _read_npz,
}


def read_recordings(path: Path) -> list[Recording]:
    """Read a file of pen recordings; its suffix says which format (see the module).

    Raises:
      DataError: the file is missing, of an unknown kind, or a recording in it is wrong;
        the message gives the line and the reason.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DataError(f"{path}: expected a file ending in {', '.join(_READERS)}")
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    if path.stat().st_size > _MAX_BYTES:
        raise DataError(f"{path}: larger than {_MAX_BYTES >> 30} GiB")
    return reader(path)
