"""A small alphabet of three characters, of which one is no letter: its recordings and pictures."""

import numpy as np

from datasets.prepared import Part, write_prepared
from strokes.classes import Classes
from strokes.formats.ndjson import write_recordings
from strokes.ink import Recording
from strokes.pictures.pen import draw_as_mnist

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
