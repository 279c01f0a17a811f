import imageio.v3 as iio
import numpy as np
import pytest

from datasets.recordings import OWN_RECORDINGS
from scripts import show_pen
from strokes.formats.ndjson import write_recordings
from strokes.formats.recordings import read_recordings
from train.errors import RunError


def test_pen_recordings_are_shown(tmp_path, capsys, program):
    sheet, gif = tmp_path / "pen.png", tmp_path / "pen.gif"
    args = ["--out", str(sheet), "--gif", str(gif), "--each", "2", "--size", "32"]
    assert show_pen.main(args) == 0
    assert "recordings (0: 30" in capsys.readouterr().out
    assert iio.imread(sheet).std() > 1
    frames = iio.imread(gif)
    assert len(frames) > 10
    assert np.abs(frames[0].astype(int) - frames[12]).max() > 50
    with pytest.raises(RunError, match="--each 0"):
        show_pen.main(["--each", "0"])
    done = program("scripts.show_pen", "--recordings", tmp_path / "none.ndjson")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "no such file" in done.stderr


def test_a_row_for_each_digit_that_there_is(tmp_path, capsys):
    chosen = [one for one in read_recordings(OWN_RECORDINGS) if one.label in (2, 7)]
    path, sheet = tmp_path / "some.ndjson", tmp_path / "sheet.png"
    write_recordings(chosen, path)
    args = ["--recordings", str(path), "--out", str(sheet), "--size", "32", "--each", "3"]
    assert show_pen.main(args) == 0
    counts = [sum(one.label == digit for one in chosen) for digit in (2, 7)]
    said = capsys.readouterr().out
    assert f"{sum(counts)} recordings (2: {counts[0]}, 7: {counts[1]}): {sheet}" in said
    height, width = iio.imread(sheet).shape[:2]
    assert height == 2 * (32 + 2) + 2
    assert 3 * (32 + 2) < width < 6 * (32 + 2)
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".gif"] == []


@pytest.mark.parametrize("size", [15, 1025])
def test_cells_of_a_size_that_makes_no_picture_are_refused(tmp_path, size):
    with pytest.raises(RunError, match=f"--size {size}"):
        show_pen.main(["--size", str(size), "--out", str(tmp_path / "x.png")])
    assert list(tmp_path.iterdir()) == []
