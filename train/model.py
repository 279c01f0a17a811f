"""A trained model, read from its run's folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from strokes import Parameters
from train.checkpoint import Checkpoints
from train.config import TrainConfig
from train.inference import Pictures, Written, write_digits
from train.losses import draw
from train.run_folder import RunFolder
from train.step import initial_state


class Model(NamedTuple):
    """Parameters with the configuration that they belong to."""

    config: TrainConfig
    parameters: Parameters
    step: int

    def write(
        self, pictures: Pictures, labels: npt.NDArray[np.int32], *, refined: int = 0
    ) -> Iterator[Written]:
        """Write pictures a chunk at a time.

        Args:
          pictures: ``[M, H, W]``, uint8 of 0 and 1 or float32 in [0, 1].
          labels: int32 ``[M]``.
          refined: steps of refinement; 0 for none.
        """
        return write_digits(
            self.parameters,
            pictures,
            labels,
            networks=self.config.networks,
            loss=self.config.loss,
            refined=refined,
        )

    def draw(
        self, points: npt.NDArray[np.float32], *, height: int = 28, width: int = 28
    ) -> npt.NDArray[np.float32]:
        """The differentiable drawing of points ``[..., T, 3]``, as the run drew in training."""
        return np.asarray(draw(jnp.asarray(points), self.config.loss, height=height, width=width))


def load_model(path: Path) -> Model:
    """Read the latest checkpoint of a run.

    Raises:
      RunError: there is none, or it is damaged or of another configuration.
    """
    folder = RunFolder(path)
    config = folder.config()
    with Checkpoints(folder.checkpoints) as checkpoints:
        state = checkpoints.load(initial_state(config, total_steps=1))
    return Model(config, state.parameters, int(state.step))
