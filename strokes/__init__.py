"""What a stroke is, and the networks that emit them. Needs JAX and Flax."""

from strokes.decoder import DIGITS, Decoder, DecoderConfig
from strokes.networks import (
    NetworksConfig,
    Parameters,
    decode,
    initial_parameters,
    parameter_count,
)

__all__ = [
    "DIGITS",
    "Decoder",
    "DecoderConfig",
    "NetworksConfig",
    "Parameters",
    "decode",
    "initial_parameters",
    "parameter_count",
]
