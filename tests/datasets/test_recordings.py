import numpy as np
import pytest

from datasets.recordings import (
    OWN_RECORDINGS,
    SETS,
    recordings_of,
    teaching_recordings,
)
from strokes.classes import DIGITS
from strokes.errors import DataError
from strokes.formats.ndjson import format_recording, parse_recording, write_recordings
from strokes.formats.recordings import read_recordings
from strokes.ink import Recording
from tests.conftest import SHARED


def test_the_package_s_own_set():
    recordings = read_recordings(OWN_RECORDINGS)
    labels = np.array([recording.label for recording in recordings])
    assert np.bincount(labels, minlength=10).min() >= 30
    assert len(set(lines(recordings))) == len(recordings)
    left: dict[int, list[bool]] = {digit: [] for digit in (0, 6, 8, 9)}
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
        if recording.label in left:
            begun = recording.strokes[0][: len(recording.strokes[0]) // 4, 0]
            left[recording.label].append(bool(begun.min() < first[0]))
    assert all(np.mean(turns) > 0.85 for turns in left.values())  # most turn left at first
    assert {digit for digit, turns in left.items() if not all(turns)} == {0, 8, 9}
    strokes = {
        digit: {len(r.strokes) for r in recordings if r.label == digit} for digit in range(10)
    }
    assert strokes[1] == {1, 2, 3}
    assert strokes[0] == strokes[4] == strokes[5] == strokes[7] == strokes[8] == {1, 2}
    assert strokes[9] == {1, 2}
    assert strokes[2] == strokes[3] == strokes[6] == {1}


def lines(recordings):
    return [format_recording(recording) for recording in recordings]


def test_a_set_goes_by_its_name_and_any_file_by_its_path(tmp_path):
    own = read_recordings(OWN_RECORDINGS)
    assert lines(recordings_of("own")) == lines(teaching_recordings("own")) == lines(own)
    path = tmp_path / "mine.ndjson"
    mine = [Recording(3, [np.array([[0.2, 0.2], [0.8, 0.8]])], "canvas", "me")]
    write_recordings(mine, path)
    assert lines(recordings_of(str(path))) == lines(teaching_recordings(str(path))) == lines(mine)


def test_what_is_not_there_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("STROKES_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(DataError, match="no such file"):
        recordings_of(str(tmp_path / "none.ndjson"))
    for name in SETS.keys() - {"own"}:
        with pytest.raises(DataError, match=f"not found in {tmp_path}.* python -m scripts"):
            recordings_of(name, classes=SETS[name].classes or DIGITS)


def test_the_uci_set_is_lifted_and_narrowed_before_it_teaches(monkeypatch):
    folder = SHARED / "data" / "pen"
    if not folder.is_dir():
        pytest.skip("pen recordings are not beside this checkout")
    monkeypatch.setenv("STROKES_DATA_DIR", str(folder))
    found, taught = recordings_of("pendigits"), teaching_recordings("pendigits")
    assert {len(one.strokes) for one in found} == {1}
    counts = {d: {len(one.strokes) for one in taught if one.label == d} for d in range(10)}
    assert counts == {d: {1} for d in range(10)} | {5: counts[5], 7: {1, 2}}
    assert len(counts[5]) == 1  # one order
    assert sum(one.label != 5 for one in taught) == sum(one.label != 5 for one in found)
