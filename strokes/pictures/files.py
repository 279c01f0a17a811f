"""Pictures that people bring: files of any camera, scanner or program, read by their content.

Grey is float32 ``[H, W]`` in [0, 1], 0 black and 1 white; colours are uint8 ``[H, W, 3]``, RGB.
"""

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from strokes.errors import DataError

Grey = npt.NDArray[np.float32]
Colours = npt.NDArray[np.uint8]
Found = TypeVar("Found")

MOST_PIXELS = 40_000_000
"""A header that claims more is refused before anything is decoded."""

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "PPM")
"""As Pillow calls them; PPM is all of PBM, PGM and PPM. Of several pages the first is read."""

SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".dib", ".gif", ".tif", ".tiff"),
    *(".pbm", ".pgm", ".ppm", ".pnm", ".heic", ".heif", ".avif"),
)
"""Of the files in a folder that are taken for pictures; of the last ones it is said what to do."""

_REDUCIBLE = ("L", "LA", "RGB", "RGBA")
_SIXTEEN_BITS = ("I;16", "I;16B", "I;16L", "I;16N", "I")
_DEPTHS = (8, 10, 12, 14, 16)  # bits that cameras and scanners fill of sixteen
_PHONE = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif")


def pictures_in(folder: Path) -> list[Path]:
    """The pictures below a folder in the order of their paths, without what computers add to it.

    Raises:
      DataError: there is none.
    """
    paths = (path.relative_to(folder) for path in folder.rglob("*"))
    found = [
        folder / path
        for path in sorted(paths)
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    ]
    if not found:
        raise DataError(f"{folder}: no picture in it (looked for {', '.join(SUFFIXES)})")
    return found


def _is_phone_picture(source: Path | bytes) -> bool:
    """Whether a file is of the ISO media family, as phones save pictures (ISO 23008-12)."""
    if isinstance(source, bytes):
        head = source[:12]
    else:
        with source.open("rb") as file:
            head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] in _PHONE


def _opened(source: Path | bytes, name: str) -> Image.Image:
    """Read the header, and check what it claims."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            file = io.BytesIO(source) if isinstance(source, bytes) else source
            picture = Image.open(file, formats=FORMATS)
    except UnidentifiedImageError as error:
        if _is_phone_picture(source):
            reason = "a HEIC or AVIF picture, which is not read; save it as JPEG or PNG"
            raise DataError(f"{name}: {reason}") from error
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


def _ground_and_drawing(picture: Image.Image) -> tuple[int, Image.Image]:
    """A picture that is partly transparent, laid on paper that shows what is drawn.

    The paper is white, 255, or black, 0, where what is drawn is bright.
    """
    alpha = picture.convert("RGBA")
    levels, opacity = np.asarray(alpha.convert("LA"), np.float32).transpose(2, 0, 1)
    seen = float(opacity.sum())
    bright = seen > 0 and float((levels * opacity).sum()) / seen > 127.5
    ground = 0 if bright and opacity.min() < 255 else 255
    paper = Image.new("RGBA", alpha.size, (ground, ground, ground, 255))
    return ground, Image.alpha_composite(paper, alpha).convert("RGB")


def _full_range(levels: npt.NDArray[np.floating]) -> Grey:
    """Values of any unit, as scientific TIFFs hold them, from 0 to 1."""
    low, high = float(np.nanmin(levels)), float(np.nanmax(levels))
    return np.asarray(np.nan_to_num((levels - low) / max(high - low, 1e-12)), np.float32)


def read_picture(
    source: Path | bytes, *, name: str = "", enough: int | None = None
) -> Grey | Colours:
    """Read a picture of `FORMATS`, told by its content, turned upright as its EXIF data say.

    Grey, colour, palette and 16-bit pictures, transparent or not.

    Args:
      source: a file, or a file's content.
      name: what messages call it; the file's own path if not given.
      enough: pixels of the longer side: a larger picture is decoded, or then reduced, as coarsely
        as that allows.

    Returns:
      its colours, or grey values where it has no colours.

    Raises:
      DataError: it is no such picture, damaged, or larger than 40 megapixels.
      OSError: the file cannot be read at all.
    """
    return _read(source, name, _values, enough=enough)


def _read(
    source: Path | bytes,
    name: str,
    values: Callable[[Image.Image], Found],
    *,
    enough: int | None = None,
) -> Found:
    name = name or (str(source) if isinstance(source, Path) else "picture")
    with _opened(source, name) as opened:
        try:
            if enough is not None:
                scale = max(1.0, max(opened.size) / enough)
                opened.draft(None, (round(opened.width / scale), round(opened.height / scale)))
            picture: Image.Image = opened
            coarser = max(opened.size) // enough if enough is not None else 1
            if coarser > 1 and opened.mode in _REDUCIBLE:
                picture = opened.reduce(coarser)  # before anything of four bytes a pixel is made
            ImageOps.exif_transpose(picture, in_place=True)  # a copy of 12 megapixels takes 40 ms
            return values(picture)
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise DataError(f"{name}: a damaged picture ({error})") from error


def _values(upright: Image.Image) -> Grey | Colours:
    if upright.mode in _SIXTEEN_BITS:
        levels = np.asarray(upright, np.float32)
        highest = float(levels.max())
        full = min((2**bits - 1 for bits in _DEPTHS if highest < 2**bits), default=65535)
        return levels / np.float32(full)
    if upright.mode == "F":
        return _full_range(np.asarray(upright, np.float64))
    if upright.has_transparency_data:
        _, upright = _ground_and_drawing(upright)
    if upright.mode in ("1", "L"):
        return np.asarray(upright.convert("L"), np.float32) / 255.0
    colours = np.asarray(upright if upright.mode == "RGB" else upright.convert("RGB"))
    few = colours[::16, ::16]  # most pictures with colours show them there
    if (few[..., :1] == few[..., 1:]).all() and (colours[..., :1] == colours[..., 1:]).all():
        return colours[..., 0].astype(np.float32) / np.float32(255.0)
    return colours


def luminance(picture: Grey | Colours) -> Grey:
    """Grey values as the eye weighs colours (ITU-R BT.601); grey ones stay as they are."""
    if picture.ndim == 2:
        return np.asarray(picture, np.float32)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32) / np.float32(255.0)


def read_grey(source: Path | bytes, *, name: str = "") -> Grey:
    """Read a picture's grey values: `luminance` of what `read_picture` reads."""
    return luminance(read_picture(source, name=name))


def read_transparent(source: Path | bytes, *, name: str = "") -> Grey | None:
    """Ink, 0 where nothing is drawn and up to 1, of a picture on transparent ground.

    Returns:
      None where the picture has no transparent part.

    Raises:
      DataError, OSError: as `read_picture`.
    """
    return _read(source, name, _ink_on_nothing)


def _ink_on_nothing(upright: Image.Image) -> Grey | None:
    if not upright.has_transparency_data:
        return None
    if np.asarray(upright.convert("RGBA").getchannel("A")).min() == 255:
        return None
    ground, drawing = _ground_and_drawing(upright)
    return np.asarray(np.abs(luminance(np.asarray(drawing)) - ground / 255.0), np.float32)
