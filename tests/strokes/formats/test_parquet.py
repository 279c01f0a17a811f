import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from strokes.errors import DataError
from strokes.formats import parquet
from strokes.formats.parquet import (
    count_rows,
    iterate_parquet,
    read_metadata,
    read_parquet,
    write_parquet,
)
from tests.strokes.formats.written import assert_equal, joined, some, without_plans


def test_what_went_in_comes_back_whole_and_in_chunks(tmp_path, rng):
    chunks = [some(rng, 7), some(rng, 3, first=7)]
    path = tmp_path / "train.parquet"
    assert write_parquet(iter(chunks), path, metadata={"step": "3"}) == 10
    assert_equal(read_parquet(path), joined(chunks))
    for read, wrote in zip(iterate_parquet(path), chunks, strict=True):
        assert_equal(read, wrote)
    assert read_metadata(path)["step"] == "3"
    assert count_rows(path) == 10


def test_types_are_as_documented(tmp_path, rng):
    path = tmp_path / "some.parquet"
    write_parquet([some(rng, 2)], path, metadata={})
    types = {field.name: str(field.type) for field in pq.read_schema(path)}
    assert types == {
        "id": "string",
        "mnist_index": "int32",
        "label": "int64",
        "points": "fixed_size_list<element: fixed_size_list<element: float>[3]>[5]",
        "softness": "fixed_size_list<element: float>[5]",
        "mse": "float",
        "plan": "int32",
        "plan_probability": "float",
    }


def test_files_of_before_there_were_plans_are_read(tmp_path, rng):
    path, wrote = tmp_path / "some.parquet", some(rng, 4)
    write_parquet([wrote], path, metadata={})
    pq.write_table(pq.read_table(path).drop_columns(["plan", "plan_probability"]), path)
    assert_equal(read_parquet(path), without_plans(wrote))
    (part,) = iterate_parquet(path)
    assert_equal(part, without_plans(wrote))


def test_lists_of_any_length_as_files_of_before_have_them_are_read(tmp_path, rng):
    path, wrote = tmp_path / "some.parquet", some(rng, 4)
    write_parquet([wrote], path, metadata={})
    table = pq.read_table(path)
    for name, kind in (
        ("points", pa.list_(pa.list_(pa.float32()))),
        ("softness", pa.list_(pa.float32())),
    ):
        column = pa.array(table[name].to_pylist(), kind)
        table = table.set_column(table.schema.get_field_index(name), name, column)
    pq.write_table(table, path)
    assert pa.types.is_list(pq.read_schema(path).field("points").type)
    assert_equal(read_parquet(path), wrote)


def test_nothing_at_all_is_no_file(tmp_path):
    with pytest.raises(ValueError, match="at least one chunk"):
        write_parquet([], tmp_path / "none.parquet", metadata={})
    assert list(tmp_path.iterdir()) == []


def test_anyone_s_parquet_reader_finds_the_same(tmp_path, rng):
    path, wrote = tmp_path / "some.parquet", some(rng, 4)
    write_parquet([wrote], path, metadata={})
    rows = pq.read_table(path).to_pylist()
    assert [row["id"] for row in rows] == wrote.id
    np.testing.assert_array_equal([row["points"] for row in rows], wrote.points)
    np.testing.assert_array_equal([row["softness"] for row in rows], wrote.softness)


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
    with pytest.raises(DataError, match="no such file"):
        read_parquet(tmp_path / "none.parquet")
    pq.write_table(pa.table({"id": ["a"], "label": [3]}), path)
    with pytest.raises(DataError, match="no column mnist_index, mse, points, softness"):
        count_rows(path)


def test_sequences_of_different_lengths_are_refused(tmp_path, rng):
    path = tmp_path / "train.parquet"
    write_parquet([some(rng, 2)], path, metadata={})
    table = pq.read_table(path)
    uneven = pa.array([[1.0], [1.0, 2.0]], pa.list_(pa.float32()))
    index = table.schema.get_field_index("softness")
    pq.write_table(table.set_column(index, "softness", uneven), path)
    with pytest.raises(DataError, match="sequences of different lengths"):
        read_parquet(path)


def test_a_flipped_bit_in_the_data_is_noticed(tmp_path, rng):
    path, wrote = tmp_path / "some.parquet", some(rng, 40)
    write_parquet([wrote], path, metadata={})
    whole, length = path.read_bytes(), int.from_bytes(path.read_bytes()[-8:-4], "little")
    for place in rng.integers(4, len(whole) - length - 8, 60):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << rng.integers(8)
        path.write_bytes(damaged)
        try:
            found = read_parquet(path)
        except DataError:
            continue
        assert_equal(found, wrote)  # what was hit means nothing to the reader


def test_what_says_that_it_is_too_large_is_not_unpacked(tmp_path, rng, monkeypatch):
    path = tmp_path / "some.parquet"
    write_parquet([some(rng, 40), some(rng, 40, first=40)], path, metadata={})
    monkeypatch.setattr(parquet, "_MAX_VALUES", 1500)
    assert [len(part.id) for part in iterate_parquet(path)] == [40, 40]
    with pytest.raises(DataError, match="too large when unpacked"):
        read_parquet(path)


def test_a_long_list_of_equal_values_is_a_bomb(tmp_path, monkeypatch):
    """It takes hardly a byte on the disk."""
    monkeypatch.setattr(parquet, "_MAX_VALUES", 100_000)
    column = pa.array([[0.0] * 200_000], pa.list_(pa.float32()))
    names = ["id", "mnist_index", "label", "points", "softness", "mse"]
    table = pa.table([["a"], [0], [1], column, column, [0.0]], names=names)
    pq.write_table(table, tmp_path / "bomb.parquet")
    assert (tmp_path / "bomb.parquet").stat().st_size < 10_000
    with pytest.raises(DataError, match="too large when unpacked"):
        read_parquet(tmp_path / "bomb.parquet")


def test_pictures_with_labels_as_data_sets_of_pictures_have_them(tmp_path):
    path = tmp_path / "mnist.parquet"
    images = [{"bytes": b"one", "path": None}, {"bytes": b"two", "path": "2.png"}]
    pq.write_table(pa.table({"image": images, "label": [1, 2]}), path)
    assert list(parquet.iterate_pictures_of(path)) == [(b"one", 1), (b"two", 2)]
    for table, reason in (
        ({"image": images}, "columns image; expected image and label"),
        ({"image": [1, 2], "label": [1, 2]}, "expected encoded pictures"),
        ({"image": images, "label": ["a", "b"]}, "whole numbers"),
        ({"image": [None], "label": [1]}, "expected encoded pictures"),
    ):
        pq.write_table(pa.table(table), path)
        with pytest.raises(DataError, match=reason):
            list(parquet.iterate_pictures_of(path))
