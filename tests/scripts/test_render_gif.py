import imageio.v3 as iio
import numpy as np
import pytest
from PIL import Image

from datasets import load_thinned
from scripts import render_gif
from train.errors import RunError


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], "give one of --checkpoint"),
        (["--dataset", "/x.parquet", "--checkpoint", "/x"], "give one of --checkpoint"),
        (["--dataset", "/x.parquet", "--out", "a.bmp"], "ends in .gif"),
        (["--dataset", "/x.parquet", "--size", "9"], "--size 9: expected"),
        (["--dataset", "/x.parquet", "--columns", "0"], "--columns 0: expected"),
        (["--dataset", "/x.parquet"], "--dataset /x.parquet: no such file"),
        (["--dataset", __file__], "test_render_gif.py: not a readable"),
        (["--checkpoint", "/nowhere"], "/nowhere holds no run"),
    ],
)
def test_bad_input_is_one_clear_message_and_status_2(program, tmp_path, monkeypatch, args, says):
    monkeypatch.chdir(tmp_path)
    done = program("scripts.render_gif", *args)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr + done.stdout
    assert list(tmp_path.iterdir()) == []


def test_gif_moves_is_held_and_loops(run, tmp_path):
    out = tmp_path / "some.gif"
    args = ["--checkpoint", str(run), "--out", str(out), "--digits", "3", "1", "4", "--size", "56"]
    assert render_gif.main([*args, "--seconds", "0.8"]) == 0
    with Image.open(out) as gif:
        durations = []
        for index in range(gif.n_frames):
            gif.seek(index)
            durations.append(gif.info["duration"])
        assert gif.info["loop"] == 0
    assert min(durations) >= 20  # browsers slow down anything faster
    assert durations[-1] >= 1000
    assert sum(durations[:-1]) == pytest.approx(800, abs=50)
    frames = iio.imread(out)
    assert (frames[0] != frames[-1]).any()
    # Ink only grows in the pen's row, but for the tip.
    ink = (frames[:, 60:120] < 60).all(-1).sum((1, 2))
    assert ink[-1] > ink[len(ink) // 2] > ink[0]


def test_sheet_mp4_and_exported_file(run, exported, tmp_path):
    sheet, film = tmp_path / "sheet.png", tmp_path / "film.mp4"
    args = ["--dataset", str(exported / "test.parquet"), "--indices", "0", "1", "2"]
    assert render_gif.main([*args, "--columns", "2", "--out", str(sheet)]) == 0
    assert render_gif.main([*args, "--seconds", "0.2", "--size", "29", "--out", str(film)]) == 0
    frames = iio.imread(film, plugin="pyav")
    assert len(frames) > 40
    wide = tmp_path / "wide.png"
    render_gif.main(["--checkpoint", str(run), *args[2:], "--columns", "2", "--out", str(wide)])
    # Drawn from the file or from the model that wrote it, it is the same picture.
    difference = np.abs(iio.imread(sheet).astype(int) - iio.imread(wide))
    assert difference.mean() < 0.05
    with pytest.raises(RunError, match="--indices 10000: expected 0 to 499"):
        render_gif.main([*args[:3], "10000"])


def test_the_seed_decides_which_digits_are_drawn(run, tmp_path):
    def sheet(seed):
        out = tmp_path / f"{seed}.png"
        args = ["--checkpoint", str(run), "--out", str(out), "--size", "28", "--columns", "1"]
        assert render_gif.main([*args, "--digits", "5", "2", "--seed", str(seed)]) == 0
        return iio.imread(out)

    def shown(picture, row):
        """The digit that a row of the sheet shows, beside its captions."""
        cell = picture[2 + row * 30 :, -30:][:28, :28, 0]
        return cell < 128

    one, other = sheet(0), sheet(1)
    assert (one != other).any()
    np.testing.assert_array_equal(one, sheet(0))
    images, labels = load_thinned("test")
    for row, digit in ((0, 5), (3, 2)):  # picture, pen and drawing, twice
        of_digit = images[labels == digit].astype(bool)
        for picture in (one, other):
            assert (of_digit == shown(picture, row)).all(axis=(1, 2)).any()
    with pytest.raises(RunError, match="--digits 10: expected a digit from 0 to 9"):
        render_gif.main(["--checkpoint", str(run), "--digits", "10"])
