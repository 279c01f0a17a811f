"""Configuration of a training run. The presets are in train.presets."""

import dataclasses
from typing import Literal

from datasets.deformation import Deformation
from rasterizer import CombineName, LineName
from strokes import NetworksConfig


@dataclasses.dataclass(frozen=True)
class LossConfig:
    """Weights of the loss's terms, and how drawings are made from points."""

    line: LineName = "capsule"
    """Line model of the rasterizer."""
    combine: CombineName = "max"
    """How the rasterizer combines segments."""
    neural_line: str = "shipped"
    """Weights of the neural line, a file that scripts.train_line wrote, or "shipped"."""
    angle: float = 0.01
    """Weight of one minus the cosine between consecutive segments."""
    distance: float = 0.01
    """Weight of the mean segment length, in canvas units."""
    lifted: float = 0.03
    """Weight of the share of lifted segments: the price of a lift."""
    blurred: float = 8.0
    """Weight of the squared difference between blurred drawing and blurred target."""
    blur: float = 1.5
    """Standard deviation of that blur, in pixels."""

    def __post_init__(self) -> None:
        """Reject weights that make no loss."""
        for name in ("angle", "distance", "lifted", "blurred"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} is {getattr(self, name)}, expected at least 0")
        if not self.blur > 0:
            raise ValueError(f"blur is {self.blur}, expected more than 0 pixels")


@dataclasses.dataclass(frozen=True)
class RecordingsConfig:
    """Pen recordings that show the decoders how a person writes."""

    source: str = "own"
    """"own", the package's set; "pendigits", the UCI set; a file; or "none"."""
    weight: float = 10.0
    """Weight of the difference from the recording, in a recording's example."""
    lifts: float = 0.1
    """Weight of the pen lifts within that difference."""
    share: float = 0.25
    """Recordings in a step for each picture in it."""
    pretraining: int = 300
    """Steps at the beginning that see recordings only."""
    interleaved: int = 0
    """Every so many steps, one sees recordings only; 0 for none."""
    each: int = 400
    """Examples that are made of recordings for each digit and epoch."""
    deformation: Deformation = dataclasses.field(default_factory=Deformation)
    """How recordings are deformed."""

    def __post_init__(self) -> None:
        """Reject what shows nothing."""
        for name in ("weight", "lifts", "share", "pretraining", "interleaved"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} is {getattr(self, name)}, expected at least 0")
        if self.each < 1:
            raise ValueError(f"each is {self.each}, expected at least 1")


@dataclasses.dataclass(frozen=True)
class TrainConfig:
    """Everything that decides a training run's result."""

    networks: NetworksConfig = dataclasses.field(default_factory=NetworksConfig)
    """The decoders."""
    loss: LossConfig = dataclasses.field(default_factory=LossConfig)
    """What they are trained for."""
    recordings: RecordingsConfig = dataclasses.field(default_factory=RecordingsConfig)
    """What a person's hand shows them."""
    shift: int = 2
    """Pictures and recordings are moved by up to so many pixels, anew in every step."""
    epochs: int = 40
    """Times that every training digit is seen."""
    batch_size: int = 640
    """Pictures in a step, all decoders together."""
    learning_rate: float = 0.008
    """Adam's learning rate at its highest."""
    schedule: Literal["constant", "cosine"] = "cosine"
    """Course of the learning rate after the warm-up."""
    warmup_steps: int = 100
    """Steps in which the learning rate rises from 0."""
    clip: float = 1.0
    """Largest norm of a step's gradient, over each decoder; 0 for no limit."""
    seed: int = 0
    """Decides initial weights, order of the digits and dropout."""

    def __post_init__(self) -> None:
        """Reject values that make no run."""
        for name, least in (("epochs", 1), ("batch_size", 1), ("warmup_steps", 0), ("seed", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is {getattr(self, name)}, expected at least {least}")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate is {self.learning_rate}, expected more than 0")
        if not self.clip >= 0:
            raise ValueError(f"clip is {self.clip}, expected at least 0")
