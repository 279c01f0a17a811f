"""Scores of what was written, over all digits and for each."""

from typing import TypedDict

import numpy as np
import numpy.typing as npt

from train.hard_drawing import draw_hard, draw_opencv
from train.inference import Written
from train.measures import chamfer_distance, intersection_over_union, mean_squared_error


class Scores(TypedDict):
    """Means by measure, over all digits and for each label."""

    all: dict[str, float]
    digits: dict[str, dict[str, float]]


def measure_digits(
    written: Written, targets: npt.NDArray[np.uint8]
) -> dict[str, npt.NDArray[np.float64]]:
    """How faithful every digit of a chunk is: the measures of pictures.

    Args:
      written: what the model wrote for ``targets``.
      targets: uint8 ``[n, H, W]`` of 0 and 1.

    Returns:
      float64 ``[n]`` by name: iou, chamfer_px, mse_soft, mse_hard; and iou_opencv, which
      knows where a point is only to the nearest pixel.
    """
    height, width = targets.shape[1:]
    places = written.points[..., :2]
    hard = draw_hard(places, written.pen_up, height=height, width=width)
    rounded = draw_opencv(places, written.pen_up, height=height, width=width)
    return {
        "iou": intersection_over_union(hard, targets),
        "chamfer_px": chamfer_distance(hard, targets),
        "mse_soft": written.mse.astype(np.float64),
        "mse_hard": mean_squared_error(hard, targets),
        "iou_opencv": intersection_over_union(rounded, targets),
    }


class Tally:
    """Sums of every measure, over all digits and for each label; its size is fixed."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._sums: dict[str, npt.NDArray[np.float64]] = {}
        self._counts = np.zeros(10, np.int64)

    def add(
        self, written: Written, targets: npt.NDArray[np.uint8], labels: npt.NDArray[np.int32]
    ) -> None:
        """Measure a chunk of what a model wrote for ``targets``, ``[n, H, W]``."""
        self.add_values(measure_digits(written, targets), labels)

    def add_values(
        self, measured: dict[str, npt.NDArray[np.float64]], labels: npt.NDArray[np.int32]
    ) -> None:
        """Add what was measured of digits, float64 ``[n]`` by name."""
        self._counts += np.bincount(labels, minlength=10)
        for name, values in measured.items():
            sums = self._sums.setdefault(name, np.zeros(10))
            sums += np.bincount(labels, weights=values, minlength=10)

    def scores(self) -> Scores:
        """Mean of each measure: ``{"all": {measure: mean}, "digits": {"0": ...}}``."""
        seen = np.flatnonzero(self._counts)
        total = max(int(self._counts.sum()), 1)
        return {
            "all": {name: float(sums.sum() / total) for name, sums in self._sums.items()},
            "digits": {
                str(digit): {
                    name: float(sums[digit] / self._counts[digit])
                    for name, sums in self._sums.items()
                }
                for digit in seen.tolist()
            },
        }
