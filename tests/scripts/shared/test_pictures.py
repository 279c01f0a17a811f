from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest

from scripts.shared import console
from scripts.shared.pictures import PictureOptions
from strokes.errors import DataError
from strokes.pictures.digits import Layout
from train.errors import RunError


def options(*args):
    return console.parse(PictureOptions, args=list(map(str, args)))


@pytest.fixture
def seven(tmp_path):
    """A picture of a seven."""
    picture = np.full((100, 100), 250, np.uint8)
    picture[20:28, 25:75] = picture[20:80, 67:75] = 20
    iio.imwrite(tmp_path / "7.png", picture)
    return tmp_path / "7.png"


def test_what_the_command_line_says(tmp_path):
    found = options("a.png", tmp_path, "--grid", "6x8", "--centring", "box")
    assert found.pictures == (Path("a.png"), tmp_path)
    assert (found.grid, found.centring, found.sheet) == ("6x8", "box", False)
    assert options("a.png").centring == "mass"


def test_where_the_digits_are():
    assert options("a.png").layout() == Layout()
    assert options("a.png", "--sheet").layout() == Layout(sheet=True)
    assert options("a.png", "--grid", "6x8").layout() == Layout(grid=(6, 8))
    assert options("a.png", "--grid", "120x1").layout() == Layout(grid=(120, 1))


@pytest.mark.parametrize("grid", ["6", "0x3", "3x0", "axb", "6x", "6x8x2", "1000x1", "-1x2", "6X8"])
def test_a_grid_that_is_none_is_refused(grid):
    with pytest.raises(RunError, match=f"--grid {grid}: expected rows and columns, as 6x8"):
        options("a.png", f"--grid={grid}").layout()


def test_a_sheet_is_ruled_or_it_is_not():
    with pytest.raises(RunError, match="give one"):
        options("a.png", "--grid", "2x3", "--sheet").layout()


def test_digits_are_prepared_and_what_cannot_be_is_said(seven, tmp_path, capsys):
    (tmp_path / "text.png").write_text("no picture")
    found = options(tmp_path).digits()
    (digit,) = found
    assert digit.name == Path("7")
    assert digit.prepared.picture.shape == (28, 28)
    said = capsys.readouterr()
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    assert "text.png" in said.err
    assert not said.out
    assert found.status == 2


def test_the_centring_is_heeded(seven):
    pictures = [
        next(iter(options(seven, "--centring", name).digits())).prepared.picture
        for name in ("mass", "box", "padded", "cell")
    ]
    for index, one in enumerate(pictures):
        assert all((one != other).any() for other in pictures[index + 1 :])


def test_nothing_to_prepare_is_refused_at_once(tmp_path):
    with pytest.raises(DataError, match="no picture given"):
        options().digits()
    with pytest.raises(DataError, match="no picture in it"):
        options(tmp_path).digits()
