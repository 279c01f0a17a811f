"""Sizes of the networks. Loads no JAX."""

import dataclasses
from typing import Literal

from strokes.configuration import require

DIGITS = 10

Kind = Literal["grey", "thinned"]
"""What a recogniser reads: MNIST as it is, or thinned."""


@dataclasses.dataclass(frozen=True)
class DecoderConfig:
    """Size and shape of one decoder."""

    points: int = 20
    """Pen points that it writes; one segment fewer."""
    width: int = 64
    """Units of each LSTM layer."""
    layers: int = 3
    """LSTM layers."""
    context_to_all_layers: bool = True
    """Feed label and previous point into every layer, not only the first."""
    correction: int = 64
    """Units of the correction that looks at the picture around each point; 0 for none."""
    dropout: float = 0.0
    """Probability of dropping an output of the second and later layers in training."""
    initial_log_softness: float = 4.4
    """Log-softness of an untrained decoder."""
    picture_height: int = 28
    """Rows of the pictures that it reads."""
    picture_width: int = 28
    """Columns of the pictures that it reads."""

    def __post_init__(self) -> None:
        """Reject sizes that make no decoder."""
        require(self, points=2, width=1, layers=1, correction=0)
        if not 0.0 <= self.dropout < 1.0:
            raise ValueError(f"dropout is {self.dropout}, expected 0 <= dropout < 1")


@dataclasses.dataclass(frozen=True)
class NetworksConfig:
    """One decoder for each digit, or a single one that the label steers."""

    decoder: DecoderConfig = dataclasses.field(default_factory=DecoderConfig)
    ensemble: bool = True
    """Ten decoders, each for one digit; otherwise a single one for all."""

    @property
    def count(self) -> int:
        """Number of decoders."""
        return DIGITS if self.ensemble else 1


@dataclasses.dataclass(frozen=True)
class RecognizerConfig:
    """Sizes of the network."""

    height: int = 28
    """Rows of the picture."""
    width: int = 28
    """Columns of the picture."""
    channels: tuple[int, ...] = (16, 32)
    """Channels of convolutions, 5x5, then 3x3; each halves the picture. Perceptrons have none."""
    units: int = 64
    """Units of the dense layer after them."""

    def __post_init__(self) -> None:
        """Reject sizes that make no network."""
        for name, sizes in (
            ("height", (self.height,)),
            ("width", (self.width,)),
            ("channels", self.channels),
            ("units", (self.units,)),
        ):
            if min(sizes, default=1) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}, expected at least 1")
        if min(self.height, self.width) >> len(self.channels) < 1:
            raise ValueError(
                f"{len(self.channels)} convolutions halve {self.height}x{self.width} to nothing"
            )
