"""A small alphabet of three characters, of which one is no letter: recordings, pictures, models."""

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from datasets.prepared import Part, write_prepared
from strokes.classes import Classes
from strokes.formats.ndjson import write_recordings
from strokes.ink import Recording
from strokes.networks.config import DecoderConfig, NetworksConfig, RecognizerConfig
from strokes.networks.recognizer import RecognizerNetwork
from strokes.networks.stack import initial_parameters
from strokes.pictures.pen import draw_as_mnist
from strokes.reading.recognizer import Recognizer, save_recognizer
from strokes.writing.writer import Writer, save_writer
from train.stroke_model.config import TrainConfig
from train.stroke_model.config_files import config_to_dict

CLASSES = Classes(("A", "a", "山"), alike=(("A", "a"),))

_TURN = np.linspace(0.0, 2.0 * np.pi, 12)
_RING = 10.0 * np.stack([np.sin(_TURN), -np.cos(_TURN)], axis=1)
SHAPES = (
    [[[0, 20], [8, 0], [16, 20]], [[3, 12], [13, 12]]],
    [_RING.tolist(), [[10, -10], [10, 12]]],
    [[[0, 8], [0, 20], [20, 20], [20, 8]], [[10, 0], [10, 20]]],
)
"""Strokes of each."""


def recordings_of(each, *, seed=0):
    """So many recordings of each character, no two alike."""
    generator = np.random.default_rng(seed)
    return [
        Recording(label, [np.array(s) @ bent.T for s in strokes], "px", f"writer {place}")
        for label, strokes in enumerate(SHAPES)
        for place in range(each)
        for bent in [np.eye(2) + generator.normal(0.0, 0.08, (2, 2))]
    ]


def write_alphabet(folder, *, each=8):
    """The paths of a prepared set of pictures, and of the recordings that they were drawn from."""
    recordings, others = recordings_of(each), recordings_of(each, seed=1)
    teach = folder / "alphabet.ndjson"
    write_recordings(recordings, teach, CLASSES)
    pictures = folder / "alphabet.npz"
    parts = {
        split: Part(
            np.array([one.label for one in some], np.int32),
            [np.stack([draw_as_mnist(one.strokes)[0] for one in some])],
        )
        for split, some in (("train", recordings), ("test", others))
    }
    write_prepared(pictures, parts, CLASSES, height=28, width=28)
    return pictures, teach


def template_recognizer(recordings, classes):
    """Reads by the nearest mean picture of each class, in the order that is given; untrained."""
    pictures = np.stack([draw_as_mnist(one.strokes)[0].ravel() / 255 for one in recordings])
    labels = np.array([classes.number(CLASSES.names[one.label]) for one in recordings])
    means = np.stack([pictures[labels == label].mean(axis=0) for label in range(len(classes))])
    count = len(classes)
    config = RecognizerConfig(channels=(), units=count, outputs=count)
    network = RecognizerNetwork(config, rngs=nnx.Rngs(0))
    network.dense.kernel[...] = jnp.asarray(means.T, jnp.float32)
    network.dense.bias[...] = jnp.asarray(100 - 0.5 * (means**2).sum(axis=1), jnp.float32)
    network.head.kernel[...] = jnp.eye(count)
    network.head.bias[...] = jnp.zeros(count)
    facts = {"data": "grey", "temperature": 10.0, **classes.facts()}
    return Recognizer(config, nnx.state(network, nnx.Param), facts)


def untrained_writer(**sizes):
    """A tiny writer of the alphabet, by one network that learned nothing."""
    decoder = DecoderConfig(points=6, width=8, layers=1, embedding=4, correction=4, **sizes)
    networks = NetworksConfig(decoder, ensemble=False, plans=0, classes=len(CLASSES))
    config = TrainConfig(set="out/alphabet.npz", networks=networks)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    return Writer(config.writer, parameters, 1, {"config": config_to_dict(config)}, classes=CLASSES)


def write_models(folder):
    """The files of a writer and of a recogniser, which numbers the same classes otherwise."""
    writer, recognizer = folder / "writer.safetensors", folder / "recognizer.safetensors"
    save_writer(untrained_writer(), writer)
    turned = Classes(CLASSES.names[::-1])
    save_recognizer(template_recognizer(recordings_of(8), turned), recognizer, {})
    return writer, recognizer
