import io

import imageio.v3 as iio
import numpy as np
import pytest
from PIL import Image

from strokes.formats.gif import encode_gif


@pytest.fixture
def frames(rng):
    return list(rng.integers(0, 256, (4, 12, 17, 3), np.uint8))


def test_a_gif_is_byte_for_byte_imageio_s(frames):
    durations = [40, 40, 40, 1800]
    expected = iio.imwrite("<bytes>", frames, extension=".gif", duration=durations, loop=0)
    assert encode_gif(frames, durations) == expected


def test_each_frame_is_shown_as_long_as_it_is_told_and_again_for_ever(frames):
    picture = Image.open(io.BytesIO(encode_gif(frames, [40, 80, 40, 1800])))
    assert picture.format == "GIF"
    assert picture.info["loop"] == 0
    shown = []
    for index in range(picture.n_frames):
        picture.seek(index)
        shown.append(picture.info["duration"])
    assert shown == [40, 80, 40, 1800]
