"""The pictures that are exported: both splits of a set, or a person's own."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from datasets.folders import CHUNK, iterate_pictures
from datasets.picture_files import Pictures
from datasets.picture_sets import load_picture_set
from datasets.prepared import Split
from strokes.classes import DIGITS, Classes
from strokes.pictures.names import SIDE
from strokes.pictures.thinning import thin

MNIST_NAME = "handwritten-mnist"

_CHUNK = CHUNK  # digits at a time

Look = Callable[[Pictures], None]
"""Shown pictures as they were read, before they are thinned."""


class ExportSource(NamedTuple):
    """One split: its name, and its pictures, uint8 of 0 and 1, a chunk at a time."""

    split: str
    digits: Iterable[Pictures]


def _thinned(name: str, split: Split, side: int | None) -> Iterator[Pictures]:
    images, labels, *_ = load_picture_set(name, split, kind="thinned", side=side)
    for start in range(0, len(images), _CHUNK):
        yield Pictures(images[start : start + _CHUNK], labels[start : start + _CHUNK])


def mnist_sources() -> list[ExportSource]:
    """Both splits of thinned MNIST."""
    return set_sources("digits")


def set_sources(name: str, *, side: int | None = None) -> list[ExportSource]:
    """Both splits of a set, thinned.

    Args:
      name: as `datasets.picture_sets.load_picture_set` takes it, whose errors are raised.
      side: of its pictures, likewise.
    """
    splits: tuple[Split, ...] = ("train", "test")
    return [ExportSource(split, _thinned(name, split, side)) for split in splits]


def export_name(set_name: str) -> str:
    """Of an export of a set: its folder and its ``.npz`` are called so."""
    return MNIST_NAME if set_name == "digits" else f"handwritten-{Path(set_name).stem}"


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
    classes: Classes = DIGITS,
    side: int = SIDE,
) -> ExportSource:
    """Pictures of a folder, or of a file of many, as a single split.

    Args:
      pictures: as `datasets.folders.iterate_pictures` takes them.
      labels: likewise.
      invert: the ink is dark on light paper.
      thinned: they are thinned already: what is brighter than 127 is ink.
      transpose: rows are columns.
      look: shown each chunk as it is read, before it is thinned.
      classes: what labels mean.
      side: of each picture, in pixels.
    """

    def digits() -> Iterator[Pictures]:
        for part in iterate_pictures(
            pictures,
            labels=labels,
            invert=invert,
            transpose=transpose,
            chunk=_CHUNK,
            classes=classes,
            side=side,
        ):
            look(part)
            yield prepared(part, thinned=thinned)

    return ExportSource("all", digits())
