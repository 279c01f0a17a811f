"""Timing: when the pen is where, and its places at even steps of time.

On paper the pen moves by the two-thirds power law (F. Lacquaniti, C. Terzuolo and P. Viviani,
*The law relating the kinematic and figural aspects of drawing movements*, 1983): its speed is
the curvature to the power of -1/3. It begins and ends a stroke slowly, and what is larger takes no
longer (isochrony): the unit of length is a digit's height.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

PACE = 0.12
"""Seconds that a digit's height takes where the curvature is 1 / height, at tempo 1."""
_STRAIGHT = 0.4  # added to the curvature: straight lines take time too
_SHARPEST = 30.0
_ENDS, _SLOWER = 0.08, 1.5  # heights over which a stroke's ends are slower, and by how much
_LIFT, _AIR = 0.09, 0.11  # seconds for lifting the pen, and for a height in the air
_SPREAD = 0.08  # standard deviation of the logarithm of a stroke's duration
_LEAST = 1e-7  # seconds between two points


class Timed(NamedTuple):
    """K strokes at even steps of time."""

    points: Floats
    """``[M, 2]``, of all strokes one after the other."""
    times: Floats
    """``[M]``, in seconds, ascending over all strokes."""
    starts: Indices
    """``[K + 1]``: where each stroke begins, and M."""


def move(
    points: Floats,
    starts: Indices,
    *,
    heights: Floats,
    tempo: Floats,
    rate: float,
    generator: np.random.Generator,
) -> Timed:
    """Let a pen write strokes, one after the other.

    Args:
      points: ``[N, 2]`` of K strokes, each of at least two.
      starts: ``[K + 1]``, where each stroke begins, and N.
      heights: of the digit that a stroke is of, in the unit of points: ``[K]``.
      tempo: factor of the speed, ``[K]``.
      rate: points a second; each stroke keeps its first and its last one, and at least one between.
      generator: of unevenness.
    """
    stroke = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    steps = np.diff(points, axis=0) / heights[stroke[1:], None]
    lengths = np.linalg.norm(steps, axis=1)
    within = stroke[1:] == stroke[:-1]
    pace = PACE * np.cbrt(_curvature(steps, lengths, within) + _STRAIGHT)
    travelled = np.concatenate([[0.0], np.cumsum(lengths)])
    ends = np.minimum(
        travelled[:-1] - travelled[starts[stroke[:-1]]],
        travelled[starts[stroke[:-1] + 1] - 1] - travelled[1:],
    )
    pace *= 1.0 + _SLOWER * np.exp(-np.maximum(ends, 0.0) / _ENDS)
    uneven = np.exp(_SPREAD * generator.normal(size=len(starts) - 1)) / tempo
    spent = np.where(within, pace * lengths, _LIFT + _AIR * lengths) * uneven[stroke[1:]] + _LEAST
    times = np.concatenate([[0.0], np.cumsum(spent)])
    return _sampled(points, times, starts, rate)


def _curvature(steps: Floats, lengths: Floats, within: npt.NDArray[np.bool_]) -> Floats:
    """Of each segment: the mean of those at its ends, smoothed; 0 where a stroke ends."""
    heading = np.arctan2(steps[:, 1], steps[:, 0])
    turned = np.abs((np.diff(heading) + np.pi) % (2 * np.pi) - np.pi)
    bent = turned / np.maximum(0.5 * (lengths[1:] + lengths[:-1]), 1e-3)
    bent = np.where(within[1:] & within[:-1], np.minimum(bent, _SHARPEST), 0.0)
    around = np.concatenate([[0.0], bent, [0.0]])
    at_ends = np.convolve(around, [0.25, 0.5, 0.25], mode="same")
    return np.asarray(0.5 * (at_ends[1:] + at_ends[:-1]))


def _sampled(points: Floats, times: Floats, starts: Indices, rate: float) -> Timed:
    begun, ended = times[starts[:-1]], times[starts[1:] - 1]
    counts = np.maximum(3, np.round((ended - begun) * rate).astype(np.int64) + 1)
    ends = np.cumsum(counts)
    stroke = np.repeat(np.arange(len(counts)), counts)
    position = np.arange(ends[-1]) - (ends - counts)[stroke]
    wanted = begun[stroke] + (ended - begun)[stroke] * position / (counts - 1)[stroke]
    place = np.interp(wanted, times, np.arange(len(times), dtype=np.float64))
    first, last = starts[:-1][stroke], starts[1:][stroke] - 1
    return Timed(
        _catmull_rom(points, np.clip(place, first, last), first, last),
        wanted,
        np.concatenate([[0], ends]),
    )


def _catmull_rom(points: Floats, place: Floats, first: Indices, last: Indices) -> Floats:
    """Points at fractions of an index, along the cubic through those of the same stroke."""
    index = np.minimum(place.astype(np.int64), last - 1)
    share = (place - index)[:, None]
    around = [points[np.clip(index + offset, first, last)] for offset in (-1, 0, 1, 2)]
    before, here, there, after = around
    bend_here = np.where((index > first)[:, None], before - 2 * here + there, 0.0)
    bend_there = np.where((index + 1 < last)[:, None], here - 2 * there + after, 0.0)
    return np.asarray(
        here
        + share * (there - here)
        - 0.5 * share * (1 - share) * ((1 - share) * bend_here + share * bend_there)
    )
