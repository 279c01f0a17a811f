import typing

import numpy as np
import pytest

from strokes.formats.parquet import write_parquet
from strokes.formats.recordings import read_recordings
from tests.strokes.formats.written import some
from train.export.formats import write_formats
from train.export.names import FormatName


@pytest.fixture
def files(tmp_path, rng):
    found = {split: tmp_path / f"{split}.parquet" for split in ("train", "test")}
    for (split, path), count in zip(found.items(), (12, 4), strict=True):
        sequences = some(rng, count, split=split)
        sequences.points[:, 0, 2] = 0  # the pen is down at first, so that each is a recording
        write_parquet([sequences], path, metadata={})
    return found


def test_all_formats_hold_what_parquet_holds(tmp_path, files):
    names = typing.get_args(FormatName)
    written = write_formats(names, files, tmp_path, "mine")
    assert [path.name for path in written if path.suffix == ".npz"] == [
        "mine.stroke-3.npz",
        "mine.stroke-5.npz",
    ]
    assert len(written) == 2 + 2 * (len(names) - 2)
    whole = {split: read_recordings(path) for split, path in files.items()}
    for path in written:
        if path.suffix == ".zip":
            continue
        found = read_recordings(path, strict=True)
        split = path.name.partition(".")[0]
        expected = whole[split] if split in whole else whole["train"] + whole["test"]
        assert [one.label for one in found] == [one.label for one in expected]
        counts = [[len(stroke) for stroke in one.strokes] for one in expected]
        if "quickdraw" in path.name:  # which keeps fewer points
            counts = [len(one.strokes) for one in expected]
            assert [len(one.strokes) for one in found] == counts
        else:
            assert [[len(stroke) for stroke in one.strokes] for one in found] == counts
            scale = {".npz": 255, ".dat": 10_000}.get(path.suffix, 1)
            first = found[0].strokes[0] / scale
            np.testing.assert_allclose(first, expected[0].strokes[0], atol=1e-4)


def test_none_are_written_unless_asked_for(tmp_path, files):
    assert write_formats((), files, tmp_path, "mine") == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["test.parquet", "train.parquet"]
