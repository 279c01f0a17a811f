"""How like a person's writing trajectories are: order, direction, shape. NumPy.

A trajectory is compared as the UCI Pen-Based Digits were made: eight points equally
spaced along the whole path, air included, in a box whose longer side is 1.

That set stretches every digit to a square, a 1 as wide as it is tall. So there is a second
comparison, ``_square``, in which both sides' shapes are stretched to a square.
"""

from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from strokes.ink import Flags, Points, Recording, pen_runs
from strokes.resampling import resample_path

Shapes = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]

_POINTS = 8
_CHUNK = 256  # trajectories compared with all recordings at once
_NARROWEST = 0.2  # of the longer side: what is narrower is not stretched to the full


def _in_box(path: npt.NDArray[np.floating], *, square: bool) -> npt.NDArray[np.float64]:
    low, high = path.min(axis=0), path.max(axis=0)
    sides = (high - low).astype(np.float64)
    longer = max(float(sides.max()), 1e-9)
    scale = np.maximum(sides, _NARROWEST * longer) if square else longer
    return (path.astype(np.float64) - 0.5 * (low + high)) / scale


def shape_of(path: npt.NDArray[np.floating], *, square: bool = False) -> Shapes:
    """A path ``[n, 2]`` as eight equally spaced points in a box, ``[8, 2]``.

    Args:
      path: places, in any unit.
      square: stretch the path to a square before and after; what is almost a line stays one.
    """
    spaced = resample_path(_in_box(path, square=square), _POINTS - 1)
    return _in_box(spaced, square=square).astype(np.float32)


def _both(path: npt.NDArray[np.floating]) -> Shapes:
    return np.stack([shape_of(path), shape_of(path, square=True)])


def shapes_of_points(points: Points, pen_up: Flags) -> Shapes:
    """Shapes of trajectories ``[N, T, 2]``, from where the pen first touches to where it last does.

    A digit whose pen never touches is taken whole.

    Returns:
      float32 ``[N, 2, 8, 2]``: with their proportions, and stretched to a square.
    """
    shapes = np.empty((len(points), 2, _POINTS, 2), np.float32)
    for index, (path, up) in enumerate(zip(points, pen_up, strict=True)):
        runs = pen_runs(up)
        shapes[index] = _both(path[runs[0][0] : runs[-1][1] + 1] if runs else path)
    return shapes


def _distances(one: Shapes, other: Shapes) -> npt.NDArray[np.float32]:
    """Mean point distance of each of ``[n, 8, 2]`` to each of ``[m, 8, 2]``: ``[n, m]``."""
    total = np.zeros((len(one), len(other)), np.float32)
    for point in range(_POINTS):
        across = one[:, point, 0, None] - other[:, point, 0]
        down = one[:, point, 1, None] - other[:, point, 1]
        total += np.sqrt(across * across + down * down)
    return total / np.float32(_POINTS)


class Humans(NamedTuple):
    """Human recordings to compare with, and others of them that were held out."""

    shapes: Shapes
    """``[M, 2, 8, 2]``, as `shapes_of_points` gives them."""
    labels: Labels
    held_out_shapes: Shapes
    held_out_labels: Labels
    source: str

    @classmethod
    def of(cls, recordings: list[Recording], *, source: str) -> Self:
        """Every second recording of each digit is held out."""
        ordered = sorted(recordings, key=lambda recording: recording.label)
        shapes = np.stack(
            [_both(np.concatenate([s[:, :2] for s in entry.strokes])) for entry in ordered]
        )
        labels = np.array([recording.label for recording in ordered], np.int32)
        return cls(shapes[::2], labels[::2], shapes[1::2], labels[1::2], source)

    def measure(self, shapes: Shapes, labels: Labels) -> dict[str, npt.NDArray[np.float64]]:
        """Compare trajectories with the recordings.

        Args:
          shapes: float32 ``[N, 2, 8, 2]``, of `shapes_of_points`.
          labels: int32 ``[N]``.

        Returns:
          float64 ``[N]`` by name: human_distance, to the nearest recording of the same
          digit; direction, 1 where that is at most the reversed trajectory's; human_1nn,
          1 where the nearest recording of all is of the same digit; human_distance_square
          and human_1nn_square, the same of shapes stretched to a square.
        """
        distance, read = self._nearest(shapes[:, 0], self.shapes[:, 0], labels)
        backwards, _ = self._nearest(shapes[:, 0, ::-1], self.shapes[:, 0], labels)
        square, read_square = self._nearest(shapes[:, 1], self.shapes[:, 1], labels)
        return {
            "direction": (distance <= backwards).astype(np.float64),
            "human_distance": distance,
            "human_1nn": (read == labels).astype(np.float64),
            "human_distance_square": square,
            "human_1nn_square": (read_square == labels).astype(np.float64),
        }

    def _nearest(
        self, shapes: Shapes, recorded: Shapes, labels: Labels
    ) -> tuple[npt.NDArray[np.float64], Labels]:
        """Distance to the nearest recording of the same digit; digit of the nearest of all."""
        distance, read = np.full(len(shapes), np.inf), np.empty(len(shapes), np.int32)
        for start in range(0, len(shapes), _CHUNK):
            part = slice(start, start + _CHUNK)
            gaps = _distances(shapes[part], recorded)
            read[part] = self.labels[gaps.argmin(axis=1)]
            same = self.labels[None] == labels[part, None]
            distance[part] = np.where(same, gaps, np.inf).min(axis=1)
        return distance, read

    def held_out(self) -> dict[str, npt.NDArray[np.float64]]:
        """What the held-out recordings score."""
        return self.measure(self.held_out_shapes, self.held_out_labels)


def disagreement(runs: list[tuple[Points, Flags]]) -> npt.NDArray[np.float64]:
    """Mean pairwise distance between what several runs wrote for the same digits.

    Trajectories are compared as `human_distance` does: box-normalised, eight points.
    """
    shapes = [shapes_of_points(points, pen_up)[:, 0] for points, pen_up in runs]
    gaps = [
        np.linalg.norm(one - other, axis=2).mean(axis=1)
        for index, one in enumerate(shapes)
        for other in shapes[index + 1 :]
    ]
    return np.asarray(np.mean(gaps, axis=0), np.float64)
