"""Untrained writers that know plans, so small that their tests take seconds."""

import functools

import jax

from strokes.networks.config import DecoderConfig, NetworksConfig, RecognizerConfig
from strokes.networks.recognizer import initial_recognizer
from strokes.networks.stack import initial_parameters
from strokes.writing.plans import Plans
from strokes.writing.writer import Writer
from train.stroke_model.config import TrainConfig
from train.stroke_model.config_files import config_to_dict

# Of six points: one stroke, two, three.
WAYS = [[5], [2, 2], [1, 1, 1]]
COUNTS = [WAYS[:2], WAYS[:1], *[WAYS] * 8]
"""A 0 is written in two ways, a 1 in one, all others in three."""


@functools.cache
def tiny_writer(*, plans=3):
    """It writes by ``COUNTS`` as its gate, which learned nothing, says; or knows no plans."""
    decoder = DecoderConfig(points=6, width=8, layers=1, correction=4, rounds=2)
    config = TrainConfig(networks=NetworksConfig(decoder, plans=plans))
    key = jax.random.key(0)
    known = None
    if plans:
        sizes = RecognizerConfig(channels=(4, 4), units=8, outputs=10 * plans)
        known = Plans(COUNTS, sizes, initial_recognizer(sizes, key=key))
    parameters = initial_parameters(config.networks, key=key)
    facts = {"config": config_to_dict(config)}
    return Writer(config.writer, parameters, 1, facts, plans=known)
