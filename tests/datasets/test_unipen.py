import hashlib
import subprocess
import sys

import numpy as np
import pytest

from datasets import recordings as sets
from datasets import unipen
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.ink import Recording
from tests.conftest import ROOT, SHARED

NAMES = [f"abc-{number:03d}" for number in range(2000)]


def recording(source, label=7, strokes=(((0, 0), (5, 20)),)):
    return Recording(label, [np.array(stroke, float) for stroke in strokes], "px", source)


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    """A small file where the set is looked for: 40 writers of two digits each."""
    monkeypatch.setenv("STROKES_DATA_DIR", str(tmp_path))
    found = [recording(f"unipen-{name}", label) for name in NAMES[:40] for label in (1, 7)]
    unipen.write_gzipped(found, tmp_path / unipen.UNIPEN_FILE)
    return found


def test_a_quarter_of_the_writers_is_for_tests_by_the_name_alone():
    share = np.mean([unipen.is_test_writer(name) for name in NAMES])
    assert 0.23 < share < 0.27
    for name in NAMES[:100]:
        expected = int(hashlib.sha256(name.encode()).hexdigest(), 16) / 2**256 < 1 / 4
        assert unipen.is_test_writer(name) == expected
    code = (
        "from datasets.unipen import is_test_writer\n"
        f"print(''.join(str(int(is_test_writer(name))) for name in {NAMES[:100]!r}))"
    )
    again = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert again.stdout.strip() == "".join(str(int(unipen.is_test_writer(n))) for n in NAMES[:100])


def test_no_writer_is_on_both_sides_whatever_the_order(rng):
    recordings = [recording(f"unipen-{name}", label) for name in NAMES[:60] for label in range(10)]
    split = unipen.split_by_writer(recordings)
    sides = [{unipen.writer_of(one) for one in side} for side in split]
    assert sides[0] | sides[1] == set(NAMES[:60])
    assert not sides[0] & sides[1]
    assert len(split.train) + len(split.test) == len(recordings)
    shuffled = [recordings[index] for index in rng.permutation(len(recordings))[:300]]
    for side, others in zip(unipen.split_by_writer(shuffled), sides, strict=True):
        assert {unipen.writer_of(one) for one in side} <= others


@pytest.mark.parametrize("source", ["", "me", "unipen", "unipen-", "uji-W01", "unipen-a b"])
def test_a_source_without_a_writer_is_refused(source):
    with pytest.raises(DataError, match="expected unipen-DONOR-WRITER"):
        unipen.split_by_writer([recording(source)])


def test_the_set_teaches_some_writers_and_is_measured_on_the_others(prepared):
    assert len(sets.recordings_of("unipen")) == 80
    taught = {unipen.writer_of(one) for one in sets.teaching_recordings("unipen")}
    tested = {unipen.writer_of(one) for one in sets.testing_recordings("unipen")}
    assert taught
    assert tested
    assert not taught & tested
    assert len(taught | tested) == 40
    assert {one.label for one in sets.teaching_recordings("unipen")} == {1, 7}


def test_a_set_without_writers_is_measured_on_whole():
    assert len(sets.testing_recordings("own")) == len(sets.recordings_of("own"))


def test_where_it_is_looked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("STROKES_DATA_DIR", str(tmp_path / "one"))
    with pytest.raises(DataError, match=r"one.*make it with: python -m scripts.prepare_unipen"):
        sets.SETS["unipen"].find()
    (tmp_path / unipen.UNIPEN_FILE).touch()
    assert unipen.find_unipen(tmp_path) == tmp_path / unipen.UNIPEN_FILE


def test_the_longer_side_is_400_whole_and_nothing_repeats():
    strokes = [[(10, -3), (10.01, -3), (30, 7), (30, 7)], [(12.5, -3), (12.5, -3)]]
    found = unipen.to_whole_numbers(recording("me", strokes=strokes)).strokes
    assert [stroke.tolist() for stroke in found] == [[[0, 0], [400, 200]], [[50, 0]]]
    tiny = recording("me", strokes=[[(0, 0), (0, 5e-324)]])
    assert unipen.to_whole_numbers(tiny).strokes[0].tolist() == [[0, 0], [0, 400]]


def test_writers_are_numbered_by_donor_and_name():
    sources = ["unipen-b-Eve", "unipen-a-Zoe", "unipen-b-Bob-2", "unipen-b-Eve"]
    found = unipen.number_writers([recording(source) for source in sources])
    assert [one.source for one in found] == [
        "unipen-b-002",
        "unipen-a-000",
        "unipen-b-001",
        "unipen-b-002",
    ]


def test_the_same_recordings_give_the_same_bytes(tmp_path, prepared):
    content = (tmp_path / unipen.UNIPEN_FILE).read_bytes()
    unipen.write_gzipped(prepared, tmp_path / "other.ndjson.gz")
    assert (tmp_path / "other.ndjson.gz").read_bytes() == content
    assert str(read_recordings(tmp_path / "other.ndjson.gz")) == str(prepared)


def test_the_real_set():
    path = SHARED / "data" / "pen" / unipen.UNIPEN_FILE
    if not path.is_file():
        pytest.skip("pen recordings are not beside this checkout")
    recordings = read_recordings(path)
    assert len(recordings) == 8081
    split = unipen.split_by_writer(recordings)
    writers = [{unipen.writer_of(one) for one in side} for side in split]
    assert [len(side) for side in writers] == [135, 41]
    assert [len(side) for side in split] == [5683, 2398]
    assert not writers[0] & writers[1]
    for side in split:
        assert {one.label for one in side} == set(range(10))
    prepared = [unipen.to_whole_numbers(one) for one in recordings[::40]]
    assert str(prepared) == str(recordings[::40])  # it was made so
