import io
import zipfile

import numpy as np
import pyarrow.parquet as pq
import pytest

from datasets import DataError
from datasets.sequences import (
    Sequences,
    checksums_hold,
    iterate_parquet,
    read_metadata,
    read_npz,
    read_parquet,
    sequence_ids,
    write_checksums,
    write_npz,
    write_parquet,
)


def some(rng, count, first=0, split="train"):
    indices = np.arange(first, first + count, dtype=np.int32)
    points = rng.random((count, 5, 3)).astype(np.float32)
    points[..., 2] = rng.random((count, 5)) > 0.5
    return Sequences(
        sequence_ids(split, indices),
        indices,
        rng.integers(0, 10, count),
        points,
        rng.random((count, 5)).astype(np.float32),
        rng.random(count).astype(np.float32),
    )


def assert_equal(one, other):
    assert one.id == other.id
    for a, b in zip(one[1:], other[1:], strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)


def joined(chunks):
    columns = [np.concatenate([c[k] for c in chunks]) for k in range(1, 6)]
    return Sequences([name for c in chunks for name in c.id], *columns)


def test_both_formats_give_back_what_went_in(tmp_path, rng):
    chunks = [some(rng, 7), some(rng, 3, first=7)]
    train, test = tmp_path / "train.parquet", tmp_path / "test.parquet"
    assert write_parquet(iter(chunks), train, metadata={"step": "3"}) == 10
    write_parquet([some(rng, 4, split="test")], test, metadata={})
    assert_equal(read_parquet(train), joined(chunks))
    for read, wrote in zip(iterate_parquet(train), chunks, strict=True):
        assert_equal(read, wrote)
    assert read_metadata(train)["step"] == "3"
    npz = tmp_path / "all.npz"
    write_npz({"train": train, "test": test}, npz)
    assert_equal(read_npz(npz, "train"), joined(chunks))
    assert len(read_npz(npz, "test").id) == 4


def test_types_are_as_documented(tmp_path, rng):
    path = tmp_path / "some.parquet"
    write_parquet([some(rng, 2)], path, metadata={})
    types = {field.name: str(field.type) for field in pq.read_schema(path)}
    assert types == {
        "id": "string",
        "mnist_index": "int32",
        "label": "int64",
        "points": "list<element: list<element: float>>",
        "softness": "list<element: float>",
        "mse": "float",
    }


def test_npz_needs_no_pickle_and_equal_content_gives_equal_bytes(tmp_path, rng):
    source = tmp_path / "train.parquet"
    write_parquet([some(rng, 5)], source, metadata={})
    for name in ("one.npz", "two.npz"):
        write_npz({"train": source}, tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.npz") as archive:
        for name in archive.namelist():
            np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)


def test_half_a_file_never_stands_under_its_name(tmp_path, rng):
    path = tmp_path / "train.parquet"
    write_parquet([some(rng, 2)], path, metadata={})
    before = path.read_bytes()

    def broken():
        yield some(rng, 2)
        raise RuntimeError("out of ink")

    with pytest.raises(RuntimeError, match="out of ink"):
        write_parquet(broken(), path, metadata={})
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["train.parquet"]


def test_damaged_and_foreign_files(tmp_path, rng):
    path = tmp_path / "train.parquet"
    write_parquet([some(rng, 2)], path, metadata={})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="not a readable Parquet file"):
        read_parquet(path)
    with pytest.raises(DataError, match="not a readable"):
        read_parquet(tmp_path / "none.parquet")
    npz = tmp_path / "x.npz"
    npz.write_bytes(b"no zip")
    with pytest.raises(DataError, match="not a readable"):
        read_npz(npz, "train")
    np.savez(npz, train_points=np.zeros((1, 2, 3)))
    with pytest.raises(DataError, match="no split 'test'; it has train"):
        read_npz(npz, "test")


def test_checksums(tmp_path):
    files = [tmp_path / name for name in ("a", "b")]
    for file in files:
        file.write_text(file.name)
    sums = tmp_path / "SHA256SUMS"
    write_checksums(files, sums)
    # sha256 of "a", as anyone can compute it.
    assert "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a" in sums.read_text()
    assert checksums_hold(sums)
    files[1].write_text("c")
    assert not checksums_hold(sums)
    files[1].unlink()
    assert not checksums_hold(sums)
    assert not checksums_hold(tmp_path / "none")
