"""Pictures that people bring: files of any camera, scanner or program, as grey values.

Grey is float32 ``[H, W]`` in [0, 1], 0 black and 1 white.
"""

import io
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from strokes.errors import DataError

Grey = npt.NDArray[np.float32]

MOST_PIXELS = 40_000_000
"""A header that claims more is refused before anything is decoded."""

FORMATS = ("PNG", "JPEG", "WEBP")

_SIXTEEN_BITS = ("I;16", "I;16B", "I;16L", "I;16N", "I")


def _opened(source: Path | bytes, name: str) -> Image.Image:
    """Read the header, and check what it claims."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            file = io.BytesIO(source) if isinstance(source, bytes) else source
            picture = Image.open(file, formats=FORMATS)
    except UnidentifiedImageError as error:
        raise DataError(f"{name}: no picture; expected {', '.join(FORMATS)}") from error
    except Image.DecompressionBombError as error:
        raise DataError(
            f"{name}: claims too many pixels, expected at most 40 megapixels"
        ) from error
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise
        raise DataError(f"{name}: a damaged picture ({error})") from error
    width, height = picture.size
    if width * height > MOST_PIXELS:
        picture.close()
        raise DataError(f"{name}: claims {width}x{height} pixels, expected at most 40 megapixels")
    return picture


def _on_paper(grey: Grey, opacity: Grey) -> Grey:
    """Grey values of a picture that is partly transparent.

    What is drawn on transparent ground is dark or bright: the ground becomes the other.
    """
    seen = float(opacity.sum())
    drawn = float((grey * opacity).sum()) / seen if seen > 0 else 0.0
    ground = 0.0 if drawn > 0.5 and float(opacity.min()) < 1.0 else 1.0
    return np.asarray(grey * opacity + ground * (1.0 - opacity), np.float32)


def read_grey(source: Path | bytes, *, name: str = "") -> Grey:
    """Read a PNG, JPEG or WebP, turned upright as its EXIF data say.

    Grey, colour, palette and 16-bit pictures, transparent or not.

    Args:
      source: a file, or a file's content.
      name: what messages call it; the file's own path if not given.

    Raises:
      DataError: it is no such picture, damaged, or larger than 40 megapixels.
      OSError: the file cannot be read at all.
    """
    name = name or (str(source) if isinstance(source, Path) else "picture")
    with _opened(source, name) as opened:
        try:
            upright = ImageOps.exif_transpose(opened)
            if upright.mode in _SIXTEEN_BITS:
                return np.asarray(upright, np.float32) / 65535.0
            if not upright.has_transparency_data:
                return np.asarray(upright.convert("L"), np.float32) / 255.0
            levels = np.asarray(upright.convert("RGBA").convert("LA"), np.float32) / 255.0
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise DataError(f"{name}: a damaged picture ({error})") from error
    return _on_paper(levels[..., 0], levels[..., 1])
