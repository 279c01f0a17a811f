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
from strokes.likeness import Strokes, inked_path, likeness
from strokes.pictures.pen import draw_as_mnist
from strokes.pictures.thinning import thin
from strokes.writing.inference import Labels
from train.evaluation.hard_drawing import Pictures

Values = npt.NDArray[np.float64]

START_PIXELS = 3.0
"""A first point nearer than this to the person's is where the person began."""

_REACH = np.arange(0.0, 4.01, 0.5)  # pixels by which a drawing is thickened, to fit any pen


class Truth(NamedTuple):
    """Pictures whose strokes are known."""

    grey: Pictures
    """``[N, H, W]``, 0 to 255, as MNIST's."""
    thinned: Pictures
    """``[N, H, W]`` of 0 and 1."""
    labels: Labels
    strokes: list[list[Stroke]]
    """Of each, ``[n, 2]`` in canvas units, where its picture shows them."""
    sources: list[str]
    """Who wrote each."""


def truth_of(recordings: Sequence[Recording], *, side: int = 28) -> Truth:
    """Draw recordings as pictures ``[side, side]``.

    Raises:
      DataError: there is none.
    """
    if not recordings:
        raise DataError("no recording to compare with")
    drawn = [draw_as_mnist(recording.strokes, side=side) for recording in recordings]
    grey = np.stack([picture for picture, _ in drawn])
    return Truth(
        grey,
        thin(grey),
        np.array([recording.label for recording in recordings], np.int32),
        [strokes for _, strokes in drawn],
        [recording.source for recording in recordings],
    )


def adaptive_iou(drawings: Pictures, grey: Pictures) -> Values:
    """Intersection over union of drawings, thickened to fit, and written pictures (AIoU).

    After Chen et al. (2022): the width of the drawing's pen is the one that fits best.

    Args:
      drawings: hard drawings ``[N, H, W]`` of 0 and 1.
      grey: ``[N, H, W]``, 0 to 255; ink is what is more than half.
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
      `START_PIXELS`; recovered, 1 where it is (`strokes.likeness`).
    """
    found = likeness(written, truth)
    ours, theirs = (np.stack([inked_path(one)[0] for one in many]) for many in (written, truth))
    begun = np.linalg.norm(ours - theirs, axis=1) <= START_PIXELS
    return {
        "recovered": found.recovered.astype(np.float64),
        "dtw_px": found.distance,
        "strokes_right": found.as_many.astype(np.float64),
        "start_right": begun.astype(np.float64),
        "reversed": found.turned.astype(np.float64),
    }
