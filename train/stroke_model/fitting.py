"""A preset, made to fit a set of pictures: its classes, their size, its recordings.

Ten classes are written by ten small decoders, and so are an alphabet's: after as many steps they
recover one or two in a hundred more than one decoder for all. But their weights grow with every
class, and an epoch lasts until the largest class is through. So of more classes one decoder writes
all, told class and plan by an embedding.
"""

import dataclasses

from strokes.networks.config import MOST_OUTPUTS
from train.stroke_model.config import TrainConfig

MOST_DECODERS = 26
"""Classes that have a decoder each; of more, one writes all (docs/alphabets.md)."""

_WIDTH = 128
_EMBEDDING = 64
_HIGHEST_RATE = 0.006  # one decoder of many classes goes astray with larger steps
_GATE_UNITS = 128  # of a gate that tells apart the plans of many classes
_GATE_EPOCHS = 4  # at most: there are many recordings, and each is seen as often
_RECOVERY_COPIES = 32_000  # at least
_AS_THEY_ARE = 1.0  # strength of deformation for recordings of many writers
_EXAMPLES = 30_000  # made of recordings for an epoch, of all classes together


def fitted(
    config: TrainConfig, name: str, *, classes: int, height: int, width: int, source: str
) -> TrainConfig:
    """A configuration for a set.

    Args:
      config: of a preset, for digits.
      name: of the set.
      classes: how many it has.
      height: of its pictures.
      width: of its pictures.
      source: of the recordings that teach.

    Raises:
      ValueError: too many classes for any network.
    """
    if classes > MOST_DECODERS:
        config = _of_many(config)
    networks, recordings = config.networks, config.recordings
    decoder = dataclasses.replace(networks.decoder, picture_height=height, picture_width=width)
    batch = config.batch_size - config.batch_size % (classes if networks.ensemble else 1)
    strength = config.recovery_strength if source == recordings.source else _AS_THEY_ARE
    return dataclasses.replace(
        config,
        set=name,
        recovery_strength=strength,
        networks=dataclasses.replace(
            networks,
            decoder=decoder,
            plans=min(networks.plans, MOST_OUTPUTS // classes),
            classes=classes,
        ),
        recordings=dataclasses.replace(
            recordings, source=source, each=min(recordings.each, max(1, _EXAMPLES // classes))
        ),
        batch_size=batch,
    )


def _of_many(config: TrainConfig) -> TrainConfig:
    """One decoder for all classes, and a gate that knows more."""
    decoder = config.networks.decoder
    decoder = dataclasses.replace(
        decoder, width=max(decoder.width, _WIDTH), embedding=decoder.embedding or _EMBEDDING
    )
    return dataclasses.replace(
        config,
        networks=dataclasses.replace(config.networks, decoder=decoder, ensemble=False),
        learning_rate=min(config.learning_rate, _HIGHEST_RATE),
        gate_units=max(config.gate_units, _GATE_UNITS),
        gate_epochs=min(config.gate_epochs, _GATE_EPOCHS),
        recovery_copies=max(config.recovery_copies, _RECOVERY_COPIES),
    )
