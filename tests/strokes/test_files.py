import os

import pytest

from strokes.files import atomic_path, checksums_hold, write_checksums


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
