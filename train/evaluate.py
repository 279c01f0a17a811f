"""Scores of what was written, over all digits and for each."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from train.hard_drawing import draw_hard
from train.inference import Written
from train.measures import chamfer_distance, intersection_over_union, mean_squared_error

Scores = dict[str, dict[str, float] | dict[str, dict[str, float]]]


def measure_digits(
    written: Written, targets: npt.NDArray[np.uint8]
) -> dict[str, npt.NDArray[np.float64]]:
    """Every measure of every digit of a chunk.

    Args:
      written: what the model wrote for ``targets``.
      targets: uint8 ``[n, H, W]`` of 0 and 1.

    Returns:
      float64 ``[n]`` by name: iou, chamfer_px, mse_soft, mse_hard.
    """
    height, width = targets.shape[1:]
    hard = draw_hard(written.points[..., :2], written.pen_up, height=height, width=width)
    return {
        "iou": intersection_over_union(hard, targets),
        "chamfer_px": chamfer_distance(hard, targets),
        "mse_soft": written.mse.astype(np.float64),
        "mse_hard": mean_squared_error(hard, targets),
    }


def score(
    chunks: Iterable[Written],
    targets: npt.NDArray[np.uint8],
    labels: npt.NDArray[np.int32],
) -> Scores:
    """Mean of each measure over all digits, and over those of each label.

    Args:
      chunks: what the model wrote, in the order of ``targets``.
      targets: uint8 ``[M, H, W]`` of 0 and 1.
      labels: int32 ``[M]``.

    Returns:
      ``{"all": {measure: mean}, "digits": {"0": {measure: mean}, ...}}``.
    """
    parts = []
    start = 0
    for written in chunks:
        stop = start + len(written.points)
        parts.append(measure_digits(written, targets[start:stop]))
        start = stop
    values = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def means(chosen: npt.NDArray[np.bool_]) -> dict[str, float]:
        return {name: float(value[chosen].mean()) for name, value in values.items()}

    return {
        "all": means(np.ones(len(labels), np.bool_)),
        "digits": {str(digit): means(labels == digit) for digit in np.unique(labels)},
    }
