import xml.etree.ElementTree as ElementTree

import imageio.v3 as iio
import numpy as np
import pytest

from datasets.recordings import OWN_RECORDINGS
from scripts import write_number
from strokes.errors import DataError
from strokes.formats.ndjson import write_recordings
from strokes.formats.numbers.ndjson import read_numbers_ndjson
from strokes.formats.recordings import read_recordings
from train.errors import RunError


def test_a_number_below_zero_is_written_in_a_drawn_hand(tmp_path, capsys):
    files = {kind: tmp_path / "out" / f"n.{kind}" for kind in ("gif", "svg", "ndjson")}
    args = ["--gif", files["gif"], "--svg", files["svg"], "--ndjson", files["ndjson"]]
    assert write_number.main(["-1,5", "--hand", "7", "--height", "16", *map(str, args)]) == 0
    (number,) = read_numbers_ndjson(files["ndjson"])
    assert number.text == "-1,5"
    assert sorted(set(number.characters)) == [0, 1, 2, 3]
    assert len(iio.imread(files["gif"])) > 10
    assert ElementTree.parse(files["svg"]).getroot().tag.endswith("svg")
    assert "hand 7" in capsys.readouterr().out


def test_the_seed_decides_how_a_hand_writes_this_time(tmp_path):
    mine = tmp_path / "mine.ndjson"
    write_recordings(read_recordings(OWN_RECORDINGS)[::50], mine)
    found = []
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        path = tmp_path / f"{name}.ndjson"
        args = ["111", "--hand", str(mine), "--seed", seed, "--ndjson", str(path)]
        assert write_number.main(args) == 0
        found.append(np.concatenate(read_numbers_ndjson(path)[0].strokes))
    np.testing.assert_array_equal(found[0], found[1])
    assert found[0].shape != found[2].shape or np.abs(found[0] - found[2]).max() > 0.01


@pytest.mark.parametrize(
    ("args", "error", "reason"),
    [
        (["12"], RunError, "nothing to write"),
        (["12", "--gif", "x.txt"], RunError, "--gif x.txt"),
        (["12", "--svg", "x.svg", "--height", "4"], RunError, "--height 4"),
        (["12", "--svg", "x.svg", "--seed", "-1"], RunError, "--seed -1"),
        (["12x", "--svg", "x.svg"], DataError, "12x"),
        (["12", "--svg", "x.svg", "--hand", "none"], RunError, "--hand none"),
        (["12", "--svg", "x.svg", "--hand", "mnist:10000"], RunError, "mnist:9999"),
        (["1" * 100, "--svg", "x.svg", "--height", "1024"], RunError, "too large"),
    ],
)
def test_what_cannot_be_meant_is_said(args, error, reason, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=reason):
        write_number.main(args)
    assert not list(tmp_path.iterdir())
