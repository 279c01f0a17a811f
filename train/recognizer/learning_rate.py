"""Which learning rate suits: raised at every step until the loss explodes.

L. Smith, *Cyclical Learning Rates for Training Neural Networks* (2017).
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from strokes.networks.recognizer import initial_recognizer
from strokes.reading.recognizer import Labels, Pictures
from train.recognizer.config import RecognitionConfig
from train.recognizer.training import initial_state, optimizer_of, run_steps

_NEWEST = 0.1  # weight of a step's loss in the smoothed one
_EXPLODED = 4.0  # times the lowest smoothed loss


class RangeTest(NamedTuple):
    """Losses at rising learning rates."""

    rates: npt.NDArray[np.float64]
    """``[steps]``."""
    losses: npt.NDArray[np.float64]
    """``[steps]``, smoothed."""

    @property
    def steepest(self) -> float:
        """The rate at which the loss falls fastest."""
        slopes = np.gradient(self.losses, np.log(self.rates))
        return float(self.rates[int(slopes.argmin())])


def range_test(
    config: RecognitionConfig,
    pictures: Pictures,
    labels: Labels,
    *,
    lowest: float = 1e-5,
    highest: float = 3.0,
    steps: int = 200,
) -> RangeTest:
    """Raise the learning rate at every step and see where the loss falls, and where it explodes.

    The steps after the loss has quadrupled are left out.

    Args:
      config: how the recogniser is trained, but for its learning rate.
      pictures: ``[M, H, W]``, of the kind that the configuration names.
      labels: ``[M]``.
      lowest: the first rate.
      highest: the last rate.
      steps: how many, at least 2; each rate is the one before times the same number.
    """
    growth = (highest / lowest) ** (1.0 / (steps - 1))
    optimizer = optimizer_of(config, optax.exponential_decay(lowest, 1, growth))
    initial = initial_recognizer(config.network, key=jax.random.key(config.seed))
    chosen = np.random.default_rng(config.seed).integers(
        len(pictures), size=(steps, config.batch_size), dtype=np.int32
    )
    _, losses = run_steps(
        initial_state(initial, optimizer),
        jnp.asarray(pictures),
        jnp.asarray(labels),
        jnp.asarray(chosen),
        config=config,
        optimizer=optimizer,
    )
    smooth = _until_it_explodes(np.nan_to_num(np.asarray(losses, np.float64), nan=np.inf))
    rates = lowest * growth ** np.arange(steps)
    return RangeTest(rates[: len(smooth)], smooth)


def _until_it_explodes(losses: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Running means of losses ``[steps]``, up to where they are four times the lowest."""
    smooth: list[float] = []
    mean = 0.0
    for number, loss in enumerate(losses.tolist(), start=1):
        mean = (1.0 - _NEWEST) * mean + _NEWEST * loss
        corrected = mean / (1.0 - (1.0 - _NEWEST) ** number)  # the mean began at 0
        if smooth and corrected > _EXPLODED * min(smooth):
            break
        smooth.append(corrected)
    return np.array(smooth)
