"""The shards of an export: what each is made of, and what reads it. Nothing is read before that.

A shard is a chunk of a split, as an export by one process reads it, and named by its place there.
"""

import dataclasses
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from datasets.folders import CHUNK, Part, parts_of, read_part
from datasets.picture_files import Pictures
from datasets.picture_sets import SETS, file_of, load_picture_set
from datasets.prepared import Split
from strokes.classes import DIGITS, Classes
from strokes.pictures.names import SIDE
from train.export.sources import Look, prepared


class Shard(NamedTuple):
    """A chunk of a split."""

    split: str
    place: int
    """Among the split's shards."""
    first: int
    """Digits of the split before it."""
    part: Part
    """Its pictures."""

    @property
    def name(self) -> str:
        """Of its file, without the end."""
        return f"{self.split}-{self.place:06d}"


class Reader(Protocol):
    """Reads a shard's digits in whatever process; its ``repr`` says how."""

    def __call__(self, shard: Shard, look: Look, /) -> Pictures:
        """Digits, uint8 of 0 and 1; ``look`` is shown them as they were."""


class Work(NamedTuple):
    """All shards in their order, and what reads them."""

    shards: list[Shard]
    read: Reader


_loaded = functools.lru_cache(maxsize=2)(load_picture_set)
"""Sets are made of recordings, or read as a whole: once in a process, both splits."""


@dataclasses.dataclass(frozen=True)
class SetReader:
    """Reads a set, thinned; its options are those of `train.export.sources.set_sources`."""

    name: str = "digits"
    side: int | None = None

    def __call__(self, shard: Shard, _: Look, /) -> Pictures:
        """See `Reader`; nothing of a set is odd."""
        split: Split = shard.split  # type: ignore[assignment]
        first = shard.part.first or 0
        images, labels, *_rest = _loaded(self.name, split, kind="thinned", side=self.side)
        rows = slice(first, first + shard.part.size)
        return Pictures(images[rows], labels[rows])


@dataclasses.dataclass(frozen=True)
class OwnReader:
    """Reads a person's own pictures; its options are those of `train.export.sources.own_pictures`.

    Raises what `datasets.folders.read_part` does.
    """

    labels: Path | None = None
    invert: bool = False
    transpose: bool = False
    thinned: bool = False
    classes: Classes = DIGITS
    side: int = SIDE

    def __call__(self, shard: Shard, look: Look, /) -> Pictures:
        """See `Reader`."""
        pictures = read_part(
            shard.part,
            labels=self.labels,
            invert=self.invert,
            transpose=self.transpose,
            classes=self.classes,
            side=self.side,
        )
        look(pictures)
        return prepared(pictures, thinned=self.thinned)


def _shards(split: str, parts: Iterable[Part]) -> Iterator[Shard]:
    first = 0
    for place, part in enumerate(parts):
        yield Shard(split, place, first, part)
        first += part.size


def set_work(name: str = "digits", *, side: int | None = None) -> Work:
    """Both splits of a set, by a path that holds in any folder; see `set_sources`."""
    name = name if name in SETS else str(file_of(name))
    shards: list[Shard] = []
    splits: tuple[Split, ...] = ("train", "test")
    for split in splits:
        count = len(_loaded(name, split, kind="thinned", side=side).labels)
        starts = range(0, count, CHUNK)
        file = (str(file_of(name)),)
        shards += _shards(split, (Part(file, one, min(CHUNK, count - one)) for one in starts))
    return Work(shards, SetReader(name, side))


def own_work(pictures: Path, read: OwnReader, *, chunk: int = CHUNK) -> Work:
    """A person's own pictures as a single split.

    Args:
      pictures: as `datasets.folders.parts_of` takes them, whose errors are raised.
      read: how they are read.
      chunk: pictures of a shard.
    """
    parts = parts_of(pictures, chunk=chunk, classes=read.classes)
    return Work(list(_shards("all", parts)), read)
