"""The plans by which people write each class, found in their recordings.

A *plan* is what the finished digit does not show: how many strokes, where each begins, which way
it runs, in which order. Two recordings are of one plan if one rule leads from their pictures to
their paths. So plans are the clusters of a clusterwise linear regression (W. DeSarbo and
W. Cron, *A maximum likelihood methodology for clusterwise linear regression*, 1988): for each
class and number of strokes, K ridge regressions from picture to path share the recordings, each
recording going to the one that foretells it best. What differs because the pictures do does not
split a plan; what differs for equal pictures does.

A recording's own regression foretells it without having seen it (leave-one-out), so that small
clusters do not flatter themselves, and K grows as long as the squared error falls by a
`_WORTH` of itself with each further plan. Distances are in canvas units.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from scipy.cluster.vq import ClusterError, kmeans2
from threadpoolctl import threadpool_limits

from datasets.config import Deformation
from datasets.deformation import deform, draw_thinned
from strokes.classes import DIGITS, Classes
from strokes.ink import Recording, Stroke
from strokes.resampling import fit_to_canvas, resample_counts, segments_of_strokes, stroke_lengths
from train.errors import RunError

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

_COPIES = 6
"""Deformed copies of each recording that the regressions see."""
_COMPONENTS = 40  # of the blurred pictures, by which they are told
_RIDGE = 60.0
_BLUR = 1.2  # pixels
_WORTH = 0.08
_FEW = 24  # recordings: of so few, a further plan has to be worth twice as much
_STARTS = 3  # random ones for each number of plans, beside the best of one fewer
_ROUNDS = 25
_FEWEST = 0.012
"""A plan that a smaller share of a class's recordings follows is none."""


class DiscoveredPlans(NamedTuple):
    """Plans of each class, K at most, the commonest first."""

    of_recording: Indices
    """``[R]``: the plan of each recording; -1 where it follows none."""
    counts: list[list[list[int]]]
    """Of each class and plan, the segments of each stroke."""


class _Group(NamedTuple):
    """Recordings of one class in as many strokes, as the regressions see them."""

    pictures: Floats  # [n * copies, features], the first one 1
    paths: Floats  # [n * copies, 2 T]


def discover_plans(
    recordings: Sequence[Recording],
    *,
    most: int,
    points: int,
    deformation: Deformation,
    generator: np.random.Generator,
    classes: Classes = DIGITS,
) -> DiscoveredPlans:
    """Find the plans of recordings.

    Args:
      recordings: of any of the classes.
      most: plans for each class, at most; the rarest are left out.
      points: T, of which a plan's strokes share the segments by their mean lengths.
      deformation: of the copies by which the regressions learn.
      generator: of randomness.
      classes: of the recordings.

    NumPy's products run on one thread: on several their sums differ in the last bit, and now and
    then a plan; and threads that wait for one another on a busy machine make a minute of a second.

    Raises:
      RunError: all recordings of a class have too many strokes for so many points.
    """
    with threadpool_limits(1, user_api="blas"):
        return _discovered(recordings, most, points, deformation, generator, classes)


def _discovered(
    recordings: Sequence[Recording],
    most: int,
    points: int,
    deformation: Deformation,
    generator: np.random.Generator,
    classes: Classes,
) -> DiscoveredPlans:
    strokes = [fit_to_canvas(recording) for recording in recordings]
    labels = np.array([recording.label for recording in recordings])
    numbers = np.array([len(one) for one in strokes])
    of_recording = np.full(len(recordings), -1, np.int64)
    counts: list[list[list[int]]] = []
    for label, name in enumerate(classes.names):
        mine = np.flatnonzero(labels == label)
        fewest = max(2, round(_FEWEST * len(mine)))
        clusters: list[Indices] = []
        for number in np.unique(numbers[mine]):
            members = mine[numbers[mine] == number]
            if len(members) < fewest or 2 * number > points:
                continue
            found = _clusters([strokes[i] for i in members], most, points, deformation, generator)
            clusters += [members[found == cluster] for cluster in range(found.max() + 1)]
        if len(mine) and not clusters:  # no two recordings alike in their number of strokes
            clusters = [_any_that_fits(mine, numbers, points, name)]
        clusters = [one for one in sorted(clusters, key=len, reverse=True) if len(one)]
        clusters = [one for one in clusters if len(one) >= fewest][:most] or clusters[:1]
        for plan, members in enumerate(clusters):
            of_recording[members] = plan
        counts.append([_shared([strokes[i] for i in members], points) for members in clusters])
    return DiscoveredPlans(of_recording, counts)


def _any_that_fits(
    mine: Indices, numbers: npt.NDArray[np.integer], points: int, name: str
) -> Indices:
    """One recording, as a cluster."""
    fitting = mine[2 * numbers[mine] <= points]
    if not len(fitting):
        raise RunError(
            f"recording of a {name}: {numbers[mine].min()} strokes do not fit into {points} points"
        )
    return fitting[:1]


def _shared(strokes: Sequence[list[Stroke]], points: int) -> list[int]:
    """How strokes share the segments, by the mean shares of their lengths."""
    lengths = np.array([stroke_lengths(one) for one in strokes])
    shares = (lengths / np.maximum(lengths.sum(axis=1, keepdims=True), 1e-12)).mean(axis=0)
    return segments_of_strokes(shares, points - len(shares))


