"""The digits that are exported: both splits of thinned MNIST, or a person's own pictures."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from datasets import load_thinned
from datasets.folders import CHUNK, iterate_pictures
from datasets.mnist import Split
from datasets.picture_files import Pictures
from strokes.pictures.thinning import thin

MNIST_NAME = "handwritten-mnist"

_CHUNK = CHUNK  # digits at a time

Look = Callable[[Pictures], None]
"""Shown pictures as they were read, before they are thinned."""


class ExportSource(NamedTuple):
    """One split: its name, and its digits, uint8 of 0 and 1, a chunk at a time."""

    split: str
    digits: Iterable[Pictures]


def _thinned_mnist(split: Split) -> Iterator[Pictures]:
    images, labels = load_thinned(split)
    for start in range(0, len(images), _CHUNK):
        yield Pictures(images[start : start + _CHUNK], labels[start : start + _CHUNK])


def mnist_sources() -> list[ExportSource]:
    """Both splits of thinned MNIST."""
    splits: tuple[Split, ...] = ("train", "test")
    return [ExportSource(split, _thinned_mnist(split)) for split in splits]


def prepared(pictures: Pictures, *, thinned: bool) -> Pictures:
    """Grey pictures as writers take them, uint8 of 0 and 1; see `own_pictures`."""
    images = pictures.images
    return pictures._replace(images=(images > 127).astype(np.uint8) if thinned else thin(images))


def own_pictures(
    pictures: Path,
    *,
    labels: Path | None,
    invert: bool,
    thinned: bool,
    transpose: bool = False,
    look: Look = lambda _: None,
) -> ExportSource:
    """Pictures of a folder, or of a file of many, as a single split.

    Args:
      pictures: as `datasets.folders.iterate_pictures` takes them.
      labels: likewise.
      invert: the ink is dark on light paper.
      thinned: they are thinned already: what is brighter than 127 is ink.
      transpose: rows are columns.
      look: shown each chunk as it is read, before it is thinned.
    """

    def digits() -> Iterator[Pictures]:
        for part in iterate_pictures(
            pictures, labels=labels, invert=invert, transpose=transpose, chunk=_CHUNK
        ):
            look(part)
            yield prepared(part, thinned=thinned)

    return ExportSource("all", digits())
