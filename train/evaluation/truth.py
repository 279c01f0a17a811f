"""Ground truth: how much of what a person is known to have done a writer recovers.

Pictures are drawn from pen recordings as MNIST's are and thinned, a writer writes them, and its
strokes are compared with the person's. Distances are in pixels of 28.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.ink import Recording, Stroke
from strokes.pictures.pen import draw_as_mnist
from strokes.pictures.thinning import thin
from strokes.writing.inference import Labels
from train.evaluation.hard_drawing import Pictures

Values = npt.NDArray[np.float64]
Strokes = Sequence[Stroke]

PATH_POINTS = 64
"""Points that a path is compared by, spaced equally along its ink."""

RECOVERED_PIXELS = 1.0
"""A path nearer than this, on the mean, is the person's."""

START_PIXELS = 3.0
"""A first point nearer than this to the person's is where the person began."""

_SIDE = 28
_CHUNK = 512  # pairs of paths warped at once
_REACH = np.arange(0.0, 4.01, 0.5)  # pixels by which a drawing is thickened, to fit any pen


class Truth(NamedTuple):
    """Pictures whose strokes are known."""

    grey: Pictures
    """``[N, 28, 28]``, 0 to 255, as MNIST's."""
    thinned: Pictures
    """``[N, 28, 28]`` of 0 and 1."""
    labels: Labels
    strokes: list[list[Stroke]]
    """Of each digit, ``[n, 2]`` in canvas units, where its picture shows them."""
    sources: list[str]
    """Who wrote each."""


def truth_of(recordings: Sequence[Recording]) -> Truth:
    """Draw recordings as pictures.

    Raises:
      DataError: there is none.
    """
    if not recordings:
        raise DataError("no recording to compare with")
    drawn = [draw_as_mnist(recording.strokes) for recording in recordings]
    grey = np.stack([picture for picture, _ in drawn])
    return Truth(
        grey,
        thin(grey),
        np.array([recording.label for recording in recordings], np.int32),
        [strokes for _, strokes in drawn],
        [recording.source for recording in recordings],
    )


def inked_path(strokes: Strokes) -> Values:
    """`PATH_POINTS` points equally spaced along the ink of strokes, in pixels, ``[64, 2]``.

    The way from stroke to stroke, through the air, has no length. Without any ink the path
    stays where the first stroke begins, or in the middle if there is none.
    """
    if not strokes:
        return np.full((PATH_POINTS, 2), 0.5 * _SIDE)
    points = np.concatenate([stroke[:, :2] for stroke in strokes]).astype(np.float64)
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1] - 1
    steps[ends] = 0.0
    travelled = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0.0, travelled[-1], PATH_POINTS)
    # Of two points at one distance, the end of a stroke and the next one's start, either will do.
    path = [np.interp(wanted, travelled, points[:, axis]) for axis in (0, 1)]
    return _SIDE * np.stack(path, axis=1)


def warping_distance(ones: Values, others: Values) -> Values:
    """Mean distance along the best warping path between paths ``[N, n, 2]``: ``[N]``.

    Dynamic time warping: the path of least total distance; its mean does not depend on its
    length (LDTW, Chen et al., 2022).
    """
    found = [
        _warped(ones[start : start + _CHUNK], others[start : start + _CHUNK])
        for start in range(0, len(ones), _CHUNK)
    ]
    return np.concatenate([np.zeros(0), *found])


def _warped(ones: Values, others: Values) -> Values:
    cost = np.linalg.norm(ones[:, :, None] - others[:, None], axis=-1)  # [N, n, m]
    count, rows, columns = cost.shape
    total = np.full((rows + 1, columns + 1, count), np.inf)
    steps = np.zeros((rows + 1, columns + 1, count))
    total[0, 0] = 0.0
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            before = total[[row - 1, row - 1, row], [column - 1, column, column - 1]]
            ways = steps[[row - 1, row - 1, row], [column - 1, column, column - 1]]
            best = before.argmin(axis=0)
            pick = (best, np.arange(count))
            total[row, column] = before[pick] + cost[:, row - 1, column - 1]
            steps[row, column] = ways[pick] + 1
    return np.asarray(total[rows, columns] / steps[rows, columns])


def adaptive_iou(drawings: Pictures, grey: Pictures) -> Values:
    """Intersection over union of drawings, thickened to fit, and written pictures (AIoU).

    After Chen et al. (2022): the width of the drawing's pen is the one that fits best.

    Args:
      drawings: hard drawings ``[N, 28, 28]`` of 0 and 1.
      grey: ``[N, 28, 28]``, 0 to 255; ink is what is more than half.
    """
    best = np.zeros(len(drawings))
    for index, (drawing, picture) in enumerate(zip(drawings, grey, strict=True)):
        ink = picture > 127
        away = cv2.distanceTransform(1 - drawing, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        for reach in _REACH if drawing.any() else ():
            thick = away <= reach
            best[index] = max(best[index], (thick & ink).sum() / max((thick | ink).sum(), 1))
    return best


def truth_measures(written: Sequence[Strokes], truth: Sequence[Strokes]) -> dict[str, Values]:
    """Compare strokes with the person's.

    Args:
      written: strokes of each of N digits, in canvas units.
      truth: the person's, likewise, where the picture shows them.

    Returns:
      float64 ``[N]`` by name: dtw_px; reversed, 1 where the path backwards is nearer;
      strokes_right, 1 where there are as many; start_right, 1 where the first point is within
      `START_PIXELS`; recovered, 1 where the path is nearer than `RECOVERED_PIXELS` and than its
      reversal, with as many strokes.
    """
    ours = np.stack([inked_path(strokes) for strokes in written])
    theirs = np.stack([inked_path(strokes) for strokes in truth])
    distance = warping_distance(ours, theirs)
    backwards = warping_distance(ours[:, ::-1], theirs)
    as_many = np.array(
        [len(one) == len(other) for one, other in zip(written, truth, strict=True)], bool
    )
    begun = np.linalg.norm(ours[:, 0] - theirs[:, 0], axis=1) <= START_PIXELS
    turned = backwards < distance
    return {
        "recovered": ((distance < RECOVERED_PIXELS) & as_many & ~turned).astype(np.float64),
        "dtw_px": distance,
        "strokes_right": as_many.astype(np.float64),
        "start_right": begun.astype(np.float64),
        "reversed": turned.astype(np.float64),
    }
