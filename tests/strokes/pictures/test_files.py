import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from strokes.errors import DataError
from strokes.pictures.files import read_grey


def encoded(picture, kind="PNG", **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def gradient(mode="L"):
    rows = np.linspace(0, 255, 40).round().astype(np.uint8)
    return Image.fromarray(np.repeat(rows[:, None], 30, axis=1)).convert(mode)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "PPM"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_kinds_and_colours(tmp_path, kind, mode):
    path = tmp_path / "picture"
    path.write_bytes(encoded(gradient(mode), kind))
    grey = read_grey(path)
    assert grey.shape == (40, 30)
    np.testing.assert_allclose(grey[:, 5], np.linspace(0, 1, 40), atol=0.03)


@pytest.mark.parametrize("bits", [8, 12])
def test_sixteen_bits_of_which_fewer_are_filled(bits):
    levels = np.linspace(0, 2**bits - 1, 40).round().astype(np.uint16)
    picture = Image.fromarray(np.repeat(levels[:, None], 30, axis=1))
    grey = read_grey(encoded(picture))
    np.testing.assert_allclose(grey[:, 5], np.linspace(0, 1, 40), atol=0.01)


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA"])
def test_other_modes(mode):
    grey = read_grey(encoded(gradient(mode)))
    assert grey[0].mean() < 0.1
    assert grey[-1].mean() > 0.9


def test_sixteen_bits():
    values = np.linspace(0, 65535, 40).round().astype(np.uint16)
    picture = Image.fromarray(np.repeat(values[:, None], 30, axis=1))
    np.testing.assert_allclose(read_grey(encoded(picture))[:, 0], values / 65535, atol=1e-4)


@pytest.mark.parametrize(("ink", "ground"), [(0, 1.0), (255, 0.0)])
def test_transparent_ground_is_paper_for_its_ink(ink, ground):
    values = np.zeros((30, 30, 4), np.uint8)
    values[10:20, 10:20] = (ink, ink, ink, 255)
    grey = read_grey(encoded(Image.fromarray(values)))
    assert grey[0, 0] == ground
    assert grey[15, 15] == ink / 255


def test_exif_turns_it_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90 degrees
    grey = read_grey(encoded(gradient(), "JPEG", exif=exif))
    assert grey.shape == (30, 40)
    assert grey[:, 0].mean() > grey[:, -1].mean()


def claiming(width, height):
    """A PNG whose header claims a size, with hardly anything behind it."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no picture at all", "no picture; expected PNG, JPEG, WEBP"),
        (b"", "no picture"),
        (claiming(8001, 5000), "claims 8001x5000 pixels, expected at most 40 megapixels"),
        (claiming(60_000, 60_000), "expected at most 40 megapixels"),
        (claiming(20, 20), "damaged"),
        (encoded(gradient())[:-40], "damaged"),
        (encoded(gradient(), "JPEG")[:-200], "damaged"),
        (
            b"\0\0\0\x18ftypheic" + bytes(20),
            "HEIC or AVIF picture, which is not read; save it as JPEG",
        ),
    ],
)
def test_what_is_no_picture_is_one_clear_line(tmp_path, content, message):
    path = tmp_path / "mine.png"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as error:
        read_grey(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_grey(tmp_path / "none.png")
