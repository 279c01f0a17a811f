import sys

import pytest

from train.errors import RunError
from train.figures.kinds import check_size, kind_of


@pytest.mark.parametrize(
    ("size", "seconds", "columns", "message"),
    [
        (27, 1.0, 1, "--size 27: expected 28 to 1024 pixels"),
        (1025, 1.0, 1, "--size 1025: expected 28"),
        (28, 0.05, 1, r"--seconds 0\.05: expected 0\.1 to 60"),
        (28, 61.0, 1, r"--seconds 61\.0: expected"),
        (28, 1.0, 0, "--columns 0: expected at least 1"),
    ],
)
def test_sizes_that_make_no_picture_are_refused(size, seconds, columns, message):
    with pytest.raises(RunError, match=message):
        check_size(size, seconds, columns=columns)


def test_the_least_and_the_most_are_taken():
    for size, seconds, columns in ((28, 0.1, 1), (1024, 60, 100)):
        check_size(size, seconds, columns=columns)


def test_the_name_tells_the_kind(tmp_path, monkeypatch):
    for name, kind in (("a.gif", ".gif"), ("b.c.PNG", ".png"), ("d.mp4", ".mp4")):
        assert kind_of(tmp_path / name) == kind
    with pytest.raises(RunError, match=r"--gif .*a\.bmp: expected a name that ends in \.gif"):
        kind_of(tmp_path / "a.bmp", option="--gif")
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(RunError, match=r'pip install -e "\.\[video\]"'):
        kind_of(tmp_path / "d.mp4")
    assert kind_of(tmp_path / "a.gif") == ".gif"
