"""Strokes as a fixed number of points, equally spaced along the ink; pen lifts are kept."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from strokes.ink import CANVAS, Flags, Points, Recording, Stroke

MNIST_EXTENT = 18.0 / 28.0
"""Longer side of a thinned MNIST digit, from middle to middle of its outer strokes: MNIST
scales the ink to 20 of 28 pixels, and the pen is about two pixels wide."""

_SMALLEST = 1e-9  # what extends less is a dot


def fit_to_canvas(recording: Recording) -> list[Stroke]:
    """Strokes in canvas units, ``[n, 2]``, of MNIST's size and place.

    Canvas units stay; any other unit is scaled so that the longer side is `MNIST_EXTENT`
    and moved so that the middle of the ink is the middle of the canvas, as in MNIST.
    """
    strokes = [stroke[:, :2] for stroke in recording.strokes]
    if recording.units == CANVAS:
        return strokes
    return _placed(strokes, MNIST_EXTENT, _middle_of_ink(strokes))


def fit_to_box(strokes: Sequence[Stroke], *, margin: float = 0.15) -> list[Stroke]:
    """Strokes of any unit in canvas units, their box in the middle of the canvas.

    Args:
      strokes: each ``[n, 2]`` or more columns.
      margin: of paper on each side of the longer extent, in canvas units.
    """
    together = np.concatenate([stroke[:, :2] for stroke in strokes])
    middle = 0.5 * (together.min(axis=0) + together.max(axis=0))
    return _placed(strokes, 1.0 - 2.0 * margin, middle)


def _placed(
    strokes: Sequence[Stroke], extent: float, middle: npt.NDArray[np.float64]
) -> list[Stroke]:
    """Scaled so that the longer side is ``extent``, moved so that ``middle`` is the canvas's."""
    together = np.concatenate([stroke[:, :2] for stroke in strokes])
    scale = extent / max(float(np.ptp(together, axis=0).max()), _SMALLEST)
    return [(stroke[:, :2] - middle) * scale + 0.5 for stroke in strokes]


def _middle_of_ink(strokes: list[Stroke]) -> npt.NDArray[np.float64]:
    """Centre of mass of strokes of even ink, ``[2]``."""
    weights = [np.linalg.norm(np.diff(stroke, axis=0), axis=1) for stroke in strokes]
    middles = [0.5 * (stroke[1:] + stroke[:-1]) for stroke in strokes]
    total = sum(float(weight.sum()) for weight in weights)
    if total == 0:
        return np.asarray(np.concatenate(strokes).mean(axis=0))
    return np.asarray(
        sum(weight @ middle for weight, middle in zip(weights, middles, strict=True)) / total
    )


def resample_path(stroke: Stroke, segments: int) -> Stroke:
    """``segments`` + 1 points at equal distances along a stroke ``[n, 2]``."""
    steps = np.linalg.norm(np.diff(stroke, axis=0), axis=1)
    travelled = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0.0, travelled[-1], segments + 1)
    return np.stack([np.interp(wanted, travelled, stroke[:, axis]) for axis in (0, 1)], axis=1)


def segments_of_strokes(lengths: npt.NDArray[np.float64], total: int) -> list[int]:
    """Share ``total`` segments among strokes by length; each gets at least one."""
    shares = lengths / max(float(lengths.sum()), 1e-12) * total
    counts = np.maximum(np.floor(shares), 1).astype(int)
    while counts.sum() < total:
        counts[np.argmax(shares - counts)] += 1
    while counts.sum() > total:
        counts[np.argmax(np.where(counts > 1, counts - shares, -np.inf))] -= 1
    return [int(count) for count in counts]


def stroke_lengths(strokes: Sequence[Stroke]) -> npt.NDArray[np.float64]:
    """Length of each stroke ``[n, 2]``, ``[strokes]``."""
    return np.array([np.linalg.norm(np.diff(one, axis=0), axis=1).sum() for one in strokes])


def resample(strokes: list[Stroke], points: int, *, finer: int = 1) -> tuple[Points, Flags]:
    """Strokes as a path of equally spaced points; a lifted segment leads from stroke to stroke.

    Args:
      strokes: each ``[n, 2]``.
      points: T, how many points; each stroke takes at least two.
      finer: see `resample_counts`.

    Returns:
      as `resample_counts`.

    Raises:
      ValueError: more strokes than ``points`` can hold.
    """
    if 2 * len(strokes) > points:
        raise ValueError(f"{len(strokes)} strokes do not fit into {points} points")
    counts = segments_of_strokes(stroke_lengths(strokes), points - len(strokes))
    return resample_counts(strokes, counts, finer=finer)


def resample_counts(
    strokes: Sequence[Stroke], counts: Sequence[int], *, finer: int = 1
) -> tuple[Points, Flags]:
    """Strokes as a path, each of so many equally long segments; see `resample`.

    Args:
      strokes: each ``[n, 2]``.
      counts: segments of each stroke, at least one.
      finer: cut every segment into so many, also the lifted ones: every ``finer``-th
        point is then what ``finer=1`` gives.

    Returns:
      float32 ``[(T-1) * finer + 1, 2]``, T being the sum of counts + 1, and bool of as many,
      true where the segment that begins at the point is lifted, and at the last point.
    """
    parts: list[Stroke] = []
    lifted: list[bool] = []
    for stroke, count in zip(strokes, counts, strict=True):
        path = resample_path(stroke, count * finer)
        if parts:  # the way through the air
            air = resample_path(np.stack([parts[-1][-1], path[0]]), finer)[1:-1]
            parts.append(air)
            lifted += [True] * finer
        parts.append(path)
        lifted += [False] * (count * finer)
    return np.concatenate(parts).astype(np.float32), np.array([*lifted, True])


def lifts_of_counts(counts: Sequence[int]) -> Flags:
    """The flags that `resample_counts` gives for so many segments of each stroke, ``[T]``."""
    lifted = np.zeros(sum(counts) + len(counts), np.bool_)
    lifted[np.cumsum([count + 1 for count in counts]) - 1] = True
    return lifted


def path_progress(points: Points) -> npt.NDArray[np.float64]:
    """Share of the whole path's length, pen lifted or not, at each point; ``[T]``, 0 to 1."""
    lengths = np.linalg.norm(np.diff(points.astype(np.float64), axis=0), axis=1)
    travelled = np.concatenate([[0.0], np.cumsum(lengths)])
    return travelled / travelled[-1] if travelled[-1] > 0 else np.linspace(0, 1, len(points))


def quadratic_curve(
    first: npt.ArrayLike, control: npt.ArrayLike, last: npt.ArrayLike, points: int
) -> Stroke:
    """Points ``[points, 2]`` of a quadratic Bezier curve, even in its parameter.

    Args:
      first: where it begins, ``[2]``.
      control: towards which it sets out, ``[2]``.
      last: where it ends, ``[2]``.
      points: how many.
    """
    begin, bend, end = (np.asarray(place, np.float64) for place in (first, control, last))
    along = np.linspace(0.0, 1.0, points)[:, None]
    return np.asarray((1 - along) ** 2 * begin + 2 * along * (1 - along) * bend + along**2 * end)
