import cv2
import imageio.v3 as iio
import numpy as np
import pytest

from datasets import DataError, load_thinned
from datasets.handwriting import prepare
from datasets.made_photos import on_paper
from datasets.sheets import split_free, split_grid
from scripts import prepare_handwriting
from train.errors import RunError

CELL = 110


def sheet(rng, rows, columns, *, ruled=False, blank=()):
    """Thinned test digits, enlarged with a pen of natural width, somewhere in their cells."""
    images, _ = load_thinned("test")
    ink = np.zeros((rows * CELL, columns * CELL), np.float32)
    for place in range(rows * columns):
        if place in blank:
            continue
        edge = int(rng.integers(78, 92))
        large = cv2.resize(images[place].astype(np.float32), (edge, edge), cv2.INTER_LINEAR)
        pen = cv2.dilate((large > 0.4).astype(np.float32), np.ones((5, 5), np.uint8))
        top, left = (n * CELL for n in divmod(place, columns))
        down, across = rng.integers(8, CELL - edge - 8 + 1, 2)
        ink[top + down : top + down + edge, left + across : left + across + edge] = pen
    if ruled:
        ink[::CELL] = ink[1::CELL] = 0.5
        ink[:, ::CELL] = ink[:, 1::CELL] = 0.5
    return ink, images[: rows * columns]


def agreement(pieces, images):
    """How much of each piece's ink lies where its digit's is, prepared alike."""
    shares = []
    for piece, image in zip(pieces, images, strict=True):
        thick = cv2.dilate(np.kron(image, np.ones((4, 4), np.uint8)), np.ones((7, 7), np.uint8))
        found, expected = (
            prepare(grey).picture / 255.0 for grey in (piece.grey, 1 - thick.astype(np.float32))
        )
        shares.append(np.minimum(found, expected).sum() / np.maximum(found, expected).sum())
    return np.array(shares)


def test_a_free_sheet_is_read_line_by_line(rng):
    ink, images = sheet(rng, 4, 6)
    pieces = split_free(on_paper(ink, rng))
    assert [(p.row, p.column) for p in pieces] == [(r, c) for r in range(4) for c in range(6)]
    assert agreement(pieces, images).min() > 0.5


def test_a_ruled_sheet_is_cut_into_its_cells(rng):
    ink, images = sheet(rng, 4, 6, ruled=True, blank=(3, 10))
    pieces = split_grid(on_paper(ink, rng), rows=4, columns=6)
    kept = [place for place in range(24) if place not in (3, 10)]
    assert [(p.row, p.column) for p in pieces] == [divmod(place, 6) for place in kept]
    assert agreement(pieces, images[kept]).min() > 0.5


def test_parts_of_a_digit_stay_together():
    """A five whose bar does not touch it, beside a four in two strokes."""
    ink = np.zeros((120, 200), np.float32)
    ink[30:36, 40:75] = 1.0  # the bar
    ink[44:70, 34:40] = ink[64:70, 34:70] = ink[64:95, 64:70] = ink[90:96, 34:70] = 1.0
    ink[30:70, 120:126] = ink[64:70, 120:160] = ink[30:100, 150:156] = 1.0
    pieces = split_free(1 - ink)
    assert len(pieces) == 2
    whole = prepare(1 - ink[:, :100]).picture.astype(int)
    assert np.abs(prepare(pieces[0].grey).picture - whole).mean() < 6


def test_what_is_no_sheet_is_one_clear_line(rng):
    with pytest.raises(DataError, match="too few for 20x20 cells"):
        split_grid(np.ones((100, 100), np.float32), rows=20, columns=20)
    with pytest.raises(DataError, match="mine: blank"):
        split_free(np.ones((100, 100), np.float32), name="mine")


def test_the_script_prepares_shows_and_names_what_it_cannot(tmp_path, rng, capsys):
    ink, _ = sheet(rng, 2, 3)
    folder = tmp_path / "mine"
    (folder / "7").mkdir(parents=True)
    single = np.round(255 * on_paper(ink[:CELL, :CELL], rng)).astype(np.uint8)
    iio.imwrite(folder / "7" / "good.png", single)
    (folder / "7" / "text.png").write_text("no picture")
    out = tmp_path / "out"
    args = [str(folder), "--out", str(out), "--show", "True"]
    assert prepare_handwriting.main(args) == 2
    said = capsys.readouterr()
    assert "prepared 1 digits" in said.out
    assert said.err.count("\n") == 1
    assert "text.png: no picture; expected PNG" in said.err
    assert iio.imread(out / "7" / "good.png").shape == (28, 28)
    strip = iio.imread(out / "stages" / "7" / "good.png")
    assert strip.shape[1] > 5 * 140
    assert not (out / "7" / "text.png").exists()

    whole = tmp_path / "sheet.png"
    iio.imwrite(whole, np.round(255 * on_paper(ink, rng)).astype(np.uint8))
    for option, value in (("--sheet", "True"), ("--grid", "2x3")):
        place = tmp_path / value
        args = [str(whole), option, value, "--out", str(place)]
        assert prepare_handwriting.main(args) == 0
        assert len(list(place.glob("sheet-row-*-column-*.png"))) == 6


@pytest.mark.parametrize("grid", ["6", "0x3", "axb", "6x"])
def test_a_grid_that_is_none_is_refused(tmp_path, grid):
    args = ["x.png", "--grid", grid, "--out", str(tmp_path / "out")]
    with pytest.raises(RunError, match=f"--grid {grid}: expected"):
        prepare_handwriting.main(args)


def test_a_sheet_is_ruled_or_it_is_not():
    with pytest.raises(RunError, match="give one"):
        prepare_handwriting.main(["x.png", "--grid", "2x3", "--sheet", "True"])
    with pytest.raises(RunError, match="no picture given"):
        prepare_handwriting.main([])


def test_two_pictures_of_one_name_are_refused(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "7.png").write_bytes(b"")
    files = [str(tmp_path / folder / "7.png") for folder in ("a", "b")]
    with pytest.raises(RunError, match="two pictures are named 7"):
        prepare_handwriting.main([*files, "--out", str(tmp_path / "out")])
