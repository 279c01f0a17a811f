import gzip
import json
import os

import numpy as np
import pytest

from strokes.classes import Classes
from strokes.errors import DataError
from strokes.formats import recordings
from strokes.formats.ndjson import write_recordings
from strokes.formats.recordings import READERS, read_recordings
from strokes.ink import Recording
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
        ("pendigits.data", PEN, [(8, "UCI Pen-Based Digits")]),
        ("a.inkml", INK, [(7, "InkML")]),
        ("a.json", json.dumps(OURS, indent=1), [(7, "me")]),
        ("b.json", json.dumps([OURS, QUICK_DRAW]), [(7, "me"), (3, "Quick, Draw!")]),
    ],
)
def test_the_suffix_says_which_format(tmp_path, name, content, found):
    assert [(r.label, r.source) for r in read(tmp_path, name, content)] == found


@pytest.mark.parametrize(
    ("name", "content", "label"),
    [("a.TRA.gz", PEN, 8), ("a.inkml.gz", INK, 7), ("a.ndjson.gz", json.dumps(OURS), 7)],
)
def test_what_is_gzipped_is_told_by_the_end_before(tmp_path, name, content, label):
    (tmp_path / name).write_bytes(gzip.compress(content.encode()))
    assert [one.label for one in read_recordings(tmp_path / name)] == [label]


def test_of_a_list_of_objects_odd_ones_are_named(tmp_path):
    text = json.dumps([OURS, {"word": "cat", "drawing": []}, 5])
    assert len(read(tmp_path, "a.json", text)) == 1
    with pytest.raises(DataError, match=r"a\.json, object 2: label 'cat'"):
        read(tmp_path, "a.json", text, strict=True)


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


ODD = json.dumps({"word": "cat", "drawing": [[[0, 5, 9], [1, 2, 3]]]})


def test_what_cannot_be_meant_is_passed_over_and_counted(tmp_path, caplog):
    lines = [json.dumps(OURS), ODD, json.dumps(OURS)[:40], json.dumps(QUICK_DRAW), "\xff"]
    path = tmp_path / "a.ndjson"
    path.write_bytes("\n".join(lines).encode("latin-1"))
    assert [one.label for one in read_recordings(path)] == [7, 3]
    (said,) = caplog.messages
    assert said.startswith(f"{path}: passed over 3 of 5; the first: line 2: label 'cat'")
    with pytest.raises(DataError, match="line 2: label 'cat'"):
        read_recordings(path, strict=True)
    path.write_text("\n".join([ODD, "{", ODD]))
    with pytest.raises(DataError, match="line 1: label 'cat'"):  # nothing at all is left
        read_recordings(path)
    assert len(caplog.messages) == 1


def test_a_whole_file_says_nothing(tmp_path, caplog):
    assert len(read(tmp_path, "a.ndjson", json.dumps(OURS) + "\n\n")) == 1
    assert not caplog.messages


def test_a_file_of_too_many_is_to_be_split(tmp_path, monkeypatch):
    text = "\n".join([json.dumps(OURS)] * 5)
    for name, limit in (("MAX_RECORDINGS", 4), ("MAX_POINTS_IN_ALL", 9)):
        with monkeypatch.context() as patch:
            patch.setattr(recordings, name, limit)
            with pytest.raises(DataError, match="split it"):
                read(tmp_path, "a.ndjson", text)
    assert len(read(tmp_path, "a.ndjson", text)) == 5


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("samples.h5", "HDF5 is not read: save its arrays in an .npz"),
        ("mnist.pkl", "a pickle is a program and is not run"),
        ("a.npy", "save it with its labels in an .npz"),
        ("pendigits-orig.tra.Z", "unpack it first"),
        ("sequences.tar.gz", "unpack it first"),
    ],
)
def test_what_to_do_with_what_is_not_read(tmp_path, name, advice):
    (tmp_path / name).write_bytes(b"any")
    with pytest.raises(DataError, match=advice):
        read_recordings(tmp_path / name)


def test_real_recordings():
    if not (SHARED / "data" / "pen").is_dir():
        pytest.skip("pen recordings are not beside this checkout")
    pen = read_recordings(SHARED / "data" / "pen" / "pendigits.tra")
    assert len(pen) == 7494
    arrays = read_recordings(SHARED / "data" / "pen" / "grzego-samples.npz")
    assert [recording.label for recording in arrays[:10]] == list(range(10))
    assert {len(recording.strokes) for recording in arrays if recording.label == 0} == {1}


LETTERS = Classes(("A", "a", "一"))
STROKE = [[0, 0], [9, 5], [3, 8]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ndjson", '{"label": "一", "strokes": [%s], "units": "px", "source": ""}'),
        ("a.json", '[{"label": "一", "strokes": [%s], "units": "px", "source": ""}]'),
        ("quick.ndjson", '{"word": "一", "drawing": [[[0, 9, 3], [0, 5, 8]]]}'),
        (
            "a.inkml",
            "<ink><annotation type='truth'>一</annotation><trace>0 0,9 5,3 8</trace></ink>",
        ),
        ("a.dat", '.COORD X Y\n.PEN_DOWN\n0 0\n9 5\n3 8\n.SEGMENT CHARACTER 0 ? "一"'),
        ("a.txt", "WORD 一 W01\nNUMSTROKES 1\nPOINTS 3 # 0 0 9 5 3 8"),
        ("a.svg", '<svg viewBox="0 0 9 9"><title>一</title><path d="M0 0L9 5L3 8"/></svg>'),
    ],
)
def test_every_format_that_says_labels_in_words_says_any(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content % STROKE if "%s" in content else content)
    assert [one.label for one in read_recordings(path, classes=LETTERS)] == [2]
    with pytest.raises(DataError, match=r"一|0 to 9"):
        read_recordings(path, strict=True)


def test_arrays_say_the_number_of_a_class(tmp_path):
    points = np.array([[[0.1, 0.1, 0], [0.9, 0.5, 0], [0.3, 0.8, 1]]])
    np.savez(tmp_path / "a.npz", points=points, labels=np.array([2]))
    assert read_recordings(tmp_path / "a.npz", classes=LETTERS)[0].label == 2
    np.savez(tmp_path / "a.npz", points=points, labels=np.array([3]))
    with pytest.raises(DataError, match="label 3, expected one of A a 一"):
        read_recordings(tmp_path / "a.npz", classes=LETTERS)


def test_formats_of_digits_alone_say_so(tmp_path):
    (tmp_path / "a.tra").write_text("0,0,9,9,8,8,7,7,6,6,5,5,4,4,3,3, 7\n")
    assert read_recordings(tmp_path / "a.tra")[0].label == 7
    with pytest.raises(DataError, match="knows digits alone, expected one of A a 一"):
        read_recordings(tmp_path / "a.tra", classes=LETTERS)


def test_recordings_of_any_classes_come_back(tmp_path):
    strokes = [np.array([[0.0, 0.0], [9.0, 5.0]])]
    given = [Recording(number, strokes, "px", "me") for number in range(3)]
    write_recordings(given, tmp_path / "a.ndjson", LETTERS)
    assert '"label": "a"' in (tmp_path / "a.ndjson").read_text()
    found = read_recordings(tmp_path / "a.ndjson", classes=LETTERS)
    assert [one.label for one in found] == [0, 1, 2]
