"""What the tests of recognisers share: a tiny one that was trained."""

import pytest

from datasets import load_thinned
from datasets.prepared import PictureSet
from strokes.classes import DIGITS
from strokes.networks.config import RecognizerConfig
from train.recognizer.config import RecognitionConfig

TINY = RecognizerConfig(channels=(4, 8), units=16)
CONFIG = RecognitionConfig(
    network=TINY, data="thinned", epochs=2, batch_size=100, learning_rate=0.01, held_out=500
)
PERCEPTRON = RecognitionConfig(
    network=RecognizerConfig(channels=(), units=8),
    data="thinned",
    epochs=3,
    batch_size=100,
    optimizer="sgd",
    learning_rate=1.0,
    held_out=0,
)
"""Compiles sooner."""


def thinned(split, count):
    return tuple(array[:count] for array in load_thinned(split))


def picture_set(split, count):
    return PictureSet(*thinned(split, count), DIGITS)


@pytest.fixture(scope="package")
def epochs():
    # Here, so that JAX is loaded after tests/conftest.py said where compiled programs are kept.
    from train.recognizer.training import train_recognizer

    return list(train_recognizer(CONFIG, *thinned("train", 3500)))
