"""How faithful drawings are to their targets. One definition, used everywhere.

Pictures are uint8 ``[N, H, W]`` of 0 and 1 unless said otherwise; every measure gives
one value a digit, float64 ``[N]``.
"""

import cv2
import numpy as np
import numpy.typing as npt

from strokes.writing.inference import Written
from train.evaluation.hard_drawing import Pictures, draw_hard, draw_opencv

Values = npt.NDArray[np.float64]

EMPTY_CHAMFER = 14.0
"""Chamfer distance, in pixels, of a drawing without ink."""


def mean_squared_error(drawings: npt.NDArray[np.generic], targets: Pictures) -> Values:
    """Mean squared pixel difference; ``drawings`` may be floats in [0, 1]."""
    difference = drawings.astype(np.float64) - targets
    return np.asarray(np.mean(difference**2, axis=(1, 2)))


def intersection_over_union(drawings: Pictures, targets: Pictures) -> Values:
    """Ink in both over ink in either; 1 where both are blank."""
    both = np.sum(drawings & targets, axis=(1, 2))
    either = np.sum(drawings | targets, axis=(1, 2))
    return np.where(either > 0, both / np.maximum(either, 1), 1.0)


def _distance_to_ink(picture: Pictures) -> npt.NDArray[np.float32]:
    distance = cv2.distanceTransform(1 - picture, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance, np.float32)


def chamfer_distance(drawings: Pictures, targets: Pictures) -> Values:
    """Mean of the two directed mean distances between ink and ink, in pixels.

    Where either picture has no ink it is `EMPTY_CHAMFER`; where both have none, 0.
    """
    distances = np.empty(len(drawings))
    for index, (drawing, target) in enumerate(zip(drawings, targets, strict=True)):
        if not drawing.any() or not target.any():
            distances[index] = EMPTY_CHAMFER if drawing.any() or target.any() else 0.0
            continue
        # In double precision: the order of a float32 sum depends on where memory lies.
        there = _distance_to_ink(target)[drawing > 0].mean(dtype=np.float64)
        back = _distance_to_ink(drawing)[target > 0].mean(dtype=np.float64)
        distances[index] = 0.5 * (there + back)
    return distances


def faithfulness_measures(written: Written) -> dict[str, Values]:
    """How faithful every digit is: all measures of this module by name.

    Args:
      written: for pictures uint8 ``[n, H, W]`` of 0 and 1.

    Returns:
      float64 ``[n]`` by name: iou, chamfer_px, mse_soft, mse_hard; and iou_opencv, which
      knows where a point is only to the nearest pixel.
    """
    targets, places = written.pictures.astype(np.uint8), written.points[..., :2]
    height, width = targets.shape[1:]
    hard = draw_hard(places, written.pen_up, height=height, width=width)
    rounded = draw_opencv(places, written.pen_up, height=height, width=width)
    return {
        "iou": intersection_over_union(hard, targets),
        "chamfer_px": chamfer_distance(hard, targets),
        "mse_soft": written.mse.astype(np.float64),
        "mse_hard": mean_squared_error(hard, targets),
        "iou_opencv": intersection_over_union(rounded, targets),
    }
