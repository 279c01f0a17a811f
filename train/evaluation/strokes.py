"""Measures of the strokes themselves, and of their ink against a target. NumPy.

Points are ``[N, T, 2]`` in canvas units, ``pen_up`` is bool ``[N, T]``, targets are uint8
``[N, H, W]`` of 0 and 1; every measure gives one value a digit, float64 ``[N]``.
"""

import numpy as np
import numpy.typing as npt

from strokes.ink import Flags, Points, pen_runs, to_pixels
from strokes.writing.inference import Written
from train.evaluation.hard_drawing import Pictures

Values = npt.NDArray[np.float64]

SHARP_TURN = 60.0
"""Degrees beyond which a turn is sharp enough for a step of a stairway."""

OFF_INK_PIXELS = 1.5
"""A pen farther than this from every ink pixel's middle is off the ink."""

DOUBLE_PIXELS = 0.7
"""Nearer than this to another part of the stroke, a pen draws what is drawn already."""

_SAMPLES = 8  # places on each segment at which its distance to the ink is taken
_STILL = 1e-6  # segments shorter than this have no direction
_NEIGHBOURS = 2  # segments so near along the stroke touch without being drawn twice
_PLACES = 6  # on each segment, at which its distance to the others is taken
_PIXELS = 28


def turns(path: npt.NDArray[np.floating]) -> Values:
    """Turning angles between consecutive segments of one stroke, in degrees, clockwise > 0.

    Args:
      path: ``[n, 2]``; segments without length are left out.
    """
    steps = np.diff(path.astype(np.float64), axis=0)
    steps = steps[np.linalg.norm(steps, axis=1) > _STILL]
    heading = np.arctan2(steps[:, 1], steps[:, 0])
    turned = (np.diff(heading) + np.pi) % (2 * np.pi) - np.pi
    return np.degrees(turned)


def stairway(points: Points, pen_up: Flags) -> Values:
    """Share of consecutive turns that are both sharp and of opposite sign."""
    shares = np.zeros(len(points))
    for index, (path, up) in enumerate(zip(points, pen_up, strict=True)):
        steps = pairs = 0
        for first, last in pen_runs(up):
            angles = turns(path[first : last + 1])
            pairs += max(len(angles) - 1, 0)
            sharp = np.abs(angles) > SHARP_TURN
            steps += int(np.sum(sharp[1:] & sharp[:-1] & (angles[1:] * angles[:-1] < 0)))
        shares[index] = steps / pairs if pairs else 0.0
    return shares


def _lengths(pixels: npt.NDArray[np.float64], pen_up: Flags) -> Values:
    """Pen-down length of each segment in pixels, ``[N, T-1]``; 0 where lifted."""
    return np.linalg.norm(np.diff(pixels, axis=1), axis=2) * ~pen_up[:, :-1]


def off_ink(points: Points, pen_up: Flags, targets: Pictures) -> Values:
    """Share of the pen-down length farther than `OFF_INK_PIXELS` from the target's ink.

    Without any pen-down length it is 0; where the target has no ink, 1.
    """
    height, width = targets.shape[1:]
    pixels = to_pixels(points, height=height, width=width)
    lengths = _lengths(pixels, pen_up)
    shares = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    places = pixels[:, :-1, None] + shares[:, None] * np.diff(pixels, axis=1)[:, :, None]
    far = np.zeros(len(points))
    for index, target in enumerate(targets):
        total = lengths[index].sum()
        if total <= 0:
            continue
        ink = np.argwhere(target)[:, ::-1]
        if not len(ink):
            far[index] = 1.0
            continue
        gaps = places[index][:, :, None] - ink
        nearest = np.einsum("tskc,tskc->tsk", gaps, gaps).min(axis=-1)
        off = (nearest > OFF_INK_PIXELS**2).mean(axis=1)
        far[index] = float(off @ lengths[index]) / total
    return far


def skeleton_length(targets: Pictures) -> Values:
    """Length of thinned ink in pixels: 1 to a side, sqrt 2 to a corner not reached by sides."""
    ink = targets.astype(bool)
    sides = (ink[:, 1:] & ink[:, :-1]).sum((1, 2)) + (ink[:, :, 1:] & ink[:, :, :-1]).sum((1, 2))
    falling = ink[:, 1:, 1:] & ink[:, :-1, :-1] & ~ink[:, 1:, :-1] & ~ink[:, :-1, 1:]
    rising = ink[:, 1:, :-1] & ink[:, :-1, 1:] & ~ink[:, 1:, 1:] & ~ink[:, :-1, :-1]
    return np.asarray(sides + np.sqrt(2.0) * (falling.sum((1, 2)) + rising.sum((1, 2))))