def _clusters(
    strokes: list[list[Stroke]],
    most: int,
    points: int,
    deformation: Deformation,
    generator: np.random.Generator,
) -> Indices:
    """The cluster of each recording; all have as many strokes."""
    group = _make_group(strokes, points, deformation, generator)
    chosen = np.zeros(len(strokes), np.int64)
    chosen, errors = _settled(group, chosen)
    for plans in range(2, min(most, len(strokes) // 2) + 1):
        starts = [_split(chosen, errors), *_random_starts(group, plans, generator)]
        tried = [_settled(group, start) for start in starts]
        best, best_errors = min(tried, key=lambda one: float(one[1].sum()))
        worth = _WORTH * (1.0 + _FEW / len(strokes))
        if best_errors.sum() > (1.0 - worth) * errors.sum():
            break
        chosen, errors = best, best_errors
    _, chosen = np.unique(chosen, return_inverse=True)
    return chosen.astype(np.int64)


def _make_group(
    strokes: list[list[Stroke]],
    points: int,
    deformation: Deformation,
    generator: np.random.Generator,
) -> _Group:
    counts = _shared(strokes, points)
    found = [resample_counts(one, counts) for one in strokes]
    paths = np.repeat(np.stack([path for path, _ in found]), _COPIES, axis=0)
    lifted = np.repeat(np.stack([up for _, up in found]), _COPIES, axis=0)
    paths = deform(paths, lifted, deformation, generator=generator)
    drawn = draw_thinned(paths, lifted, generator=generator).astype(np.float32)
    blurred = np.stack([cv2.GaussianBlur(one, (0, 0), _BLUR).ravel() for one in drawn])
    centred = blurred.astype(np.float64) - blurred.mean(axis=0)
    components = np.linalg.svd(centred, full_matrices=False)[2][:_COMPONENTS]
    features = centred @ components.T
    features /= np.maximum(features.std(axis=0), 1e-6)
    one = np.ones((len(features), 1))
    flat = paths.reshape(len(paths), -1).astype(np.float64)
    return _Group(np.concatenate([one, features], axis=1), flat)


def _random_starts(group: _Group, plans: int, generator: np.random.Generator) -> list[Indices]:
    """Clusters of what one regression for all leaves unexplained."""
    rest = group.paths - _foretold(group, np.ones(len(group.paths), bool))
    rest = rest.reshape(-1, _COPIES, rest.shape[1]).mean(axis=1)
    starts = []
    for _ in range(_STARTS):
        try:
            starts.append(kmeans2(rest, plans, minit="++", seed=generator, missing="raise")[1])
        except ClusterError:  # fewer different recordings than plans
            continue
    return [start.astype(np.int64) for start in starts]


def _split(chosen: Indices, errors: Floats) -> Indices:
    """The cluster of the largest error, its worse half apart."""
    worst = np.bincount(chosen, errors).argmax()
    members = np.flatnonzero(chosen == worst)
    apart = members[errors[members] > np.median(errors[members])]
    start = chosen.copy()
    start[apart] = chosen.max() + 1
    return start


def _regression(group: _Group, members: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Weights ``[features, 2 T]`` of a ridge regression, and the inverse of its normal matrix."""
    seen = group.pictures[members]
    penalty = np.full(seen.shape[1], _RIDGE)
    penalty[0] = 1e-6
    inverse = np.asarray(np.linalg.inv(seen.T @ seen + np.diag(penalty)), np.float64)
    return inverse @ (seen.T @ group.paths[members]), inverse


def _foretold(group: _Group, members: npt.NDArray[np.bool_]) -> Floats:
    return np.asarray(group.pictures @ _regression(group, members)[0])


def _errors(group: _Group, members: npt.NDArray[np.bool_]) -> Floats:
    """Mean squared error of one regression at each recording, left out where it taught."""
    weights, inverse = _regression(group, members)
    rest = (group.paths - group.pictures @ weights).reshape(-1, _COPIES, group.paths.shape[1])
    taught = members.reshape(-1, _COPIES)[:, 0]
    own = group.pictures.reshape(-1, _COPIES, group.pictures.shape[1])[taught]
    leverage = own @ inverse @ own.transpose(0, 2, 1)
    rest[taught] = np.linalg.solve(np.eye(_COPIES) - leverage, rest[taught])
    return np.asarray((rest**2).mean(axis=(1, 2)))


def _settled(group: _Group, chosen: Indices) -> tuple[Indices, Floats]:
    """Recordings and regressions in turn, until nothing changes; clusters and their errors."""
    errors = np.zeros(len(chosen))
    for _ in range(_ROUNDS):
        kept = [one for one in np.unique(chosen) if (chosen == one).sum() > 1] or [chosen[0]]
        all_errors = np.stack([_errors(group, np.repeat(chosen == one, _COPIES)) for one in kept])
        nearest = all_errors.argmin(axis=0)
        errors = all_errors.min(axis=0)
        if np.array_equal(nearest, chosen):
            break
        chosen = nearest
    return chosen, errors
