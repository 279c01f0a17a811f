import concurrent.futures

import numpy as np
import pytest

from scripts.page import keeping
from scripts.page.keeping import KeptRecordings
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.ink import Recording

STROKE = np.array([[0.3, 0.2], [0.7, 0.8]])


def test_each_recording_is_a_line_whoever_keeps_it(tmp_path):
    kept = KeptRecordings(tmp_path / "new" / "kept.ndjson")
    recordings = [Recording(index % 10, [STROKE] * (1 + index)) for index in range(40)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(kept.keep, recordings)) == list(range(1, 41))
    found = read_recordings(kept.path)
    assert sorted(len(one.strokes) for one in found) == list(range(1, 41))


def test_a_full_file_grows_no_more(tmp_path, monkeypatch):
    kept = KeptRecordings(tmp_path / "kept.ndjson")
    assert kept.keep(Recording(3, [STROKE])) == 1
    monkeypatch.setattr(keeping, "MOST_KEPT", kept.path.stat().st_size + 1)
    before = kept.path.read_bytes()
    with pytest.raises(DataError, match="full; move it away"):
        kept.keep(Recording(3, [STROKE]))
    assert kept.path.read_bytes() == before


def test_what_is_kept_can_be_read_however_small_it_is(tmp_path):
    """Five decimals would make one point of a short stroke's two."""
    kept = KeptRecordings(tmp_path / "kept.ndjson")
    short = np.array([[0.5, 0.5], [0.500004, 0.5]])
    assert kept.keep(Recording(1, [short], "pad")) == 1
    np.testing.assert_allclose(read_recordings(kept.path)[0].strokes[0], short, atol=1e-9)
    before = kept.path.read_bytes()
    with pytest.raises(DataError, match=r"this cannot be kept: .*too small to be a digit"):
        kept.keep(Recording(1, [short[:1] + [[0.0, 0.0], [1e-12, 0.0]]], "pad"))
    assert kept.path.read_bytes() == before
