import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import imageio.v3 as iio
import numpy as np
import pytest

from scripts import write
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.writing.writer import save_writer
from tests.conftest import ROOT
from tests.scripts.photos import photo
from tests.train.export.planned import tiny_writer
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
        f"error: {tmp_path / 'x.png'}: no picture; expected PNG, JPEG, WEBP, BMP, GIF, TIFF, PPM"
    ]
    assert not said.out
    assert not (tmp_path / "x.svg").exists()


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A file of a writer that knows plans."""
    path = tmp_path_factory.mktemp("planned") / "planned.safetensors"
    save_writer(tiny_writer(), path)
    return path


def test_alternatives_stand_side_by_side_each_with_its_probability(planned, tmp_path, rng, capsys):
    for digit, name in ((2, "a"), (1, "b")):  # of three plans and of one
        photo(digit, tmp_path / f"{name}.png", rng)
    files = {kind: tmp_path / "out" / f"s.{kind}" for kind in ("png", "svg", "ndjson")}
    args = ["--gif", files["png"], "--svg", files["svg"], "--points", files["ndjson"]]
    options = ["--alternatives", "3", "--size", "28", "--checkpoint", str(planned)]
    assert write.main([str(tmp_path), *map(str, args), *options]) == 0
    height, width, _ = iio.imread(files["png"]).shape
    assert width >= 4 * 28
    assert height < 4 * 28  # picture, pen and drawing of each in a row of their own
    recordings = read_recordings(files["ndjson"])
    assert [one.label for one in recordings] == [2, 2, 2, 1]
    plans, shares = zip(*(one.variant.split(", ") for one in recordings), strict=True)
    assert sorted(plans[:3]) == ["plan 0", "plan 1", "plan 2"]
    assert (plans[3], shares[3]) == ("plan 0", "100%")
    sure = [int(share.removesuffix("%")) for share in shares[:3]]
    assert sure == sorted(sure, reverse=True)
    assert 98 <= sum(sure) <= 102
    for recording, plan in zip(recordings, plans, strict=True):
        assert len(recording.strokes) == int(plan.removeprefix("plan ")) + 1
    said = capsys.readouterr().out
    listed = ", ".join(one.variant.replace(",", "") for one in recordings[:3])
    assert f"%; {listed}\n" in said
    names = ["s-a.svg", "s-a-2.svg", "s-a-3.svg", "s-b.svg"]
    assert [line for line in said.splitlines() if line.startswith("strokes")] == [
        f"strokes: {tmp_path / 'out' / name}" for name in names
    ]
    for name, recording in zip(names, recordings, strict=True):
        paths = ElementTree.parse(tmp_path / "out" / name).iter(f"{SVG}path")
        assert len(list(paths)) == len(recording.strokes)


def test_a_plan_can_be_told(planned, tmp_path, rng, capsys):
    points, one = tmp_path / "points.ndjson", photo(2, tmp_path / "two.png", rng)
    args = [one, "--points", str(points), "--checkpoint", str(planned)]
    for plan in (0, 2):
        assert write.main([*args, "--plan", str(plan)]) == 0
        (recording,) = read_recordings(points)
        assert len(recording.strokes) == plan + 1
        assert recording.variant.startswith(f"plan {plan}, ")
        assert f"%; plan {plan} " in capsys.readouterr().out
    points.unlink()
    with pytest.raises(DataError, match="plan 2: digit 1 has 1, numbered from 0 on"):
        write.main([*args, "--plan", "2", "--label", "1"])
    assert not points.exists()


def test_a_writer_without_plans_writes_in_one_way_and_says_so(tmp_path, rng, capsys):
    save_writer(tiny_writer(plans=0), tmp_path / "plain.safetensors")
    points, one = tmp_path / "points.ndjson", photo(2, tmp_path / "two.png", rng)
    args = [one, "--points", str(points), "--checkpoint", str(tmp_path / "plain.safetensors")]
    assert write.main([*args, "--alternatives", "2"]) == 0
    (recording,) = read_recordings(points)
    assert recording.variant == ""
    said = capsys.readouterr()
    assert said.out.splitlines()[0].endswith("%")
    assert "plain.safetensors knows no plans" in said.err


def test_no_drawing_takes_the_place_of_another(planned, tmp_path, rng):
    for name in ("a", "a-2"):
        photo(2, tmp_path / f"{name}.png", rng)
    args = ["--svg", str(tmp_path / "s.svg"), "--alternatives", "2", "--checkpoint", str(planned)]
    with pytest.raises(RunError, match=r"two drawings would be named s-a-2\.svg"):
        write.main([str(tmp_path), *args])
    assert not list(tmp_path.glob("*.svg"))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "nothing to write"),
        (["--gif", "a.svg"], "--gif a.svg: expected a name that ends in .gif"),
        (["--svg", "a.gif"], "--svg a.gif: expected a name that ends in .svg"),
        (["--points", "a.json"], "expected a name that ends in .ndjson"),
        (["--svg", "a.svg", "--label", "10"], "--label 10"),
        (["--svg", "a.svg", "--refine", "-1"], "--refine -1"),
        (["--svg", "a.svg", "--alternatives", "0"], "--alternatives 0: .* at least 1"),
        (["--svg", "a.svg", "--plan", "-1"], "--plan -1: expected the number of a plan"),
        (["--svg", "a.svg", "--plan", "1", "--alternatives", "2"], "give one of them"),
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
