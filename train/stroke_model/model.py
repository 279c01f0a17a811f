"""The writer that a run trained."""

from pathlib import Path
from typing import TYPE_CHECKING

from rasterizer import NeuralLine
from strokes.classes import DIGITS, Classes
from strokes.writing.plans import Plans
from strokes.writing.writer import Writer
from strokes.writing.writer import load_writer as load_released
from train.stroke_model.config import TrainConfig
from train.stroke_model.config_files import config_from_dict, config_to_dict
from train.stroke_model.run_folder import RunFolder

if TYPE_CHECKING:
    from train.stroke_model.step import TrainState


def writer_of(
    config: TrainConfig,
    state: "TrainState",
    neural_line: NeuralLine | None = None,
    plans: Plans | None = None,
    classes: Classes = DIGITS,
) -> Writer:
    """The writer that a state of training makes."""
    facts = {"config": config_to_dict(config)}
    step = int(state.step)
    return Writer(config.writer, state.parameters, step, facts, neural_line, plans, classes)


def training_config(writer: Writer) -> TrainConfig:
    """The configuration that a writer was trained with."""
    return config_from_dict(writer.facts["config"])


def load_writer(path: Path) -> Writer:
    """Read the latest checkpoint of a run's folder, or a file of released weights.

    Raises:
      RunError: there is no run.
      DataError: the file, the checkpoint or the configuration is damaged or of another kind.
    """
    if path.suffix == ".safetensors":
        return load_released(path)
    folder = RunFolder(path)
    config = folder.config()
    # Released weights do without Orbax and Optax.
    from train.stroke_model.checkpoint import Checkpoints
    from train.stroke_model.step import state_shapes

    state = Checkpoints(folder.checkpoints).load(state_shapes(config))
    plans = folder.plans().plans if config.networks.plans else None
    return writer_of(config, state, folder.neural_line(), plans, folder.classes())
