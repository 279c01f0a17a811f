import io
import zipfile

import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.npz import read_npz, write_npz
from strokes.formats.parquet import write_parquet
from tests.strokes.formats.written import assert_equal, joined, some, without_plans


def test_both_splits_come_back(tmp_path, rng):
    chunks = [some(rng, 7), some(rng, 3, first=7)]
    train, test = tmp_path / "train.parquet", tmp_path / "test.parquet"
    write_parquet(iter(chunks), train, metadata={})
    write_parquet([some(rng, 4, split="test")], test, metadata={})
    npz = tmp_path / "all.npz"
    write_npz({"train": train, "test": test}, npz)
    assert_equal(read_npz(npz, "train"), joined(chunks))
    assert len(read_npz(npz, "test").id) == 4
    with np.load(npz, allow_pickle=False) as archive:
        assert archive["train_points"].shape == (10, 5, 3)


def test_files_of_before_there_were_plans_are_read(tmp_path, rng):
    source, npz, wrote = tmp_path / "all.parquet", tmp_path / "all.npz", some(rng, 4, split="all")
    write_parquet([wrote], source, metadata={})
    write_npz({"all": source}, npz)
    with np.load(npz) as archive:
        older = {name: array for name, array in archive.items() if "_plan" not in name}
        assert len(older) == len(archive) - 2
    np.savez(npz, **older)
    assert_equal(read_npz(npz, "all"), without_plans(wrote))


def test_it_needs_no_pickle_and_equal_content_gives_equal_bytes(tmp_path, rng):
    source = tmp_path / "train.parquet"
    write_parquet([some(rng, 5)], source, metadata={})
    for name in ("one.npz", "two.npz"):
        write_npz({"train": source}, tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.npz") as archive:
        for name in archive.namelist():
            np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)


def test_damaged_and_foreign_files(tmp_path):
    npz = tmp_path / "x.npz"
    with pytest.raises(DataError, match="no such file"):
        read_npz(npz, "train")
    npz.write_bytes(b"no zip")
    with pytest.raises(DataError, match="not a readable"):
        read_npz(npz, "train")
    np.savez(npz, train_points=np.zeros((1, 2, 3)))
    with pytest.raises(DataError, match="no split 'test'; it has train"):
        read_npz(npz, "test")
    with pytest.raises(DataError, match=r"not a readable \.npz export .*train_mnist_index"):
        read_npz(npz, "train")
