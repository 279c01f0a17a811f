import re

import imageio.v3 as iio
import numpy as np
import pytest

from datasets import load_thinned
from datasets.folders import iterate_pictures
from datasets.synthetic import on_paper
from scripts import prepare_handwriting
from scripts.shared import labels as labels_of_pictures
from strokes.errors import DataError
from strokes.pictures.files import pictures_in
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
    assert said.err.count("\n") == 1  # the label stands in the folder's name
    assert "text.png: no picture; expected PNG" in said.err
    assert iio.imread(out / "7" / "good.png").shape == (28, 28)
    strip = iio.imread(tmp_path / "out-stages" / "7" / "good.png")
    assert strip.shape[1] > 5 * 140
    assert not (out / "7" / "text.png").exists()


@pytest.mark.parametrize("option", [["--sheet"], ["--sheet", "True"], ["--grid", "2x3"]])
def test_a_sheet_is_cut(tmp_path, rng, option):
    whole = tmp_path / "sheet.png"
    iio.imwrite(whole, np.round(255 * on_paper(sheet(rng, 2, 3)[0], rng)).astype(np.uint8))
    assert prepare_handwriting.main([str(whole), *option, "--out", str(tmp_path / "out")]) == 0
    assert len(list((tmp_path / "out").glob("sheet-row-*-column-*.png"))) == 6


@pytest.fixture
def a_sheet(tmp_path, rng):
    """Two rows of three digits, as a photo; and which they are."""
    ink, _ = sheet(rng, 2, 3)
    whole = tmp_path / "sheet.png"
    iio.imwrite(whole, np.round(255 * on_paper(ink, rng)).astype(np.uint8))
    return str(whole), load_thinned("test")[1][:6].reshape(2, 3)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--grid", "2x3", "--label", "7"], [[7, 7, 7], [7, 7, 7]]),
        (["--grid", "2x3", "--row-labels", "40"], [[4, 4, 4], [0, 0, 0]]),
        (["--sheet", "--row-labels", "40"], [[4, 4, 4], [0, 0, 0]]),
        (["--grid", "2x3", "--column-labels", "123"], [[1, 2, 3], [1, 2, 3]]),
        (["--grid", "2x3", "--label-by-reading"], None),
    ],
)
def test_labels_are_given_and_then_read_from_the_folders(tmp_path, a_sheet, options, expected):
    path, labels = a_sheet
    out = tmp_path / "out"
    assert prepare_handwriting.main([path, *options, "--out", str(out)]) == 0
    (found,) = iterate_pictures(out)
    assert found.images.shape == (6, 28, 28)
    places = [re.findall(r"\d+", one.stem) for one in pictures_in(out)]
    for (row, column), label in zip(places, found.labels, strict=True):
        wanted = labels if expected is None else expected
        assert label == wanted[int(row) - 1][int(column) - 1]


def test_what_is_not_read_with_certainty_is_named(tmp_path, a_sheet, monkeypatch, capsys):
    monkeypatch.setattr(labels_of_pictures, "_SURE", 1.1)
    args = [a_sheet[0], "--grid", "2x3", "--label-by-reading", "--out", str(tmp_path / "out")]
    assert prepare_handwriting.main(args) == 0
    said = capsys.readouterr().err
    assert (
        len(re.findall(r"note: .*row \d column \d: read as \d, \d+\.\d%: look at it\n", said)) == 6
    )


def test_who_leaves_labels_out_is_told_how_to_give_them(tmp_path, a_sheet, capsys):
    out = tmp_path / "out"
    assert prepare_handwriting.main([a_sheet[0], "--grid", "2x3", "--out", str(out)]) == 0
    assert "note: 6 of them do not say which digit they are; --label 7" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--label", "7", "--label-by-reading"], "--label and --label-by-reading: give one"),
        (["--label", "10"], "--label 10: expected a digit from 0 to 9"),
        (["--row-labels", "01"], "--row-labels: of a sheet; give --grid"),
        (["--grid", "2x3", "--row-labels", "0x"], "--row-labels 0x: expected a digit for each"),
        (["--grid", "2x3", "--row-labels", "012"], "012: 3 digits for a grid of 2x3"),
        (["--grid", "2x3", "--column-labels", "01"], "01: 2 digits for a grid of 2x3"),
        (["--sheet", "--row-labels", "012"], "2 rows found, 3 labels given"),
        (["--sheet", "--column-labels", "01"], "3 columns found, 2 labels given"),
    ],
)
def test_labels_that_do_not_fit_are_refused_and_nothing_is_written(
    tmp_path, a_sheet, options, reason
):
    out = tmp_path / "out"
    with pytest.raises(RunError, match=reason):
        prepare_handwriting.main([a_sheet[0], *options, "--out", str(out)])
    assert not out.exists()


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
