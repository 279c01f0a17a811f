"""Sizes of the networks. Loads no JAX."""

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Any, Literal

from strokes.classes import DIGITS, MOST_CLASSES
from strokes.configuration import added, require

SOFTNESS_RANGE = 4.0
"""Log-softness stays within this of its initial value, so that exp cannot overflow; a pen that a
plan lifts is so far below it."""

PRESSED_BELOW, PRESSED_ABOVE = 0.35, 1.2
"""Log-softness of a pen that a plan presses: so far below and above its initial value at most."""

MOST_WEIGHTS = 60_000_000
"""Of the decoders of a writer together, or of a recogniser: 240 MB in single precision."""

MOST_OUTPUTS = 65_536
"""Of a recogniser, and of a gate."""

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
    embedding: int = added(0, absent=0)
    """Units of the embedding of a label and plan, which all layers share; 0: each has its own."""
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
        require(self, points=(2, 1000), width=(1, 4096), layers=(1, 64))
        require(
            self,
            embedding=(0, 4096),
            correction=(0, 4096),
            rounds=(1, 64),
            initial_log_softness=(-50, 50),
        )
        require(self, picture_height=(4, 256), picture_width=(4, 256))
        if not 0.0 <= self.dropout < 1.0:
            raise ValueError(f"dropout is {self.dropout}, expected 0 <= dropout < 1")


@dataclasses.dataclass(frozen=True)
class NetworksConfig:
    """One decoder for each class, or a single one that the label steers."""

    decoder: DecoderConfig = dataclasses.field(default_factory=DecoderConfig)
    ensemble: bool = True
    """A decoder for each class; otherwise a single one for all."""
    plans: int = added(12, absent=0)
    """Plans that decoders are told of, for each class at most; 0: they are told the label alone."""
    classes: int = added(len(DIGITS), absent=len(DIGITS))
    """Classes that they write: those of the set."""

    def __post_init__(self) -> None:
        """Reject a number that counts nothing."""
        require(self, plans=(0, 1000), classes=(1, MOST_CLASSES))
        if self.classes * self.plans > MOST_OUTPUTS:
            raise ValueError(
                f"{self.classes:,} classes of {self.plans} plans, expected at most "
                f"{MOST_OUTPUTS // self.classes} plans: the gate chooses among all"
            )
        if self.weights > MOST_WEIGHTS:
            raise ValueError(
                f"networks of about {self.weights:,} weights, expected at most {MOST_WEIGHTS:,}"
            )

    @property
    def count(self) -> int:
        """Number of decoders."""
        return self.classes if self.ensemble else 1

    @property
    def weights(self) -> int:
        """About how many there are, of all decoders together."""
        one = self.decoder
        pixels = one.picture_height * one.picture_width
        layers = one.layers * 8 * one.width**2
        inputs = (4 * one.width + 64) * (pixels + (one.embedding or self.contexts))
        told = self.contexts * (one.embedding + 2 * one.points)
        return self.count * (layers + inputs + told + one.rounds * one.correction**2)

    @property
    def contexts(self) -> int:
        """Things that one decoder may be told: a label, a plan, or a label and its plan."""
        if not self.plans:
            return self.classes
        return self.plans if self.ensemble else self.classes * self.plans


@dataclasses.dataclass(frozen=True)
class RecognizerConfig:
    """Sizes of the network."""

    height: int = 28
    """Rows of the picture."""
    width: int = 28
    """Columns of the picture."""
    channels: tuple[int, ...] = (16, 32)
    """Channels of convolutions, 5x5, then 3x3; each halves the picture. Perceptrons have none."""
    depth: int = 1
    """Convolutions of as many channels, before the picture is halved."""
    units: int = 64
    """Units of the dense layer after them."""
    outputs: int = len(DIGITS)
    """Logits: one for each digit, unless it reads something else."""

    def __post_init__(self) -> None:
        """Reject sizes that make no network."""
        for name, sizes, most in (
            ("height", (self.height,), 1024),
            ("width", (self.width,), 1024),
            ("channels", self.channels, 4096),
            ("depth", (self.depth,), 64),
            ("units", (self.units,), 65_536),
            ("outputs", (self.outputs,), MOST_OUTPUTS),
        ):
            if not all(type(size) is int and 1 <= size <= most for size in sizes):
                given = f"{getattr(self, name)!r:.60}"
                raise ValueError(f"{name} is {given}, expected at least 1, at most {most:,}")
        if min(self.height, self.width) >> len(self.channels) < 1:
            raise ValueError(
                f"{len(self.channels)} convolutions halve {self.height}x{self.width} to nothing"
            )
        if self.weights > MOST_WEIGHTS:
            raise ValueError(
                f"a network of about {self.weights:,} weights, expected at most {MOST_WEIGHTS:,}"
            )

    @property
    def weights(self) -> int:
        """About how many there are."""
        widths = (1, *self.channels)
        convolutions = sum(
            25 * one * other + 9 * (self.depth - 1) * other**2
            for one, other in itertools.pairwise(widths)
        )
        left = (self.height >> len(self.channels)) * (self.width >> len(self.channels))
        return convolutions + (left * widths[-1] + self.outputs) * self.units


def recognizer_config(sizes: Mapping[str, Any]) -> RecognizerConfig:
    """Sizes from plain values, as a file holds them. Raises KeyError, TypeError or ValueError."""
    values = dict(sizes)
    return RecognizerConfig(**values | {"channels": tuple(values["channels"])})
