"""sketch-rnn's ``.npz``: drawings in stroke-3 or stroke-5, written; `strokes.formats.arrays` reads.

Arrays ``train``, ``valid`` and ``test``, each of drawings as its loader takes them: of stroke-3 an
array of arrays ``[T, 3]``, which NumPy keeps as a pickle; of stroke-5 one array ``[N, T, 5]``,
padded, without. Labels stand beside, in ``train_label`` and so on; that loader passes over them.
Offsets are float32 in units of which the canvas has 255.
"""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from strokes.files import FIXED_DATE, atomic_path
from strokes.formats.offsets import rows_of_strokes, stroke_5
from strokes.ink import Recording
from strokes.resampling import fit_to_canvas

CANVAS_UNITS = 255.0

_SPLITS = ("train", "valid", "test")
_VALID = 6  # of so many training drawings one, the last ones, is for validation

Rows = list[npt.NDArray[np.float32]]


def _rows(recordings: Iterable[Recording]) -> tuple[Rows, list[int]]:
    rows, labels = [], []
    for recording in recordings:
        strokes = [CANVAS_UNITS * stroke for stroke in fit_to_canvas(recording)]
        rows.append(rows_of_strokes(strokes).astype(np.float32))
        labels.append(recording.label)
    return rows, labels


def _split(splits: Mapping[str, Iterable[Recording]]) -> dict[str, tuple[Rows, list[int]]]:
    """The three that the loader asks for: drawings for validation are taken from the training's."""
    found: dict[str, tuple[Rows, list[int]]] = {name: ([], []) for name in _SPLITS}
    for name, recordings in splits.items():
        rows, labels = _rows(recordings)
        if name in ("valid", "test") or "valid" in splits:
            found[name] = rows, labels
        else:
            count = len(rows) - len(rows) // _VALID
            found["train"] = rows[:count], labels[:count]
            found["valid"] = rows[count:], labels[count:]
    return found


def _boxed(rows: Rows) -> npt.NDArray[Any]:
    box = np.empty(len(rows), object)
    for index, drawing in enumerate(rows):
        box[index] = drawing
    return box


def _padded(rows: Rows, length: int) -> npt.NDArray[np.float32]:
    padded = np.zeros((len(rows), length, 5), np.float32)
    for index, drawing in enumerate(rows):
        padded[index] = stroke_5(drawing.astype(np.float64), length)
    return padded


def write_sketch_rnn(
    splits: Mapping[str, Iterable[Recording]], path: Path, *, padded: bool = False
) -> None:
    """Write recordings as drawings; the file appears when it is whole.

    Args:
      splits: recordings by the name of their split; of one without the three names ``train``,
        ``valid`` and ``test``, or without ``valid``, the last sixth is for validation.
      path: where to.
      padded: in stroke-5, one array of drawings that are padded to the longest.
    """
    found = _split(splits)
    length = max((len(drawing) for rows, _ in found.values() for drawing in rows), default=0)
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, (rows, labels) in found.items():
        arrays[name] = _padded(rows, length) if padded else _boxed(rows)
        arrays[f"{name}_label"] = np.array(labels, np.int64)
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", FIXED_DATE)
            with archive.open(entry, "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=not padded)
