"""Sizes of the networks. Loads no JAX."""

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from strokes.configuration import added, require

DIGITS = 10

SOFTNESS_RANGE = 4.0
"""Log-softness stays within this of its initial value, so that exp cannot overflow; a pen that a
plan lifts is so far below it."""

PRESSED_BELOW, PRESSED_ABOVE = 0.35, 1.2
"""Log-softness of a pen that a plan presses: so far below and above its initial value at most."""

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
    rounds: int = added(4, absent=1)
    """Rounds of the correction, each with weights of its own: the next one sees what is left."""
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
        require(self, points=2, width=1, layers=1, correction=0, rounds=1)
        if not 0.0 <= self.dropout < 1.0:
            raise ValueError(f"dropout is {self.dropout}, expected 0 <= dropout < 1")


@dataclasses.dataclass(frozen=True)
class NetworksConfig:
    """One decoder for each digit, or a single one that the label steers."""

    decoder: DecoderConfig = dataclasses.field(default_factory=DecoderConfig)
    ensemble: bool = True
    """Ten decoders, each for one digit; otherwise a single one for all."""
    plans: int = added(12, absent=0)
    """Plans that decoders are told of, for each digit at most; 0: they are told the label alone."""

    def __post_init__(self) -> None:
        """Reject a number that counts nothing."""
        require(self, plans=0)

    @property
    def count(self) -> int:
        """Number of decoders."""
        return DIGITS if self.ensemble else 1

    @property
    def contexts(self) -> int:
        """Things that one decoder may be told: a label, a plan, or a label and its plan."""
        if not self.plans:
            return DIGITS
        return self.plans if self.ensemble else DIGITS * self.plans


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
    outputs: int = DIGITS
    """Logits: one for each digit, unless it reads something else."""

    def __post_init__(self) -> None:
        """Reject sizes that make no network."""
        for name, sizes in (
            ("height", (self.height,)),
            ("width", (self.width,)),
            ("channels", self.channels),
            ("units", (self.units,)),
            ("outputs", (self.outputs,)),
        ):
            if min(sizes, default=1) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}, expected at least 1")
        if min(self.height, self.width) >> len(self.channels) < 1:
            raise ValueError(
                f"{len(self.channels)} convolutions halve {self.height}x{self.width} to nothing"
            )


def recognizer_config(sizes: Mapping[str, Any]) -> RecognizerConfig:
    """Sizes from plain values, as a file holds them. Raises KeyError, TypeError or ValueError."""
    values = dict(sizes)
    return RecognizerConfig(**values | {"channels": tuple(values["channels"])})
