import imageio.v3 as iio
import numpy as np

from strokes.formats.png import encode_png


def test_a_png_keeps_every_value_and_is_imageio_s(rng):
    colours = rng.integers(0, 256, (12, 17, 3), np.uint8)
    for picture in (colours, colours[..., 0]):
        content = encode_png(picture)
        np.testing.assert_array_equal(iio.imread(content), picture)
        assert content == iio.imwrite("<bytes>", picture, extension=".png")
