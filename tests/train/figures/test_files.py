import contextlib

import imageio.v3 as iio
import numpy as np
import pytest
from PIL import Image

from strokes.figures.animation import StrokeFigure, frame_durations, frames, still
from train.figures.files import save


@pytest.fixture
def figure(rng):
    """Three digits of five points each."""
    targets = (rng.random((3, 28, 28)) > 0.9).astype(np.uint8)
    points = rng.uniform(0.1, 0.9, (3, 5, 3)).astype(np.float32)
    up = np.array([[False, True, False, False, True]] * 3)
    return StrokeFigure(targets, points, up, rng.random((3, 28, 28)).astype(np.float32))


class Progress:
    """What was begun and how much of it was done."""

    def __init__(self):
        self.begun = []
        self.done = 0

    @contextlib.contextmanager
    def __call__(self, total, *, label, unit=" images"):
        self.begun.append((total, label, unit))
        yield self

    def advance(self, count):
        self.done += count


def test_a_png_is_the_still(figure, tmp_path):
    progress, path = Progress(), tmp_path / "deep" / "sheet.PNG"
    save(path, figure, size=40, columns=2, seconds=1.0, progress=progress)
    np.testing.assert_array_equal(iio.imread(path), still(figure, 40, columns=2))
    assert progress.begun == []


def test_a_gif_is_the_animation_frame_by_frame(figure, tmp_path):
    progress, path = Progress(), tmp_path / "some.gif"
    save(path, figure, size=40, columns=3, seconds=0.4, progress=progress)
    durations = frame_durations(0.4)
    assert progress.begun == [(len(durations), "drawing", " frames")]
    assert progress.done == len(durations)
    expected = list(frames(figure, 40, columns=3, seconds=0.4))
    with Image.open(path) as gif:
        assert gif.info["loop"] == 0
        assert gif.n_frames == len(expected)
        for index, (duration, picture) in enumerate(zip(durations, expected, strict=True)):
            gif.seek(index)
            assert gif.info["duration"] == duration
            found = np.asarray(gif.convert("RGB"), int)
            assert np.abs(found - picture).mean() < 3  # 256 colours
    assert list(tmp_path.iterdir()) == [path]


def test_a_film_has_even_sides_and_lasts_as_long(figure, tmp_path):
    path = tmp_path / "film.mp4"
    save(path, figure, size=29, columns=3, seconds=0.2, progress=Progress())
    film = iio.imread(path, plugin="pyav")
    height, width = still(figure, 29, columns=3).shape[:2]
    assert height % 2 == 1  # of three cells and four gaps: a row of paper is added
    assert film.shape[1:3] == (height + 1, width + width % 2)
    assert film[:, height:].mean() > 250  # films are lossy
    assert len(film) == sum(frame_durations(0.2)) // 40
    assert iio.immeta(path, plugin="pyav")["fps"] == 25


def test_what_fails_leaves_nothing_behind(figure, tmp_path):
    damaged = figure._replace(pen_up=figure.pen_up[:1])
    with pytest.raises(ValueError, match="zip"):
        save(tmp_path / "x.gif", damaged, size=28, columns=1, seconds=0.1, progress=Progress())
    assert list(tmp_path.iterdir()) == []
