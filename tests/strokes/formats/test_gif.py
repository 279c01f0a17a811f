import io

import imageio.v3 as iio
import numpy as np
import pytest
from PIL import Image

from strokes.formats.gif import encode_gif


@pytest.fixture
def frames(rng):
    return list(rng.integers(0, 256, (4, 12, 17, 3), np.uint8))


def decoded(content):
    return iio.imread(content, extension=".gif", mode="RGB").astype(int)


def test_few_colours_are_kept(rng):
    colours = rng.integers(0, 256, (256, 3), np.uint8)
    frames = colours[rng.integers(0, 256, (3, 40, 30))]
    np.testing.assert_array_equal(decoded(encode_gif(list(frames), [40] * 3)), frames)


def test_many_colours_are_nearly_kept_and_paper_is():
    shade = np.linspace(0, 1, 4096)[:, None]
    inks = np.stack([shade * np.array(ink) for ink in ([22, 28, 45], [235, 87, 45])])
    frames = np.round(inks + (1 - shade) * 255).astype(np.uint8).reshape(2, 64, 64, 3)
    frames[:, :20] = 255
    assert len(np.unique(frames.reshape(-1, 3), axis=0)) > 400
    found = decoded(encode_gif(list(frames), [40, 40]))
    assert np.abs(found - frames).max() <= 4
    assert (found[:, :20] == 255).all()


def test_each_frame_is_shown_as_long_as_it_is_told_and_again_for_ever(frames):
    picture = Image.open(io.BytesIO(encode_gif(frames, [40, 80, 40, 1800])))
    assert picture.format == "GIF"
    assert picture.info["loop"] == 0
    shown = []
    for index in range(picture.n_frames):
        picture.seek(index)
        shown.append(picture.info["duration"])
    assert shown == [40, 80, 40, 1800]
