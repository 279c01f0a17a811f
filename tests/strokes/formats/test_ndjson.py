import json

import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.ndjson import format_recording, parse_recording, write_recordings
from strokes.formats.recordings import read_recordings
from strokes.ink import Recording

LINE = {"label": 7, "strokes": [[[0, 0], [1, 0.25]]], "units": "px", "source": "test"}


def test_what_is_written_is_read_back(tmp_path, rng):
    strokes = [rng.random((5, 2)), np.array([[0.5, 0.5, 0.0], [0.6, 0.6, 12.5]])]
    recordings = [Recording(3, strokes, "canvas", "me", "round"), Recording(0, strokes[:1], "mm")]
    write_recordings(recordings, tmp_path / "pen.ndjson")
    found = read_recordings(tmp_path / "pen.ndjson")
    for one, other in zip(recordings, found, strict=True):
        assert one._replace(strokes=[]) == other._replace(strokes=[])
        for ours, theirs in zip(one.strokes, other.strokes, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_a_recording_is_a_line():
    recording = Recording(3, [np.array([[0.5, 0.25], [1 / 3, 1.0]])], "mm", "me")
    line = format_recording(recording)
    assert "\n" not in line
    assert json.loads(line) == {
        "label": 3,
        "source": "me",
        "units": "mm",
        "strokes": [[[0.5, 0.25], [0.33333, 1.0]]],
    }
    assert format_recording(parse_recording(line)) == line


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"label": 10}, "label 10, expected a digit"),
        ({"label": "7"}, "label '7'"),
        ({"label": True}, "label True"),
        ({"strokes": []}, "at least one stroke"),
        ({"strokes": [[]]}, "stroke 1: expected a list of at least one point"),
        ({"strokes": [[[0, 0], [1]]]}, r"stroke 1: expected points \[x, y\]"),
        ({"strokes": [[[0, 0], [1, 1, 2]]]}, "all alike"),
        ({"strokes": [[[0, 0], [1, "x"]]]}, "'x' is not a number"),
        ({"strokes": [[[0, 0], [1, float("nan")]]]}, "not finite"),
        ({"strokes": [[[0, 0], [1, 1e300]]]}, "too large"),
        ({"strokes": [[[2, 2], [2, 2]]]}, "nothing was written"),
        ({"strokes": [[[0, 0, 5], [1, 1, 4]]]}, "time runs backwards"),
        ({"strokes": [[[0, 0], [1, 1]]] * 65}, "65 strokes"),
        ({"strokes": [[[0, 0]] * 20_000 + [[1, 1]]]}, "20001 points"),
        ({"units": "canvas", "strokes": [[[0, 0], [28, 28]]]}, "far off the canvas"),
        ({"source": 3}, "expected text"),
    ],
)
def test_what_makes_no_sense_is_refused_with_line_and_reason(tmp_path, change, reason):
    path = tmp_path / "bad.ndjson"
    path.write_text(json.dumps(LINE) + "\n\n" + json.dumps(LINE | change) + "\n")
    with pytest.raises(DataError, match=f"bad.ndjson, line 3: .*{reason}"):
        read_recordings(path, strict=True)
    assert len(read_recordings(path)) == 1


@pytest.mark.parametrize("units", ["canvas", "px"])
@pytest.mark.parametrize("size", [3e-9, 4e-6, 1e-3, 1, 1e6])
def test_ink_of_any_size_is_read_back(units, size):
    strokes = [np.array([[0.3, 0.2], [0.3 + size, 0.2 + size / 3]])]
    if units == "canvas" and size > 1:
        return
    (found,) = parse_recording(format_recording(Recording(1, strokes, units))).strokes
    np.testing.assert_allclose(found, strokes[0], atol=1e-4 * size)


@pytest.mark.parametrize("name", ["label", "strokes", "units", "source"])
def test_what_is_missing_is_named(name):
    entry = {key: value for key, value in LINE.items() if key != name}
    with pytest.raises(ValueError, match=f"'{name}' is missing"):
        parse_recording(json.dumps(entry))


@pytest.mark.parametrize("line", ["[1]", "{", '{"label": 1}', "3", "[" * 100_000])
def test_what_is_no_recording_at_all_is_refused(tmp_path, line):
    path = tmp_path / "bad.ndjson"
    path.write_text(line)
    with pytest.raises(DataError, match="line 1: "):
        read_recordings(path)


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "none.ndjson").write_text("\n")
    with pytest.raises(DataError, match="no recording in it"):
        read_recordings(tmp_path / "none.ndjson")
