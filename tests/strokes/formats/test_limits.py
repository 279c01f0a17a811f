import gzip
import io
import itertools
import json
import os
import zipfile

import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats import limits
from strokes.formats.limits import read_npz_arrays
from strokes.formats.recordings import read_recordings

LINE = json.dumps(
    {"label": 7, "strokes": [[[0, 0], [1, 0.25]]], "units": "px", "source": "\xe9"},
    ensure_ascii=False,
)


@pytest.mark.parametrize("name", ["a.ndjson.gz", "a.b.jsonl.gz", "A.NDJSON.GZ"])
def test_gzipped_recordings_are_those_of_the_plain_file(tmp_path, name):
    (tmp_path / "a.ndjson").write_text(f"{LINE}\n{LINE}\n", encoding="utf-8")
    (tmp_path / name).write_bytes(gzip.compress(f"{LINE}\n{LINE}\n".encode()))
    plain, packed = (read_recordings(tmp_path / one) for one in ("a.ndjson", name))
    assert len(packed) == 2
    assert str(packed) == str(plain)


def test_another_gzipped_file_is_none(tmp_path):
    for name in ("a.gz", "a.zip.gz", "andjson.gz"):
        with pytest.raises(DataError, match=r"expected a file ending in \.ndjson"):
            read_recordings(tmp_path / name)


def test_never_more_is_unpacked_than_the_limit_and_a_part(tmp_path, monkeypatch):
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(gzip.compress(bytes(100)))
    assert len(limits.read_bytes(path, most=100)) == 100
    path.write_bytes(gzip.compress(bytes(8 << 20)))
    unpacked = []
    whole = gzip.GzipFile.read

    def read(file, size=-1):
        part = whole(file, size)
        unpacked.append(len(part))
        return part

    monkeypatch.setattr(gzip.GzipFile, "read", read)
    with pytest.raises(DataError, match="more than 3,000,000 bytes"):
        limits.read_bytes(path, most=3_000_000)
    assert 3_000_000 < sum(unpacked) <= 3_000_000 + (1 << 20)


def test_what_is_no_whole_gzip_file(tmp_path):
    path = tmp_path / "a.ndjson.gz"
    content = gzip.compress(f"{LINE}\n".encode() * 9)
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 255
    for damaged in (LINE.encode(), content[:-9], content + b"xx", bytes(flipped)):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=r"a\.ndjson\.gz: not a whole gzip file"):
            read_recordings(path)
    path.write_bytes(gzip.compress(b"\xff\xfe"))
    with pytest.raises(DataError, match=r"a\.ndjson\.gz, line 1: not text"):
        read_recordings(path)


def test_a_line_at_a_time_is_unpacked(tmp_path):
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbfone\ntwo\r\n\nthree"))
    lines = list(limits.numbered_lines(path))
    assert lines == [(1, b"one\n"), (2, b"two\r\n"), (3, b"\n"), (4, b"three")]
    path.write_bytes(gzip.compress(bytes(6 << 20)))
    with pytest.raises(DataError, match="line 1: longer than 4,194,304 bytes"):
        next(limits.numbered_lines(path))
    path.write_bytes(gzip.compress(b"\n" * 100_000))
    lines = limits.numbered_lines(path, most=1000)
    assert [number for number, _ in itertools.islice(lines, 1000)] == list(range(1, 1001))
    with pytest.raises(DataError, match="more bytes than are read"):
        next(lines)


def test_lines_have_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_LINES", 3)
    (tmp_path / "a.txt").write_text("\n" * 4)
    with pytest.raises(DataError, match="more than 3 lines; split it"):
        list(limits.numbered_lines(tmp_path / "a.txt"))


def test_what_has_no_end_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.ndjson")
    (tmp_path / "zero.ndjson").symlink_to("/dev/zero")
    for name in ("pipe.ndjson", "zero.ndjson"):
        with pytest.raises(DataError, match="expected a file, not a folder, pipe or device"):
            read_recordings(tmp_path / name)


