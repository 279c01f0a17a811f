import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import imageio.v3 as iio
import numpy as np
import pytest

from scripts import write
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from tests.conftest import ROOT
from tests.scripts.photos import photo
from train.errors import RunError

SVG = "{http://www.w3.org/2000/svg}"


def test_pictures_are_written_again(tmp_path, rng, capsys):
    one = photo(2, tmp_path / "two.png", rng)
    files = {kind: tmp_path / "out" / f"digit.{kind}" for kind in ("gif", "svg", "ndjson")}
    args = ["--gif", files["gif"], "--svg", files["svg"], "--points", files["ndjson"]]
    assert write.main([one, *map(str, args), "--seconds", "0.4"]) == 0
    assert iio.imread(files["gif"]).shape[0] == 11
    assert len(list(ElementTree.parse(files["svg"]).iter(f"{SVG}path"))) == 1
    (recording,) = read_recordings(files["ndjson"])
    assert recording.label == 2
    assert recording.source == f"written by a model: {one}"
    assert "two.png: 2 " in capsys.readouterr().out


def test_a_sheet_gives_an_svg_for_each_and_a_label_can_be_told(tmp_path, rng):
    numbers = [np.array(iio.imread(photo(d, tmp_path / f"{d}.png", rng))) for d in (1, 4)]
    iio.imwrite(tmp_path / "sheet.png", np.concatenate(numbers, axis=1))
    args = [str(tmp_path / "sheet.png"), "--grid", "1x2", "--label", "4", "--animated", "False"]
    points = tmp_path / "points.ndjson"
    assert write.main([*args, "--svg", str(tmp_path / "s.svg"), "--points", str(points)]) == 0
    assert [one.label for one in read_recordings(points)] == [4, 4]
    names = {path.name for path in tmp_path.glob("*.svg")}
    assert names == {"s-sheet-row-1-column-1.svg", "s-sheet-row-1-column-2.svg"}


def test_what_cannot_be_prepared_is_named_and_nothing_is_written(tmp_path, capsys):
    (tmp_path / "x.png").write_text("none")
    assert write.main([str(tmp_path), "--svg", str(tmp_path / "x.svg")]) == 2
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        f"error: {tmp_path / 'x.png'}: no picture; expected PNG, JPEG, WEBP"
    ]
    assert not said.out
    assert not (tmp_path / "x.svg").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "nothing to write"),
        (["--gif", "a.svg"], "--gif a.svg: expected a name that ends in .gif"),
        (["--svg", "a.gif"], "--svg a.gif: expected a name that ends in .svg"),
        (["--points", "a.json"], "expected a name that ends in .ndjson"),
        (["--svg", "a.svg", "--label", "10"], "--label 10"),
        (["--svg", "a.svg", "--refine", "-1"], "--refine -1"),
    ],
)
def test_options_that_do_not_fit(args, message):
    with pytest.raises(RunError, match=message):
        write.main(["x.png", *args])


def test_pictures_are_looked_for_before_models_are_loaded(tmp_path):
    args = [str(tmp_path), "--svg", "a.svg"]
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_text("no weights")
    with pytest.raises(DataError, match="no picture in it"):
        write.main([*args, "--recognizer", str(damaged)])
    with pytest.raises(RunError, match=r"--recognizer .*nothing: no such file"):
        write.main([*args, "--recognizer", str(tmp_path / "nothing")])
    with pytest.raises(RunError, match="holds no run"):
        write.main([*args, "--checkpoint", str(tmp_path / "nothing")])


def test_options_need_no_jax():
    code = "import sys; from scripts import write; assert 'jax' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
