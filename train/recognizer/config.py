"""Configurations of recognisers' training and fine-tuning, and the presets. Loads no JAX."""

import dataclasses
from typing import Literal

from strokes.configuration import require
from strokes.networks.config import Kind, RecognizerConfig

Sampling = Literal["uniform", "square-root", "class-balanced", "effective-number", "capped"]
"""How often classes of different size are drawn; see `train.recognizer.sampling`."""


@dataclasses.dataclass(frozen=True)
class AugmentationConfig:
    """How far pictures are changed at most; each amount is drawn evenly up to that."""

    shift: int = 2
    """Whole pixels, along each axis."""
    rotation: float = 0.0
    """Degrees, either way."""
    shear: float = 0.0
    """Sideways movement over height, either way."""
    smallest: float = 1.0
    """Digits are zoomed by factors from this one to 1."""
    thickness: float = 0.0
    """How far the pen grows or shrinks: 1 is a full step, one pixel on each side of it."""
    elastic: float = 0.0
    """Standard deviation, in pixels, of a smooth random displacement."""

    def __post_init__(self) -> None:
        """Reject amounts that mean nothing."""
        require(self, shift=0, rotation=0, shear=0, thickness=0, elastic=0)
        if self.thickness > 1:
            raise ValueError(f"thickness is {self.thickness}, expected at most 1")
        if not 0 < self.smallest <= 1:
            raise ValueError(f"smallest is {self.smallest}, expected more than 0, at most 1")


STRONG = AugmentationConfig(
    shift=2, rotation=12.0, shear=0.2, smallest=0.6, thickness=0.7, elastic=0.7
)
"""For pictures of people whom MNIST's writers do not speak for."""


@dataclasses.dataclass(frozen=True)
class RecognitionConfig:
    """Everything that decides a recogniser's weights."""

    network: RecognizerConfig = dataclasses.field(default_factory=RecognizerConfig)
    """The network."""
    data: Kind = "grey"
    """"grey", as MNIST, or "thinned"."""
    epochs: int = 15
    """Times that every training picture is seen."""
    batch_size: int = 250
    """Pictures in a step."""
    optimizer: Literal["adamw", "sgd"] = "adamw"
    """AdamW, or plain gradient descent."""
    learning_rate: float = 0.003
    """Learning rate; with one cycle, at its top."""
    schedule: Literal["one-cycle", "constant"] = "one-cycle"
    """L. Smith, *Super-Convergence* (2018), with cosines; or the same rate throughout."""
    weight_decay: float = 0.01
    """Decoupled decay of the weights (AdamW only)."""
    dropout: float = 0.0
    """Share of the dense layer's units that a step leaves out."""
    smoothing: float = 0.0
    """Share of each picture's label that is spread over all classes (Szegedy et al., 2016)."""
    averaging: float = 0.0
    """What a step keeps of a moving average of the weights, by which is read (Polyak and Juditsky,
    1992): with 0.999 it goes back a thousand steps. 0: the last weights read."""
    augmentation: AugmentationConfig = dataclasses.field(default_factory=AugmentationConfig)
    """How pictures are changed, anew in every step."""
    sampling: Sampling = "uniform"
    """How often the pictures of large and small classes are drawn."""
    sampling_beta: float = 0.999
    """Of "effective-number": a class of 1 / (1 - this) pictures is neither small nor large."""
    sampling_cap: int = 500
    """Of "capped": pictures that a class counts for at most."""
    sampling_repeats: float = 0.0
    """How often a picture is drawn in an epoch at most, in the mean; 0 for no limit."""
    held_out: int = 5000
    """Training pictures that choose the best epoch and calibrate: of whole writers where they
    are known, else the last, or of all classes; 0: the last epoch is kept, uncalibrated."""
    seed: int = 0
    """Decides initial weights, order and changes."""

    def __post_init__(self) -> None:
        """Reject values that make no run."""
        require(self, epochs=1, batch_size=1, weight_decay=0, held_out=0, seed=0)
        require(self, sampling_beta=(1e-6, 1 - 1e-9), sampling_cap=1, sampling_repeats=0)
        if 0 < self.sampling_repeats < 1:
            raise ValueError(
                f"sampling_repeats is {self.sampling_repeats}, expected 0, or 1 or more"
            )
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate is {self.learning_rate}, expected more than 0")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout is {self.dropout}, expected at least 0, less than 1")
        for name in ("smoothing", "averaging"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(
                    f"{name} is {getattr(self, name)}, expected at least 0, less than 1"
                )


_CNN = RecognizerConfig(channels=(32, 64), units=128)

RECOGNIZERS = {
    # Published: 98.1%. Without the shift by a pixel these rates give 97.7% here.
    "perceptron": RecognitionConfig(
        network=RecognizerConfig(channels=(), units=256),
        epochs=10,
        batch_size=200,
        optimizer="sgd",
        learning_rate=0.3,
        schedule="constant",
        weight_decay=0.0,
        augmentation=AugmentationConfig(shift=1),
        held_out=1000,
    ),
    "cnn": RecognitionConfig(network=_CNN, dropout=0.4),
    "cnn-augmented": RecognitionConfig(network=_CNN, epochs=25, dropout=0.2, augmentation=STRONG),
    "letters": RecognitionConfig(
        network=RecognizerConfig(channels=(32, 64, 128), depth=2, units=256),
        epochs=40,
        dropout=0.3,
        smoothing=0.1,
        averaging=0.999,
        augmentation=AugmentationConfig(
            shift=2, rotation=8.0, shear=0.15, smallest=0.9, thickness=0.5, elastic=0.5
        ),
        held_out=2500,
    ),
    "thinned": RecognitionConfig(data="thinned", epochs=12, held_out=0),
}
"""Configurations by name."""


@dataclasses.dataclass(frozen=True)
class FinetuningConfig:
    """How a recogniser is taught a person's own digits, or other characters."""

    steps: int = 300
    """Steps of AdamW."""
    own: int = 64
    """Own pictures in a step."""
    replayed: int = 448
    """Pictures of others in a step, MNIST's if it reads digits, so that they are not forgotten."""
    forgotten: float = 0.0015
    """By how much the accuracy on held-out ones of others may fall, at most."""
    learning_rate: float = 0.0003
    """At the first step; it falls to 0 along a cosine."""
    augmentation: AugmentationConfig = dataclasses.field(
        default_factory=lambda: dataclasses.replace(STRONG, smallest=0.85)
    )
    """How pictures are changed, anew in every step."""
    seed: int = 0
    """Decides which pictures a step sees, and their changes."""

    def __post_init__(self) -> None:
        """Reject values that make no run."""
        require(self, steps=1, own=1, replayed=0, forgotten=0, seed=0)
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate is {self.learning_rate}, expected more than 0")
