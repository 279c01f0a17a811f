"""Whether a recogniser is as certain as it is right.

C. Guo, G. Pleiss, Y. Sun and K. Weinberger, *On Calibration of Modern Neural Networks*
(2017): one temperature divides all logits; the expected calibration error says how far
certainty and accuracy are apart.
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

_FURTHEST = 3.0  # of the temperature's logarithm, either way


def fit_temperature(logits: npt.NDArray[np.floating], labels: npt.NDArray[np.integer]) -> float:
    """The temperature at which held-out labels are most likely.

    Args:
      logits: ``[M, K]``.
      labels: ``[M]`` in 0..K-1.
    """
    wide, rows = logits.astype(np.float64), np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        return -float(log_softmax(wide / np.exp(log_temperature), axis=1)[rows, labels].mean())

    found = minimize_scalar(loss, bounds=(-_FURTHEST, _FURTHEST), method="bounded")
    return float(np.exp(found.x))


def expected_calibration_error(
    certainties: npt.NDArray[np.floating], labels: npt.NDArray[np.integer], *, bins: int = 15
) -> float:
    """Mean difference between certainty and accuracy over equally wide bins of certainty.

    Args:
      certainties: probabilities ``[M, K]``, M at least 1.
      labels: ``[M]`` in 0..K-1.
      bins: how many; a certainty on a border counts in the lower bin.
    """
    top, right = certainties.max(axis=1), certainties.argmax(axis=1) == labels
    bin_of = np.clip(np.ceil(top * bins).astype(int) - 1, 0, bins - 1)
    gaps = np.bincount(bin_of, weights=top - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(labels))
