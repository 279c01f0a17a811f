import json

import numpy as np
import pytest

from datasets import DataError
from datasets.recording_files import read_recordings
from tests.conftest import SHARED

PEN = "47,100,27,81,57,37,26,0,0,23,56,53,100,90,40,98,"
INK = """<ink xmlns="http://www.w3.org/2003/InkML">
<traceGroup><annotation type="truth">4</annotation>
<trace>0 0, 0 5, 4 5</trace><trace>3 0, 3 9</trace></traceGroup>
<traceGroup><annotation type="label">one</annotation><trace>0 0 17, 0 5 18</trace></traceGroup>
</ink>"""


def read(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content)
    return read_recordings(path)


@pytest.mark.parametrize("label", ["8", "0000000010"])
def test_pen_digits_turn_y_down(tmp_path, label):
    (found,) = read(tmp_path, "a.tra", PEN + label + "\n")
    assert found.label == 8
    (stroke,) = found.strokes
    np.testing.assert_array_equal(stroke[:2], [[47, 0], [27, 19]])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,2,3", "3 fields"),
        (PEN + "10", "label '10'"),
        (PEN + "0000000011", "expected one 1"),
        (PEN.replace("47", "101") + "8", "0 to 101"),
        (PEN.replace("47", "x") + "8", "invalid literal"),
    ],
)
def test_what_pen_digits_cannot_mean(tmp_path, line, reason):
    with pytest.raises(DataError, match=f"a.tra, line 2: .*{reason}"):
        read(tmp_path, "a.tra", PEN + "8\n" + line)


def test_quick_draw_simplified_and_raw(tmp_path):
    lines = [
        {"word": "three", "drawing": [[[0, 5, 9], [1, 2, 3]]]},
        {"word": "5", "drawing": [[[0, 5], [1, 2], [0, 40]], [[7, 8], [1, 1], [90, 99]]]},
    ]
    three, five = read(tmp_path, "a.ndjson", "\n".join(map(json.dumps, lines)))
    assert (three.label, five.label) == (3, 5)
    np.testing.assert_array_equal(three.strokes[0], [[0, 1], [5, 2], [9, 3]])
    np.testing.assert_array_equal(five.strokes[1], [[7, 1, 90], [8, 1, 99]])


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"word": "cat", "drawing": [[[0, 1], [0, 1]]]}, "label 'cat'"),
        ({"drawing": [[[0, 1], [0, 1]]]}, "'word' is missing"),
        ({"word": "three", "drawing": [[[0, 1], [0]]]}, "stroke 1: expected lists"),
        ({"word": "three", "drawing": [[0, 1]]}, "stroke 1"),
        ({"word": "three", "drawing": "x"}, "expected a list of strokes"),
    ],
)
def test_what_quick_draw_cannot_mean(tmp_path, entry, reason):
    with pytest.raises(DataError, match=f"line 1: .*{reason}"):
        read(tmp_path, "a.ndjson", json.dumps(entry))


def test_inkml(tmp_path):
    four, one = read(tmp_path, "a.inkml", INK)
    assert (four.label, one.label) == (4, 1)
    np.testing.assert_array_equal(four.strokes[1], [[3, 0], [3, 9]])
    np.testing.assert_array_equal(one.strokes[0], [[0, 0], [0, 5]])
    single = "<ink><annotation type='truth'>7</annotation><trace>0 0, 9 1, 2 9</trace></ink>"
    assert read(tmp_path, "b.inkml", single)[0].label == 7


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("0 5, 4 5", "'0 5, 4 5"), "trace group 1: trace 1: .*differences are not read"),
        (("truth", "writer"), "trace group 1: no digit"),
        (("</ink>", ""), "line 5: not XML"),
        (("3 0, 3 9", "3, 3 9"), "expected at least x and y"),
        ((">one<", ">eleven<"), "trace group 2: label 'eleven'"),
    ],
)
def test_what_inkml_cannot_mean(tmp_path, change, reason):
    with pytest.raises(DataError, match=reason):
        read(tmp_path, "a.inkml", INK.replace(*change))


def test_arrays_of_points_and_labels(tmp_path):
    points = np.array([[[0.1, 0.1, 0], [0.2, 0.9, 1], [0.5, 0.1, 0], [0.5, 0.9, 0]]])
    np.savez(tmp_path / "a.npz", points=points, labels=np.array([4]))
    (found,) = read_recordings(tmp_path / "a.npz")
    assert [len(stroke) for stroke in found.strokes] == [2, 2]
    points[0, 1, 2] = 0.5
    np.savez(tmp_path / "b.npz", points=points, labels=np.array([4]))
    with pytest.raises(DataError, match="recording 1: pen-up is neither 0 nor 1"):
        read_recordings(tmp_path / "b.npz")
    np.savez(tmp_path / "c.npz", points=points[0], labels=np.array([4]))
    with pytest.raises(DataError, match=r"expected \[N, T, 3\]"):
        read_recordings(tmp_path / "c.npz")
    (tmp_path / "d.npz").write_bytes(b"no archive")
    with pytest.raises(DataError, match="expected arrays 'points' and 'labels'"):
        read_recordings(tmp_path / "d.npz")


def test_files_that_are_none(tmp_path):
    with pytest.raises(DataError, match="expected a file ending in"):
        read_recordings(tmp_path / "a.txt")
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
