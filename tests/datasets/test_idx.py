import gzip

import numpy as np
import pytest

from datasets import idx
from datasets.idx import decompress, idx_shape, iterate_idx, read_idx
from strokes.errors import DataError


def idx_bytes(array):
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return header + array.tobytes()


@pytest.mark.parametrize("shape", [(5,), (3, 28, 28), (0, 4), (2, 3, 4, 5)])
@pytest.mark.parametrize("zipped", [False, True])
def test_reads_what_was_written(tmp_path, rng, shape, zipped):
    array = rng.integers(0, 256, shape, np.uint8)
    content = idx_bytes(array)
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(content) if zipped else content)
    assert (read_idx(path) == array).all()
    assert read_idx(path).shape == shape


GOOD = idx_bytes(np.arange(12, dtype=np.uint8).reshape(3, 4))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not an IDX file"),
        (b"hello world", "not an IDX file"),
        (GOOD[:-1], "ends before what its header says"),
        (GOOD + b"x", "more than what its header says"),
        (GOOD[:9], "ends within its header"),
        (b"\0\0\x0d" + GOOD[3:], "IDX type 0x0d"),
        (bytes([0, 0, 8, 3]) + b"\xff" * 12, "which is too large"),
        (gzip.compress(GOOD, mtime=0)[:-9], "not a whole gzip file"),
    ],
)
def test_damage_is_one_clear_line(tmp_path, content, message):
    path = tmp_path / "damaged-idx3-ubyte"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as error:
        read_idx(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_missing_file(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_idx(tmp_path / "none")


@pytest.mark.parametrize("chunk", [1, 2, 9])
def test_rows_come_in_parts(tmp_path, rng, chunk):
    array = rng.integers(0, 256, (5, 3), np.uint8)
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(idx_bytes(array)))
    assert idx_shape(path) == (5, 3)
    parts = list(iterate_idx(path, chunk))
    assert [len(part) for part in parts[:-1]] == [chunk] * (len(parts) - 1)
    np.testing.assert_array_equal(np.concatenate(parts), array)
    path.write_bytes(gzip.compress(idx_bytes(array) + b"x"))
    with pytest.raises(DataError, match="more than what its header says"):
        list(iterate_idx(path, chunk))


def test_what_a_header_claims_takes_no_memory(tmp_path, monkeypatch):
    """Before a bomb is unpacked it is refused; what is not there is not made room for."""
    path = tmp_path / "bomb.gz"
    claims = bytes([0, 0, 8, 3]) + np.array([2_500_000, 28, 28], ">u4").tobytes()
    path.write_bytes(gzip.compress(claims + bytes(3 << 20)))
    with pytest.raises(DataError, match="which is too large"):
        read_idx(path)
    with pytest.raises(DataError, match="ends before what its header says"):
        list(iterate_idx(path, 2_500_000))
    monkeypatch.setattr(idx, "_MAX_WHOLE", 1000)
    with pytest.raises(DataError, match="more than 1,000 bytes when unpacked"):
        decompress(path.read_bytes(), source="a")
