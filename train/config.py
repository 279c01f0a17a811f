"""Configuration of a training run, and the presets."""

import dataclasses
from collections.abc import Callable
from typing import Literal

from rasterizer import CombineName, LineName
from strokes import DecoderConfig, NetworksConfig


@dataclasses.dataclass(frozen=True)
class LossConfig:
    """Weights of the loss's terms, and how drawings are made from points."""

    line: LineName = "capsule"
    """Line model of the rasterizer."""
    combine: CombineName = "max"
    """How the rasterizer combines segments."""
    angle: float = 0.01
    """Weight of one minus the cosine between consecutive segments."""
    distance: float = 0.01
    """Weight of the mean segment length, in canvas units."""
    blurred: float = 0.0
    """Weight of the squared difference between blurred drawing and blurred target."""
    blur: float = 2.0
    """Standard deviation of that blur, in pixels."""


@dataclasses.dataclass(frozen=True)
class TrainConfig:
    """Everything that decides a training run's result."""

    networks: NetworksConfig = NetworksConfig()
    """The decoders."""
    loss: LossConfig = LossConfig()
    """What they are trained for."""
    epochs: int = 40
    """Times that every training digit is seen."""
    batch_size: int = 640
    """Pictures in a step, all decoders together."""
    learning_rate: float = 0.002
    """Adam's learning rate at its highest."""
    schedule: Literal["constant", "cosine"] = "cosine"
    """Course of the learning rate after the warm-up."""
    warmup_steps: int = 100
    """Steps in which the learning rate rises from 0."""
    clip: float = 1.0
    """Largest norm of a step's gradient, over each decoder; 0 for no limit."""
    seed: int = 0
    """Decides initial weights, order of the digits and dropout."""
