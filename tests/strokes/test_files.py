import os
import platform
import resource
import subprocess
import sys

import pytest

from strokes.errors import DataError
from strokes.files import (
    atomic_path,
    check_file,
    checksums_hold,
    read_json,
    staged_files,
    write_checksums,
    writing,
)


def fail_midway(path):
    with atomic_path(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError("out of ink")


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "deep" / "letter.txt"
    with atomic_path(path) as temporary:
        assert temporary.suffix == ".txt"  # by which some choose a format
        assert temporary.parent == path.parent
        temporary.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    assert list(path.parent.iterdir()) == [path]


def test_what_fails_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "letter.txt"
    for before in (None, "old"):
        if before is not None:
            path.write_text(before)
        with pytest.raises(RuntimeError, match="out of ink"):
            fail_midway(path)
        assert [one.read_text() for one in tmp_path.iterdir()] == [before] * (before is not None)


def fail_beside(path, write, *, theirs=None):
    with write(path):
        if theirs is not None:
            theirs.write_text("theirs")
        raise RuntimeError("out of ink")


@pytest.mark.parametrize("write", [atomic_path, staged_files])
def test_what_fails_leaves_no_folder_that_was_not_there(tmp_path, write):
    kept = tmp_path / "kept"
    kept.mkdir()
    for path in (tmp_path / "deep" / "deeper" / "letter", kept / "new" / "letter"):
        with pytest.raises(RuntimeError, match="out of ink"):
            fail_beside(path, write)
    assert list(tmp_path.iterdir()) == [kept]
    assert list(kept.iterdir()) == []
    shared = tmp_path / "shared"
    with pytest.raises(RuntimeError, match="out of ink"):
        fail_beside(shared / "letter", write, theirs=shared / "theirs")
    assert [one.name for one in shared.iterdir()] == ["theirs"]


@pytest.mark.skipif(os.name != "posix", reason="no permissions of this kind")
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_permissions_are_those_of_a_plain_open(tmp_path, umask):
    before = os.umask(umask)
    try:
        (tmp_path / "plain").write_text("")
        with atomic_path(tmp_path / "atomic") as temporary:
            temporary.write_text("")
        assert os.umask(umask) == umask  # it is left as it was
    finally:
        os.umask(before)
    assert (tmp_path / "atomic").stat().st_mode == (tmp_path / "plain").stat().st_mode


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


def stale(folder, *, process, host=None):
    path = folder / f".old~{host or platform.node()}~{process}~0123abcd.txt"
    path.write_text("half")
    return path


def test_what_killed_processes_left_is_removed_and_no_other(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    theirs = stale(tmp_path, process=ended.pid)
    living = stale(tmp_path, process=os.getppid())
    elsewhere = stale(tmp_path, process=ended.pid, host="another-host")
    mine = tmp_path / ".mine~1~2.txt"
    mine.write_text("mine")
    with atomic_path(tmp_path / "letter.txt") as temporary:
        temporary.write_text("whole")
    assert not theirs.exists()
    assert living.exists()
    assert elsewhere.exists()
    assert mine.exists()


@pytest.fixture
def small_files():
    """Files may not become longer than 1,000 bytes, as by ``ulimit -f``."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def write_too_much(path):
    with atomic_path(path) as temporary:
        temporary.write_bytes(bytes(2000))


def test_a_write_that_fails_says_which_file_and_what_to_do(tmp_path, small_files):
    path = tmp_path / "letter.txt"
    path.write_text("old")
    with pytest.raises(OSError, match="File too large: raise the limit") as error:
        write_too_much(path)
    assert error.value.filename == str(path)
    assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]


def test_errors_of_other_files_keep_their_names(tmp_path):
    missing = tmp_path / "missing.txt"
    with pytest.raises(FileNotFoundError) as error, writing(tmp_path / "letter.txt"):
        missing.read_text()
    assert error.value.filename == str(missing)


def stage(folder, texts, *, fail=False):
    with staged_files(folder) as stage:
        for name, text in texts.items():
            (stage / name).write_text(text)
        if fail:
            raise RuntimeError("out of ink")


def texts(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_files_that_belong_together_appear_together(tmp_path):
    stage(tmp_path / "set", {"a": "1", "b": "1"})
    (tmp_path / "set" / "mine").write_text("mine")
    with pytest.raises(RuntimeError, match="out of ink"):
        stage(tmp_path / "set", {"a": "2"}, fail=True)
    assert texts(tmp_path / "set") == {"a": "1", "b": "1", "mine": "mine"}
    stage(tmp_path / "set", {"a": "2"})
    assert texts(tmp_path / "set") == {"a": "2", "b": "1", "mine": "mine"}


def test_what_cannot_be_read_to_its_end_is_refused(tmp_path):
    (tmp_path / "small").write_bytes(b"12345")
    check_file(tmp_path / "small", most=5)
    os.mkfifo(tmp_path / "pipe")
    for name, reason in (
        ("none", "no such file"),
        ("pipe", "not a folder, pipe or device"),
        (".", "not a folder, pipe or device"),
        ("small", "larger than 0 MiB"),
    ):
        with pytest.raises(DataError, match=reason):
            check_file(tmp_path / name, most=4)


@pytest.mark.parametrize("text", ["{", "", "[" * 100_000, "\xff", "1" * 5000])
def test_json_that_is_none(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(DataError, match=r"a\.json: damaged \("):
        read_json(path)
    path.write_text('{"a": [1, 2]}')
    assert read_json(path) == {"a": [1, 2]}
