import gzip
import io
import tarfile

import numpy as np
import pytest

from datasets import tar_shards
from datasets.tar_shards import count_tar, iterate_tar
from strokes.errors import DataError


def tar_of(path, members):
    """A tar of files by name, in this order."""
    with tarfile.open(path, "w") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


SAMPLES = [
    *(("a/0.png", b"one"), ("a/0.cls", b"1\n"), ("a/0.json", b"{}")),
    *(("a/1.cls", b"2"), ("a/1.PNG", b"two")),
    *(("a/._1.png", b"of a Mac"), ("b/1.jpg", b"three"), ("b/1.cls", b"3")),
]


def test_samples_come_in_their_order(tmp_path):
    path = tar_of(tmp_path / "a.tar", SAMPLES)
    found = [(b"one", 1), (b"two", 2), (b"three", 3)]
    assert count_tar(path) == 3
    for first in range(4):
        assert list(iterate_tar(path, first=first)) == found[first:]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ([("0.png", b"one")], "'0' has no picture with its label"),
        ([("0.cls", b"1")], "'0' has no picture with its label"),
        ([("0.png", b"1"), ("1.png", b"2"), ("0.cls", b"1")], "'0' has no picture"),
        ([("0.png", b"1"), ("0.jpg", b"2"), ("0.cls", b"1")], "'0' has no picture"),
        ([("0.png", b"1"), ("0.cls", b"seven")], "0.cls' is b'seven', expected a digit"),
        ([("0.png", b"1"), ("0.cls", b"1" * 100)], "0.cls' is larger than 64 bytes"),
    ],
)
def test_samples_that_cannot_be_meant(tmp_path, members, reason):
    path = tar_of(tmp_path / "a.tar", members)
    with pytest.raises(DataError, match=rf"a\.tar: .*{reason}"):
        list(iterate_tar(path))


def test_a_large_picture_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(tar_shards, "_MAX_PICTURE", 2)
    with pytest.raises(DataError, match="larger than 2 bytes"):
        list(iterate_tar(tar_of(tmp_path / "a.tar", SAMPLES)))


def test_damage_is_one_clear_line(tmp_path, rng):
    whole = tar_of(tmp_path / "a.tar", SAMPLES).read_bytes()
    for content in (whole[:700], whole[:500], rng.bytes(2000), b""):
        (tmp_path / "b.tar").write_bytes(content)
        with pytest.raises(DataError, match=r"b\.tar: not a readable tar"):
            list(iterate_tar(tmp_path / "b.tar"))
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(whole))
    with pytest.raises(DataError, match="unpack it first"):
        list(iterate_tar(tmp_path / "a.tar.gz"))


def test_what_was_passed_is_forgotten(tmp_path):
    members = [(f"{index}.{end}", b"1") for index in range(50) for end in ("png", "cls")]
    with tarfile.open(tar_of(tmp_path / "a.tar", members)) as archive:
        kept = [len(archive.members) for _ in tar_shards._members(archive)]
    assert len(kept) == 100
    assert np.max(kept) <= 1
