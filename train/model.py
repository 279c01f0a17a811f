"""A trained model, read from its run's folder or from one file of released weights."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from strokes import Parameters, initial_parameters
from train.checkpoint import Checkpoints
from train.config import TrainConfig
from train.errors import RunError
from train.inference import Pictures, Written, write_digits
from train.losses import draw
from train.run_folder import RunFolder, config_from_dict, config_to_dict
from train.step import initial_state
from train.weights import load_facts, load_weights, save_weights

SHIPPED_MODEL = Path(__file__).with_name("strokes.safetensors")
"""A stroke model of the preset "standard", seed 0: scripts.release_model packed it."""


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
    """Read the latest checkpoint of a run's folder, or a file that `save_model` wrote.

    Raises:
      RunError: there is none, or it is damaged or of another configuration.
    """
    if path.suffix == ".safetensors":
        return _released(path)
    folder = RunFolder(path)
    config = folder.config()
    with Checkpoints(folder.checkpoints) as checkpoints:
        state = checkpoints.load(initial_state(config, total_steps=1))
    return Model(config, state.parameters, int(state.step))


def _released(path: Path) -> Model:
    facts = load_facts(path)
    if not {"config", "step"} <= facts.keys():
        raise RunError(f"{path}: no stroke model")
    config = config_from_dict(facts["config"])
    shapes = jax.eval_shape(lambda: initial_parameters(config.networks, key=jax.random.key(0)))
    return Model(config, load_weights(path, shapes), int(facts["step"]))


def save_model(model: Model, path: Path, facts: dict[str, Any]) -> None:
    """Write a model into one file, in half precision.

    Args:
      model: to write.
      path: where to; ends in .safetensors.
      facts: what else a reader wants to know of it.
    """
    own = {"config": config_to_dict(model.config), "step": model.step}
    save_weights(path, model.parameters, facts | own)
