"""Pictures in files of many, what both kinds of export write for them, and a death in between."""

import dataclasses
import os
import signal
from pathlib import Path

import cv2
import pyarrow as pa
import pyarrow.parquet as pq

from datasets import load_thinned
from datasets.thinned import thickened
from tests.datasets.test_tar_shards import tar_of
from train.export.shards import OwnReader

COUNT, CHUNK = 120, 40
"""Pictures, and those of a shard: of two files 40, 20, 40 and 20, for which one program serves."""


def digits():
    """Grey digits, as MNIST's, and their labels."""
    images, labels = (array[:COUNT] for array in load_thinned("test"))
    return thickened(images), labels


def picture_shards(folder):
    """A folder of a Parquet file and a tar of them."""
    images, labels = digits()
    encoded = [cv2.imencode(".png", image)[1].tobytes() for image in images]
    folder.mkdir()
    half = COUNT // 2
    table = pa.table({"image": encoded[:half], "label": labels[:half].tolist()})
    pq.write_table(table, folder / "a.parquet", row_group_size=30)
    members = []
    for index in range(half, COUNT):
        label = b"%d" % labels[index]
        members += [(f"{index:04d}.png", encoded[index]), (f"{index:04d}.cls", label)]
    tar_of(folder / "b.tar", members)
    return folder


def rows(folder, split="all"):
    """The rows of a split, of one file or of shards, as one table, pictures among them."""
    files = sorted(folder.glob(f"{split}*.parquet"))
    return pa.concat_tables(pq.read_table(file) for file in files).combine_chunks()


@dataclasses.dataclass(frozen=True)
class DiesOnce(OwnReader):
    """Reads as its base does; the first process that comes to one shard is killed."""

    flag: Path = Path()
    place: int = 2

    def __call__(self, shard, look, /):
        if shard.place == self.place and not self.flag.exists():
            self.flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(shard, look)