def test_numbers_with_white_space_between_them():
    assert limits.numbers_of(" 1 -2.5\n\t3e1 ", most=3) == [1, -2.5, 30]
    assert limits.numbers_of("", most=3) == []
    with pytest.raises(ValueError, match="more than 3 numbers"):
        limits.numbers_of("1 2 3 4", most=3)
    with pytest.raises(ValueError, match="'xxxxxxxxxxxxxxxxxxxx' is not a number"):
        limits.numbers_of("1 " + "x" * 99, most=3)


def npz_with(path, header, content=b""):
    """An archive whose array ``points`` has this header and content, whatever they are."""
    member = io.BytesIO()
    np.lib.format.write_array_header_1_0(member, header)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("points.npy", member.getvalue() + content)
    return path


def everything(_):
    return True


def test_arrays_come_back_and_only_those_that_are_wanted(tmp_path, rng):
    arrays = {"points": rng.normal(size=(3, 4)), "labels": np.arange(3, dtype=np.int8)}
    path = tmp_path / "arrays.npz"
    for save in (np.savez, np.savez_compressed):
        save(path, **arrays)
        found = read_npz_arrays(path, everything)
        assert found.keys() == arrays.keys()
        for name, array in arrays.items():
            assert found[name].dtype == array.dtype
            np.testing.assert_array_equal(found[name], array)
        assert read_npz_arrays(path, lambda name: name == "labels").keys() == {"labels"}


@pytest.mark.parametrize("shape", [(10**12, 20, 3), (3, 3), (1,)])
def test_a_header_that_claims_another_size_is_not_believed(tmp_path, shape):
    header = {"descr": "<f4", "fortran_order": False, "shape": shape}
    path = npz_with(tmp_path / "bomb.npz", header, bytes(32))
    with pytest.raises(DataError, match="its header says"):
        read_npz_arrays(path, everything)


def test_no_more_is_unpacked_than_allowed(tmp_path):
    path = tmp_path / "zeros.npz"
    np.savez_compressed(path, points=np.zeros(100_000))
    assert path.stat().st_size < 5000
    with pytest.raises(DataError, match="'points' is too large when unpacked"):
        read_npz_arrays(path, everything, most=700_000)


def test_only_numbers_are_read(tmp_path):
    header = {"descr": [("a", "<i4")], "fortran_order": False, "shape": (1,)}
    path = npz_with(tmp_path / "objects.npz", header, bytes(4))
    with pytest.raises(DataError, match="expected numbers"):
        read_npz_arrays(path, everything)


def test_an_archive_of_countless_members_or_packed_otherwise_is_not_listed(tmp_path):
    path = tmp_path / "many.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(200):
            archive.writestr(f"{number:06d}" + "x" * 6000, b"")
    with pytest.raises(DataError, match="too many members"):
        read_npz_arrays(path, everything)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("points.npy", b"")
    with pytest.raises(DataError, match="packed in a way that NumPy does not use"):
        read_npz_arrays(path, everything)


def test_a_damaged_archive_is_data_that_is_damaged_wherever_it_is(tmp_path, rng):
    path = tmp_path / "arrays.npz"
    np.savez_compressed(path, points=rng.normal(size=(6, 5)))
    whole = path.read_bytes()
    expected = read_npz_arrays(path, everything)["points"]
    refused = 0
    for place in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << (place % 8)
        path.write_bytes(damaged)
        try:
            found = read_npz_arrays(path, everything)
        except DataError:
            refused += 1
            continue
        if "points" in found:  # else its name was hit; what is read is never another array
            np.testing.assert_array_equal(found["points"], expected)
    assert refused > 50
    for kind in (b"", b"none", whole[:-30]):
        path.write_bytes(kind)
        with pytest.raises(DataError, match=r"not a readable \.npz"):
            read_npz_arrays(path, everything)
    with pytest.raises(DataError, match="no such file"):
        read_npz_arrays(tmp_path / "nowhere.npz", everything)
