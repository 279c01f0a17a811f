import json
import os

import pytest

from strokes.errors import DataError
from strokes.formats.recordings import READERS, read_recordings
from tests.conftest import SHARED
from tests.strokes.formats.files import read

OURS = {"label": 7, "strokes": [[[0, 0], [1, 0.25]]], "units": "px", "source": "me"}
QUICK_DRAW = {"word": "three", "drawing": [[[0, 5, 9], [1, 2, 3]]]}
PEN = "47,100,27,81,57,37,26,0,0,23,56,53,100,90,40,98,8"
INK = "<ink><annotation type='truth'>7</annotation><trace>0 0, 9 1, 2 9</trace></ink>"


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.ndjson", json.dumps(OURS), [(7, "me")]),
        ("a.jsonl", json.dumps(QUICK_DRAW), [(3, "Quick, Draw!")]),
        (
            "b.jsonl",
            f"{json.dumps(OURS)}\n{json.dumps(QUICK_DRAW)}",
            [(7, "me"), (3, "Quick, Draw!")],
        ),
        ("a.tra", PEN, [(8, "UCI Pen-Based Digits")]),
        ("a.tes", PEN, [(8, "UCI Pen-Based Digits")]),
        ("A.CSV", PEN, [(8, "UCI Pen-Based Digits")]),
        ("a.inkml", INK, [(7, "InkML")]),
    ],
)
def test_the_suffix_says_which_format(tmp_path, name, content, found):
    assert [(r.label, r.source) for r in read(tmp_path, name, content)] == found


def test_a_message_names_all_suffixes(tmp_path):
    with pytest.raises(DataError) as error:
        read_recordings(tmp_path / "a.doc")
    assert all(suffix in str(error.value) for suffix in READERS)


def test_a_file_that_would_not_fit_is_not_read(tmp_path):
    path = tmp_path / "a.ndjson"
    path.touch()
    os.truncate(path, (1 << 30) + 1)  # it takes no room on the disk
    with pytest.raises(DataError, match="larger than 1 GiB"):
        read_recordings(path)


def test_files_that_are_none(tmp_path):
    with pytest.raises(DataError, match="expected a file ending in"):
        read_recordings(tmp_path / "a.doc")
    with pytest.raises(DataError, match="no such file"):
        read_recordings(tmp_path / "a.tra")
    (tmp_path / "b.tra").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not text"):
        read_recordings(tmp_path / "b.tra")


def test_real_recordings():
    if not (SHARED / "data" / "pen").is_dir():
        pytest.skip("pen recordings are not beside this checkout")
    pen = read_recordings(SHARED / "data" / "pen" / "pendigits.tra")
    assert len(pen) == 7494
    arrays = read_recordings(SHARED / "data" / "pen" / "grzego-samples.npz")
    assert [recording.label for recording in arrays[:10]] == list(range(10))
    assert {len(recording.strokes) for recording in arrays if recording.label == 0} == {1}
