import concurrent.futures
import resource

import numpy as np
import pytest

from scripts.page import keeping
from scripts.page.keeping import KeptRecordings
from strokes.classes import Classes
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.ink import Recording

STROKE = np.array([[0.3, 0.2], [0.7, 0.8]])


def test_each_recording_is_a_line_whoever_keeps_it(tmp_path):
    kept = KeptRecordings(tmp_path / "new" / "kept.ndjson")
    recordings = [Recording(index % 10, [STROKE] * (1 + index)) for index in range(40)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert sorted(map(sum, pool.map(kept.keep, recordings))) == list(range(1, 41))
    assert kept.tally() == [4] * 10
    found = read_recordings(kept.path)
    assert sorted(len(one.strokes) for one in found) == list(range(1, 41))


def test_other_classes_are_kept_by_name_and_not_among_digits(tmp_path):
    classes = Classes(("A", "a", "山"))
    kept = KeptRecordings(tmp_path / "kept.ndjson", classes)
    kept.check()
    kept.keep(Recording(2, [STROKE]))
    assert kept.keep(Recording(0, [STROKE])) == [1, 0, 1]
    assert [one.label for one in read_recordings(kept.path, classes=classes)] == [2, 0]
    assert [one.label for one in kept.latest()] == [2, 0]
    kept.check()
    with pytest.raises(DataError, match="label '山', expected a digit from 0 to 9; name another"):
        KeptRecordings(kept.path).check()
    kept.path.write_text('{"half\n{"label": 3}\n')
    KeptRecordings(kept.path).check()
    with pytest.raises(DataError, match="label 3, expected one of A a 山; name another"):
        kept.check()


def test_a_full_file_grows_no_more(tmp_path, monkeypatch):
    kept = KeptRecordings(tmp_path / "kept.ndjson")
    assert kept.keep(Recording(3, [STROKE])) == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    monkeypatch.setattr(keeping, "MOST_KEPT", kept.path.stat().st_size + 1)
    before = kept.path.read_bytes()
    with pytest.raises(DataError, match="full; move it away"):
        kept.keep(Recording(3, [STROKE]))
    assert kept.path.read_bytes() == before


def test_what_is_kept_can_be_read_however_small_it_is(tmp_path):
    """Five decimals would make one point of a short stroke's two."""
    kept = KeptRecordings(tmp_path / "kept.ndjson")
    short = np.array([[0.5, 0.5], [0.500004, 0.5]])
    assert kept.keep(Recording(1, [short], "pad"))[1] == 1
    np.testing.assert_allclose(read_recordings(kept.path)[0].strokes[0], short, atol=1e-9)
    before = kept.path.read_bytes()
    with pytest.raises(DataError, match=r"this cannot be kept: .*too small to be a digit"):
        kept.keep(Recording(1, [short[:1] + [[0.0, 0.0], [1e-12, 0.0]]], "pad"))
    assert kept.path.read_bytes() == before


def test_what_does_not_fit_on_the_disk_leaves_the_file_as_it_was(tmp_path):
    kept = KeptRecordings(tmp_path / "kept.ndjson")
    kept.keep(Recording(3, [STROKE]))
    before = kept.path.read_bytes()
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, limit[1]))  # as ulimit -f
    try:
        with pytest.raises(OSError, match="make room and try again") as error:
            kept.keep(Recording(3, [STROKE]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert error.value.filename == str(kept.path)
    assert kept.path.read_bytes() == before
    assert sum(kept.keep(Recording(4, [STROKE]))) == 2


def test_half_a_line_of_a_killed_process_spoils_no_other(tmp_path):
    kept = KeptRecordings(tmp_path / "kept.ndjson")
    kept.path.write_text('{"label": 3, "str')
    kept.keep(Recording(7, [STROKE]))
    assert kept.path.read_text().splitlines()[0] == '{"label": 3, "str'
    assert '"label": 7' in kept.path.read_text().splitlines()[1]


def test_what_was_kept_here_can_be_taken_away_again_and_no_more(tmp_path):
    path = tmp_path / "kept.ndjson"
    KeptRecordings(path).keep(Recording(3, [STROKE]))
    before = path.read_bytes()
    kept = KeptRecordings(path)
    for label in (5, 3):
        kept.keep(Recording(label, [STROKE]))
    assert kept.undo() == [0, 0, 0, 1, 0, 1, 0, 0, 0, 0]
    assert kept.undo() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert path.read_bytes() == before
    with pytest.raises(DataError, match="nothing was kept here"):
        kept.undo()
    kept.keep(Recording(5, [STROKE]))
    with path.open("ab") as file:
        file.write(before)
    with pytest.raises(DataError, match="was changed by another"):
        kept.undo()
    assert kept.tally() == [0, 0, 0, 2, 0, 1, 0, 0, 0, 0]


def test_the_latest_are_read_whole_lines_only(tmp_path, monkeypatch):
    kept = KeptRecordings(tmp_path / "kept.ndjson")
    assert kept.latest() == []
    assert kept.version is None
    for label in range(3):
        kept.keep(Recording(label, [STROKE]))
    before = kept.version
    with kept.path.open("a") as file:
        file.write('{"label": 3, "str')
    assert kept.version != before
    assert [one.label for one in kept.latest()] == [0, 1, 2]
    line = len(kept.path.read_bytes().splitlines()[0])
    monkeypatch.setattr(keeping, "_LATEST", 2 * line)
    assert [one.label for one in kept.latest()] == [2]
