import gzip

import numpy as np
import pytest

from datasets.idx import read_idx
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
        (GOOD[:-1], "but its header says"),
        (GOOD + b"x", "but its header says"),
        (GOOD[:9], "ends within its header"),
        (b"\0\0\x0d" + GOOD[3:], "IDX type 0x0d"),
        (bytes([0, 0, 8, 3]) + b"\xff" * 12, "but its header says"),
        (gzip.compress(GOOD, mtime=0)[:-9], "damaged gzip"),
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
    with pytest.raises(DataError, match="No such file"):
        read_idx(tmp_path / "none")
