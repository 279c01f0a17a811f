import json

import numpy as np
import pytest

from datasets import DataError
from datasets.recording_files import read_recordings
from datasets.recordings import (
    OWN_RECORDINGS,
    Recording,
    format_recording,
    parse_recording,
    write_recordings,
)

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
        read_recordings(path)


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


def test_the_package_s_own_set():
    recordings = read_recordings(OWN_RECORDINGS)
    labels = np.array([recording.label for recording in recordings])
    assert np.bincount(labels, minlength=10).min() >= 8
    assert len({(r.label, r.variant) for r in recordings}) == len(recordings)
    for recording in recordings:
        assert parse_recording(format_recording(recording)).label == recording.label
        ink = np.concatenate(recording.strokes)
        assert ink.min() > 0.05
        assert ink.max() < 0.96
        extent = np.ptp(ink, axis=0).max()
        assert extent == pytest.approx(18 / 28, abs=1e-3)
        first = recording.strokes[0][0]
        if recording.label in (1, 2, 3, 4, 6, 7):  # schools teach to begin at the top
            assert first[1] < ink[:, 1].mean(), recording.variant
        if recording.label in (0, 6, 8, 9):  # and these turn left at first
            assert recording.strokes[0][: len(recording.strokes[0]) // 4, 0].min() < first[0]
    strokes = {
        digit: {len(r.strokes) for r in recordings if r.label == digit} for digit in range(10)
    }
    assert strokes[4] == strokes[5] == strokes[7] == strokes[1] == {1, 2}
    assert strokes[0] == strokes[8] == {1}
