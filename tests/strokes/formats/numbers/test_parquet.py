import numpy as np
import pyarrow.parquet as pq
import pytest

from strokes.errors import DataError
from strokes.formats.numbers.parquet import (
    HandedNumbers,
    iterate_numbers_parquet,
    numbers_metadata,
    write_numbers_parquet,
)
from tests.strokes.test_handwriting import two_numbers


@pytest.fixture
def table(tmp_path):
    chunks = [HandedNumbers(two_numbers(), [4, 9]), HandedNumbers(two_numbers(), [9, 4])]
    path = tmp_path / "numbers.parquet"
    assert write_numbers_parquet(chunks, path, metadata=numbers_metadata(seed="0")) == 4
    return path


def test_numbers_are_read_as_they_were_written(table):
    chunks = list(iterate_numbers_parquet(table))
    assert [chunk.hands for chunk in chunks] == [[4, 9], [9, 4]]
    for chunk in chunks:
        for mine, its in zip(chunk.handwriting[1:], two_numbers()[1:], strict=True):
            np.testing.assert_array_equal(mine, its)
        assert chunk.handwriting.texts == ["1", "47"]


def test_rows_say_what_they_hold(table):
    rows = pq.read_table(table).to_pylist()
    assert [row["id"] for row in rows] == [f"number-{i:07d}" for i in range(4)]
    assert [point[2] for point in rows[1]["points"]] == [0, 0, 1, 0, 1, 0, 1]
    assert rows[1]["character"] == [0, 0, 0, 0, 0, 1, 1]
    assert rows[1]["time"] == [8, 11, 14, 17, 20, 23, 26]


def test_other_files_are_refused(tmp_path, table):
    pq.write_table(pq.read_table(table).drop(["time"]), tmp_path / "other.parquet")
    with pytest.raises(DataError, match="export of numbers"):
        list(iterate_numbers_parquet(tmp_path / "other.parquet"))
    (tmp_path / "none.parquet").write_bytes(b"none")
    with pytest.raises(DataError, match="not a readable"):
        list(iterate_numbers_parquet(tmp_path / "none.parquet"))