def _side(origin: Values, ahead: Values, point: Values) -> Values:
    """On which side of the line from origin to ahead a point lies: > 0, < 0, or 0 on it."""
    first, second = ahead - origin, point - origin
    return np.asarray(first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0])


def crossings(points: Points, pen_up: Flags) -> Values:
    """How often pen-down segments cross others that are not their neighbours."""
    places = points.astype(np.float64)
    one, other = np.triu_indices(points.shape[1] - 1, k=_NEIGHBOURS)
    a, b = places[:, one], places[:, one + 1]
    c, d = places[:, other], places[:, other + 1]
    through = _side(a, b, c) * _side(a, b, d) < 0
    through &= _side(c, d, a) * _side(c, d, b) < 0
    through &= ~pen_up[:, one] & ~pen_up[:, other]
    return through.sum(axis=1).astype(np.float64)


def drawn_twice(points: Points, pen_up: Flags) -> Values:
    """Share of the pen-down length nearer than `DOUBLE_PIXELS` to another, earlier segment.

    A segment's neighbours do not count. Without any pen-down length it is 0.
    """
    shares = np.zeros(len(points))
    middles = (np.arange(_PLACES) + 0.5) / _PLACES
    count = points.shape[1] - 1
    earlier = np.subtract.outer(np.arange(count), np.arange(count)) > _NEIGHBOURS
    for index, (path, up) in enumerate(zip(points, pen_up, strict=True)):
        places = path.astype(np.float64) * _PIXELS
        steps, down = np.diff(places, axis=0), ~up[:-1]
        lengths = np.linalg.norm(steps, axis=1) * down
        if lengths.sum() <= 0:
            continue
        samples = places[:-1, None] + middles[:, None] * steps[:, None]  # [T-1, S, 2]
        gaps = samples[:, :, None] - places[:-1]  # [T-1, S, T-1, 2]
        squares = np.maximum((steps**2).sum(axis=1), 1e-12)
        along = np.clip((gaps * steps).sum(axis=-1) / squares, 0.0, 1.0)
        distance = np.linalg.norm(gaps - along[..., None] * steps, axis=-1)
        near = (distance < DOUBLE_PIXELS) & (earlier & down)[:, None]
        shares[index] = near.any(axis=2).mean(axis=1) @ lengths / lengths.sum()
    return shares


def turning(points: Points, pen_up: Flags) -> Values:
    """Mean absolute turn between consecutive pen-down segments, in degrees."""
    means = np.zeros(len(points))
    for index, (path, up) in enumerate(zip(points, pen_up, strict=True)):
        angles = [turns(path[first : last + 1]) for first, last in pen_runs(up)]
        joined = np.concatenate([np.zeros(0), *angles])
        means[index] = np.abs(joined).mean() if len(joined) else 0.0
    return means


def stroke_measures(written: Written) -> dict[str, Values]:
    """The measures of this module that an evaluation reports, by name.

    Args:
      written: for pictures uint8 ``[n, H, W]`` of 0 and 1.

    Returns:
      stairway; off_ink; ink_ratio, pen-down length over the target's skeleton length;
      points_used, points that a pen-down segment touches; pen_lifts, between two strokes.
    """
    points, pen_up = written.points[..., :2], written.pen_up
    targets = written.pictures.astype(np.uint8)
    height, width = targets.shape[1:]
    lengths = _lengths(to_pixels(points, height=height, width=width), pen_up).sum(axis=1)
    runs = [pen_runs(up) for up in pen_up]
    used = [sum(last - first + 1 for first, last in strokes) for strokes in runs]
    return {
        "stairway": stairway(points, pen_up),
        "off_ink": off_ink(points, pen_up, targets),
        "ink_ratio": lengths / np.maximum(skeleton_length(targets), 1.0),
        "points_used": np.array(used, np.float64),
        "pen_lifts": np.array([max(len(strokes) - 1, 0) for strokes in runs], np.float64),
    }


def experiment_measures(written: Written) -> dict[str, Values]:
    """The measures of this module that only the reference's experiments need, by name."""
    points, pen_up = written.points[..., :2], written.pen_up
    return {
        "crossings": crossings(points, pen_up),
        "drawn_twice": drawn_twice(points, pen_up),
        "turning": turning(points, pen_up),
    }
