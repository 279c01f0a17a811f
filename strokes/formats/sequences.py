"""Handwritten sequences: characters as points, as an export holds them.

Points are those of `strokes.ink`, but their third column is pen-up; softness stands beside them,
with the character's label, where its picture came from, and the plan by which it was written
(`strokes.writing.plans`). `strokes.formats.parquet` and
`strokes.formats.npz` keep them in files.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.ink import CANVAS, Flags, Points, Recording, strokes_of


class Sequences(NamedTuple):
    """N sequences of T points."""

    id: list[str]
    """Name of each, unique in its file."""
    mnist_index: npt.NDArray[np.int32]
    """``[N]``: place of the picture in its split."""
    label: npt.NDArray[np.int64]
    """``[N]``, numbers of classes: of digits, the digits."""
    points: npt.NDArray[np.float32]
    """``[N, T, 3]``: x, y, and 1 where the pen is lifted after the point, else 0."""
    softness: npt.NDArray[np.float32]
    """``[N, T]``, in 1/canvas units."""
    mse: npt.NDArray[np.float32]
    """``[N]``: mean squared difference between differentiable drawing and picture."""
    plan: npt.NDArray[np.int32]
    """``[N]``: way of writing the character, from 0; 0 where the writer knows no plans."""
    plan_probability: npt.NDArray[np.float32]
    """``[N]`` in [0, 1]: how likely the person wrote so; 1 where the writer knows no plans."""

    def with_softness(self) -> tuple[Points, Flags]:
        """Points and pen-up in the layouts of `strokes.ink`: ``[N, T, 3]`` and ``[N, T]``."""
        points = self.points.copy()
        points[..., 2] = self.softness
        return points, self.points[..., 2] > 0.5


_TYPES = {
    "mnist_index": np.int32,
    "label": np.int64,
    "points": np.float32,
    "softness": np.float32,
    "mse": np.float32,
    "plan": np.int32,
    "plan_probability": np.float32,
}
ABSENT = {"plan": 0, "plan_probability": 1}
"""Columns that files of before do not have, and what holds for each of their digits."""
_FARTHEST = 100.0  # canvas sizes off the canvas


def checked_sequences(
    ids: list[str],
    columns: Mapping[str, npt.NDArray[Any]],
    *,
    source: str,
    classes: Classes = DIGITS,
) -> Sequences:
    """Sequences from the columns of a file that anybody may have written.

    Args:
      ids: N names.
      columns: the other fields of `Sequences` by name; those of `ABSENT` may be missing.
      source: what messages call the file.
      classes: what labels may mean.

    Raises:
      DataError: a column is of another kind or shape, or holds a value that means nothing.
    """
    count = len(ids)
    columns = {name: np.full(count, value) for name, value in ABSENT.items()} | dict(columns)
    for name, array in columns.items():
        kinds = "iu" if np.issubdtype(_TYPES[name], np.integer) else "fiu"
        if array.dtype.kind not in kinds:
            raise DataError(f"{source}: {name} is of type {array.dtype}, expected numbers")
    steps = columns["softness"].shape[-1] if columns["softness"].ndim == 2 else 0
    shapes: dict[str, tuple[int, ...]] = {
        "softness": (count, steps),
        "points": (count, steps, 3),
    }
    shapes |= {name: (count,) for name in _TYPES if name not in shapes}
    for name, shape in shapes.items():
        if columns[name].shape != shape or (count and 0 in shape) or (count and steps == 1):
            raise DataError(
                f"{source}: {name} has shape {list(columns[name].shape)}, "
                f"expected {count} digits of at least 2 points, as many softnesses"
            )
    sequences = Sequences(ids, **{name: columns[name].astype(_TYPES[name]) for name in _TYPES})
    _check_values(sequences, source, len(classes))
    return sequences


def _check_values(sequences: Sequences, source: str, classes: int) -> None:
    places, lifts = sequences.points[..., :2], sequences.points[..., 2]
    wrong = {
        "a place that is not finite or far off the canvas": ~(np.abs(places) <= _FARTHEST),
        "a pen-up other than 0 and 1": ~np.isin(lifts, (0, 1)),
        "a softness that is not above 0 and finite": ~(
            (sequences.softness > 0) & np.isfinite(sequences.softness)
        ),
        "an mse that is not finite": ~np.isfinite(sequences.mse),
        f"a label other than 0 to {classes - 1}": (sequences.label < 0)
        | (sequences.label >= classes),
        "an index below 0": sequences.mnist_index < 0,
        "a plan below 0": sequences.plan < 0,
        "a plan's probability outside 0 to 1": ~(
            (sequences.plan_probability >= 0) & (sequences.plan_probability <= 1)
        ),
    }
    for what, where in wrong.items():
        if where.any():
            row = int(np.argwhere(where)[0][0])
            raise DataError(f"{source}: {what}, in row {row + 1}")


def sequence_ids(split: str, indices: npt.NDArray[np.int32]) -> list[str]:
    """Names of a split's sequences."""
    return [f"{split}-{index:05d}" for index in indices.tolist()]


def recordings_in(sequences: Sequences) -> Iterator[Recording]:
    """Each sequence as a recording in canvas units; its name is the source.

    A sequence whose pen is never down is none.
    """
    for index, name in enumerate(sequences.id):
        points = sequences.points[index]
        strokes = strokes_of(points, points[:, 2] > 0.5)
        if strokes:
            yield Recording(int(sequences.label[index]), strokes, CANVAS, name)
