"""What tests of evaluation and export measure and show: strokes by hand, and a real writer's."""

import functools

import numpy as np

from datasets import load_thinned
from strokes.writing.inference import concatenated, written_one_way
from strokes.writing.writer import load_writer


def as_written(points, pen_up, pictures=None, *, label=None, softness=100.0):
    """Points ``[N, T, 2]`` in canvas units as if a writer had written them."""
    count, steps = pen_up.shape
    column = np.full((count, steps, 1), softness, np.float32)
    return written_one_way(
        np.zeros((count, 28, 28), np.uint8) if pictures is None else pictures,
        np.zeros(count, np.int32) if label is None else label,
        np.concatenate([points.astype(np.float32), column], axis=-1),
        pen_up,
        np.zeros(count, np.float32),
    )


@functools.cache
def shipped_writer():
    return load_writer()


@functools.cache
def some_digits():
    """Four test digits of each kind, in order: pictures and labels."""
    images, labels = load_thinned("test")
    chosen = np.concatenate([np.flatnonzero(labels == digit)[:4] for digit in range(10)])
    return images[chosen], labels[chosen]


@functools.cache
def some_written():
    """What the shipped writer writes for them."""
    return concatenated(shipped_writer().write_thinned(*some_digits()))


class Count:
    """Progress that is only counted."""

    def __init__(self):
        self.done = 0

    def advance(self, count):
        self.done += count

    def line(self, text):
        raise AssertionError(text)
