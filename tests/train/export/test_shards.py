import numpy as np

from datasets import load_thinned
from datasets.folders import Part
from tests.train.export.shares import CHUNK, COUNT, digits, picture_shards
from train.export.shards import OwnReader, own_work, set_work
from train.export.sources import mnist_sources, prepared


def seen(_):
    """Looks at nothing."""


def test_mnist_is_cut_as_one_process_reads_it():
    shards, read = set_work()
    assert [shard.name for shard in shards[4:]] == ["train-000004", "train-000005", "test-000000"]
    assert [shard.first for shard in shards[4:]] == [40_960, 51_200, 0]
    parts = [part for source in mnist_sources() for part in source.digits]
    for shard, part in zip(shards, parts, strict=True):
        images, labels = read(shard, seen)
        np.testing.assert_array_equal(images, part.images)
        np.testing.assert_array_equal(labels, part.labels)
        assert shard.part.size == len(labels)
    assert len(shards[0].part.files) == 1
    assert sum(shard.part.size for shard in shards) == sum(
        len(load_thinned(split)[1]) for split in ("train", "test")
    )


def test_own_pictures_are_cut_without_being_read(tmp_path):
    folder = picture_shards(tmp_path / "in")
    shards, read = own_work(folder, OwnReader(invert=True, thinned=True), chunk=CHUNK)
    files = [str(folder / name) for name in ("a.parquet", "b.tar")]
    assert [shard.part for shard in shards] == [
        Part((file,), first, size) for file in files for first, size in ((0, 40), (40, 20))
    ]
    assert [shard.first for shard in shards] == [0, 40, 60, 100]
    assert [shard.place for shard in shards] == list(range(4))
    images, labels = digits()
    shown = []
    for shard in shards[::-1]:
        found = read(shard, shown.append)
        place = slice(shard.first, shard.first + shard.part.size)
        np.testing.assert_array_equal(shown[-1].images, 255 - images[place])
        np.testing.assert_array_equal(found.images, prepared(shown[-1], thinned=True).images)
        np.testing.assert_array_equal(found.labels, labels[place])
    assert sum(len(one.labels) for one in shown) == COUNT
