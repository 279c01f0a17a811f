import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from strokes.errors import DataError
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
        "points": "list<element: list<element: float>>",
        "softness": "list<element: float>",
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
    with pytest.raises(DataError, match="not a readable"):
        read_parquet(tmp_path / "none.parquet")
    pq.write_table(pa.table({"id": ["a"], "label": [3]}), path)
    with pytest.raises(DataError, match="no column mnist_index, mse, points, softness"):
        count_rows(path)


def test_sequences_of_different_lengths_are_refused(tmp_path, rng):
    path = tmp_path / "train.parquet"
    write_parquet([some(rng, 2)], path, metadata={})
    table = pq.read_table(path)
    uneven = pa.array([[1.0], [1.0, 2.0]], table.schema.field("softness").type)
    index = table.schema.get_field_index("softness")
    pq.write_table(table.set_column(index, table.schema.field("softness"), uneven), path)
    with pytest.raises(DataError, match="sequences of different lengths"):
        read_parquet(path)
