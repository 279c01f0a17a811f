import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from strokes.errors import DataError
from strokes.weights.sealed import read_sealed, write_sealed

ARRAYS = {
    "single": np.linspace(-1, 1, 35, dtype=np.float32).reshape(5, 7),
    "half": np.linspace(0, 9, 8).astype(np.float16),
    "whole": np.arange(-3, 3, dtype=np.int8),
    "step": np.int32(7),
}
FACTS = {"temperature": 1.25, "sha256 of old": 64 * "0", "deep": {"sha256": 64 * "0"}}


def equal(one, other):
    return one.keys() == other.keys() and all(
        one[name].dtype == other[name].dtype
        and np.array_equal(one[name], other[name], equal_nan=True)
        for name in one
    )


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "deep" / "weights.safetensors"
    write_sealed(path, ARRAYS, FACTS)
    arrays, facts = read_sealed(path)
    assert facts == FACTS
    assert equal(arrays, {name: np.asarray(array) for name, array in ARRAYS.items()})
    first = path.read_bytes()
    write_sealed(path, ARRAYS, FACTS)
    assert path.read_bytes() == first
    assert list(path.parent.iterdir()) == [path]


def test_every_bit_that_changes_is_noticed_or_changes_nothing(tmp_path, rng):
    path = tmp_path / "weights.safetensors"
    write_sealed(path, ARRAYS, FACTS)
    whole, before = path.read_bytes(), read_sealed(path)
    named = 8 * whole.index(b"sha256")
    bits = [*rng.choice(8 * len(whole), 200, replace=False), *range(named, named + 8 * 6)]
    complaints = []
    for bit in bits:
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        try:
            arrays, facts = read_sealed(path)
        except DataError as error:
            complaints.append(str(error))
            continue
        # The name of the sum is all that may change: then the file counts as one of before sums.
        assert equal(arrays, before.arrays)
        assert facts.items() >= before.facts.items()
    assert len(complaints) >= 200
    assert all(one.startswith(f"{path}: ") and "\n" not in one for one in complaints)


def test_files_of_before_there_were_sums_are_read(tmp_path):
    path = tmp_path / "weights.safetensors"
    save_file({"half": ARRAYS["half"]}, path, metadata={"facts": json.dumps({"units": 4})})
    arrays, facts = read_sealed(path)
    assert facts == {"units": 4}
    np.testing.assert_array_equal(arrays["half"], ARRAYS["half"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no weights that this package wrote"),
        (b"\xff" * 40, "no weights that this package wrote"),
        (b"\x02\0\0\0\0\0\0\0{}", "no weights that this package wrote"),
        (b"\x08\0\0\0\0\0\0\0[[[[[[[[", "no weights that this package wrote"),
        ((200_000).to_bytes(8, "little") + 200_000 * b"[", "no weights that this package wrote"),
        ((46).to_bytes(8, "little") + b'{"__metadata__":{"facts":"[1,2]"}}'.ljust(46), "no object"),
    ],
)
def test_what_is_no_such_file_is_one_clear_line(tmp_path, content, message):
    path = tmp_path / "weights.safetensors"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_sealed(path)


def test_missing_folders_and_giants(tmp_path):
    with pytest.raises(DataError, match=r"none.safetensors: .*No such file"):
        read_sealed(tmp_path / "none.safetensors")
    with pytest.raises(DataError, match="no file of weights"):
        read_sealed(tmp_path)
    giant = tmp_path / "giant.safetensors"
    with giant.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(DataError, match="larger than 2 GiB"):
        read_sealed(giant)
