"""How often a step sees the pictures of large classes, and of small ones.

Sampling comes after splitting: what is drawn twice is deformed anew each time and is never among
the pictures that judge. With n pictures of a class, its share of the draws is in proportion to

- uniform: n, each picture once an epoch;
- square-root: the root of n;
- class-balanced: 1, each class as often;
- effective-number: n / E, where E = (1 - beta^n) / (1 - beta) (Y. Cui, M. Jia, T.-Y. Lin, Y. Song
  and S. Belongie, *Class-Balanced Loss Based on Effective Number of Samples*, 2019): as
  class-balanced for classes far smaller than 1 / (1 - beta), as uniform for those far larger;
- capped: n, but at most a cap.

With ``repeats`` no picture is drawn more often in an epoch than so many times, in the mean: what
small classes then lack, the others get.
"""

import numpy as np
import numpy.typing as npt

from train.recognizer.config import RecognitionConfig, Sampling

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int32]


def class_shares(
    counts: npt.NDArray[np.integer], by: Sampling, *, beta: float = 0.999, cap: int = 500
) -> Floats:
    """The share of the draws of each class, ``[K]``, of classes of so many pictures, ``[K]``."""
    n = counts.astype(np.float64)
    if by == "uniform":
        weights = n
    elif by == "square-root":
        weights = np.sqrt(n)
    elif by == "class-balanced":
        weights = np.ones_like(n)
    elif by == "effective-number":
        weights = n * (1 - beta) / np.maximum(-np.expm1(n * np.log(beta)), 1e-300)
    else:
        weights = np.minimum(n, cap)
    weights = np.where(n > 0, weights, 0.0)
    return np.asarray(weights / weights.sum())


def limited(shares: Floats, counts: npt.NDArray[np.integer], repeats: float) -> Floats:
    """Shares ``[K]`` of which none draws a picture more than ``repeats`` times, at least 1."""
    most = repeats * counts / counts.sum()
    over = np.zeros(len(counts), np.bool_)
    while (above := ~over & (shares > most)).any():
        over |= above
        free = np.where(over, 0.0, shares)
        if not free.any():
            return np.asarray(most / most.sum())
        shares = np.where(over, most, free * ((1.0 - most[over].sum()) / free.sum()))
    return shares


def picture_chances(labels: Labels, config: RecognitionConfig) -> Floats:
    """The chance of each picture to be the next that is drawn, ``[M]``, of labels ``[M]``."""
    counts = np.bincount(labels)
    shares = class_shares(
        counts, config.sampling, beta=config.sampling_beta, cap=config.sampling_cap
    )
    if config.sampling_repeats:
        shares = limited(shares, counts, config.sampling_repeats)
    chances = (shares / np.maximum(counts, 1))[labels]
    return np.asarray(chances / chances.sum())


def draw(labels: Labels, count: int, config: RecognitionConfig, rng: np.random.Generator) -> Labels:
    """Places of ``count`` pictures, int32: each at most once where sampling is uniform.

    Args:
      labels: of the pictures, ``[M]``; M at least ``count`` where sampling is uniform.
      count: how many.
      config: how.
      rng: of randomness.
    """
    if config.sampling == "uniform":
        return rng.permutation(len(labels))[:count].astype(np.int32)
    chances = picture_chances(labels, config)
    return rng.choice(len(labels), count, p=chances).astype(np.int32)
