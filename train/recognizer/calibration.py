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


def cross_entropy(
    logits: npt.NDArray[np.floating], labels: npt.NDArray[np.integer]
) -> npt.NDArray[np.float64]:
    """Loss of each picture, ``[M]``, from logits ``[M, K]`` and labels ``[M]`` in 0..K-1."""
    likelihoods = log_softmax(logits.astype(np.float64), axis=1)
    return np.asarray(-likelihoods[np.arange(len(labels)), labels])


def fit_temperature(logits: npt.NDArray[np.floating], labels: npt.NDArray[np.integer]) -> float:
    """The temperature at which held-out labels are most likely.

    Args:
      logits: ``[M, K]``.
      labels: ``[M]`` in 0..K-1.
    """
    wide = logits.astype(np.float64)

    def loss(log_temperature: float) -> float:
        return float(cross_entropy(wide / np.exp(log_temperature), labels).mean())

    found = minimize_scalar(loss, bounds=(-_FURTHEST, _FURTHEST), method="bounded")
    return float(np.exp(found.x))


def expected_calibration_error(
    probabilities: npt.NDArray[np.floating], labels: npt.NDArray[np.integer], *, bins: int = 15
) -> float:
    """Mean difference between certainty and accuracy over equally wide bins of certainty.

    Args:
      probabilities: ``[M, K]``, M at least 1; the highest of each is the certainty.
      labels: ``[M]`` in 0..K-1.
      bins: how many; a certainty on a border counts in the lower bin.
    """
    return calibration_gap(probabilities.max(axis=1), probabilities.argmax(axis=1) == labels, bins)


def calibration_gap(
    certainty: npt.NDArray[np.floating], right: npt.NDArray[np.bool_], bins: int = 15
) -> float:
    """The same of certainties ``[M]`` in [0, 1], and whether each was right, ``[M]``."""
    bin_of = np.clip(np.ceil(certainty * bins).astype(int) - 1, 0, bins - 1)
    gaps = np.bincount(bin_of, weights=certainty - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(right))
