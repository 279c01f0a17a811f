from pathlib import Path

import numpy as np
import pytest

from datasets.synthetic import on_paper
from strokes.errors import DataError
from strokes.formats.png import encode_png
from strokes.pictures.digits import Layout, PreparedDigits, cut, find_pictures
from strokes.pictures.preparation import prepare
from tests.strokes.pictures.test_sheets import CELL, sheet


def saved(path, grey):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode_png(np.round(255 * grey).astype(np.uint8)))
    return path


def test_folders_are_searched_through_and_names_are_kept(tmp_path):
    for name in ("b/7.png", "b/deep/3_x.JPEG", "b/note.txt", "single.webp"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = find_pictures([tmp_path / "single.webp", tmp_path / "b"])
    assert found == [
        (tmp_path / "single.webp", Path("single")),
        (tmp_path / "b/7.png", Path("7")),
        (tmp_path / "b/deep/3_x.JPEG", Path("deep/3_x")),
    ]


def test_no_picture(tmp_path):
    with pytest.raises(DataError, match="no picture given"):
        find_pictures([])
    with pytest.raises(DataError, match=r"no picture in it \(looked for \.png,"):
        find_pictures([tmp_path])


def test_pictures_of_one_name_are_told_apart(tmp_path):
    files = [tmp_path / name for name in ("a/7.png", "b/7.png", "b/7.bmp", "c/1.png")]
    assert [str(name) for _, name in find_pictures(files)] == ["a-7", "b-7", "b-7-2", "1"]
    for file in files[:3]:
        saved(file, np.ones((9, 9)))
    assert [str(name) for _, name in find_pictures([tmp_path])] == ["a/7", "b/7", "b/7-2"]


@pytest.mark.parametrize("layout", [Layout(grid=(2, 3)), Layout(sheet=True)])
def test_a_sheet_s_digits_are_named_by_row_and_column(rng, layout):
    grey = on_paper(sheet(rng, 2, 3)[0], rng)
    names = [name for name, _ in cut(grey, layout)]
    assert names == [f"-row-{row}-column-{column}" for row in (1, 2) for column in (1, 2, 3)]


def test_a_line_is_parted_where_that_is_asked_for(tmp_path, rng):
    path = saved(tmp_path / "line.png", on_paper(sheet(rng, 1, 2)[0], rng))

    def halves(mask):
        left = np.arange(mask.shape[1]) < mask.shape[1] / 2
        return [mask & left, mask & ~left]

    found = list(PreparedDigits([path], separate=halves, complain=print))
    assert [str(one.name) for one in found] == ["line-digit-1", "line-digit-2"]
    assert [one.where for one in found] == [f"{path} digit 1", f"{path} digit 2"]
    assert all(one.picture == path for one in found)
    assert all("digits separated" in one.prepared.done for one in found)
    (whole,) = PreparedDigits([path], complain=print)
    assert whole.name == Path("line")


def test_a_fault_with_one_picture_does_not_take_the_others_along(tmp_path, rng):
    files = [saved(tmp_path / f"{n}.png", on_paper(sheet(rng, 1, 1)[0], rng)) for n in range(2)]
    said, masks = [], []

    def at_fault(mask):
        masks.append(mask)
        if len(masks) == 1:
            raise IndexError("of ours")
        return [mask]

    digits = PreparedDigits(files, separate=at_fault, complain=said.append)
    assert [str(one.name) for one in digits] == ["1"]
    assert digits.status == 2
    assert said == [f"{files[0]}: not prepared, IndexError('of ours')"]


def test_each_is_prepared_and_what_cannot_be_is_said_once(tmp_path, rng):
    grey = on_paper(sheet(rng, 1, 1)[0], rng)
    saved(tmp_path / "7/good.png", grey)
    saved(tmp_path / "7/blank.png", np.ones((CELL, CELL)))
    (tmp_path / "7/text.png").write_text("no picture")
    said = []
    digits = PreparedDigits([tmp_path, tmp_path / "missing.png"], complain=said.append)
    (found,) = digits
    assert found.name == Path("7/good")
    assert found.where == str(tmp_path / "7/good.png")
    levels = np.round(255 * grey) / 255
    np.testing.assert_array_equal(
        found.prepared.picture, prepare(levels.astype(np.float32)).picture
    )
    assert (digits.failed, digits.status) == (3, 2)
    assert len(said) == 3
    for line, words in zip(
        said, ("blank.png: blank", "text.png: no picture", "missing.png: No such"), strict=True
    ):
        assert words in line


def test_of_a_sheet_only_the_bad_cells_are_left_out(tmp_path, rng):
    ink, _ = sheet(rng, 1, 4)
    ink[:, CELL : 3 * CELL] = 0.0  # the second cell is blank; the third is one blot
    ink[5:-5, 2 * CELL + 7 : 3 * CELL - 7] = 1.0
    path, said = saved(tmp_path / "sheet.png", 1 - ink), []
    digits = PreparedDigits([path], layout=Layout(grid=(1, 4)), complain=said.append)
    names = [str(digit.name) for digit in digits]
    assert names == ["sheet-row-1-column-1", "sheet-row-1-column-4"]
    assert digits.failed == 1
    assert f"{path} row 1 column 3: blank" in said[0]
