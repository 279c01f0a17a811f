"""A run's configuration in files; see `strokes.writing.config_files` for formats."""

from typing import Any

from strokes.configuration import build
from strokes.writing.config_files import upgraded, with_format
from train.stroke_model.config import TrainConfig


def config_to_dict(config: TrainConfig) -> dict[str, Any]:
    """The configuration as nested dicts of plain values, with its format."""
    return with_format(config)


def config_from_dict(values: Any) -> TrainConfig:
    """The inverse of `config_to_dict`, also of what earlier versions wrote.

    Raises:
      DataError: a value is missing, unknown or of another type; the message names it.
    """
    return build(TrainConfig, upgraded(values))
