import imageio.v3 as iio
import numpy as np
import pytest

from datasets.synthetic import on_paper
from scripts import prepare_handwriting
from strokes.errors import DataError
from tests.scripts.photos import photo
from tests.strokes.pictures.test_sheets import CELL, sheet
from train.errors import RunError


def test_it_prepares_shows_and_names_what_it_cannot(tmp_path, rng, capsys):
    ink, _ = sheet(rng, 2, 3)
    folder = tmp_path / "mine"
    (folder / "7").mkdir(parents=True)
    single = np.round(255 * on_paper(ink[:CELL, :CELL], rng)).astype(np.uint8)
    iio.imwrite(folder / "7" / "good.png", single)
    (folder / "7" / "text.png").write_text("no picture")
    out = tmp_path / "out"
    args = [str(folder), "--out", str(out), "--show"]
    assert prepare_handwriting.main(args) == 2
    said = capsys.readouterr()
    assert "prepared 1 digits" in said.out
    assert said.err.count("\n") == 1
    assert "text.png: no picture; expected PNG" in said.err
    assert iio.imread(out / "7" / "good.png").shape == (28, 28)
    strip = iio.imread(out / "stages" / "7" / "good.png")
    assert strip.shape[1] > 5 * 140
    assert not (out / "7" / "text.png").exists()


@pytest.mark.parametrize("option", [["--sheet"], ["--sheet", "True"], ["--grid", "2x3"]])
def test_a_sheet_is_cut(tmp_path, rng, option):
    whole = tmp_path / "sheet.png"
    iio.imwrite(whole, np.round(255 * on_paper(sheet(rng, 2, 3)[0], rng)).astype(np.uint8))
    assert prepare_handwriting.main([str(whole), *option, "--out", str(tmp_path / "out")]) == 0
    assert len(list((tmp_path / "out").glob("sheet-row-*-column-*.png"))) == 6


@pytest.mark.parametrize("grid", ["6", "0x3", "axb", "6x"])
def test_a_grid_that_is_none_is_refused(tmp_path, grid):
    args = ["x.png", "--grid", grid, "--out", str(tmp_path / "out")]
    with pytest.raises(RunError, match=f"--grid {grid}: expected"):
        prepare_handwriting.main(args)


def test_a_sheet_is_ruled_or_it_is_not():
    with pytest.raises(RunError, match="give one"):
        prepare_handwriting.main(["x.png", "--grid", "2x3", "--sheet"])
    with pytest.raises(DataError, match="no picture given"):
        prepare_handwriting.main([])


def test_pictures_of_one_name_are_told_apart(tmp_path, rng):
    files = [tmp_path / folder / "7.png" for folder in ("a", "b")]
    for file in files:
        file.parent.mkdir()
        photo(7, file, rng)
    out = tmp_path / "out"
    assert prepare_handwriting.main([*map(str, files), "--out", str(out)]) == 0
    assert {path.name for path in out.iterdir()} == {"a-7.png", "b-7.png"}
