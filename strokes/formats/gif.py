"""Animations as GIF."""

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

_COLOURS = 256
_CODES = 1 << 24
_AT_ONCE = 1 << 16  # colours compared with the palette

Frame = npt.NDArray[np.uint8]


def encode_gif(frames: Sequence[Frame], durations: Sequence[int]) -> bytes:
    """Encode frames as a GIF that is repeated for ever.

    All frames share one palette: their own colours if these are at most 256; else 255 by median
    cut (P. Heckbert, 1982) and the commonest one, which is the paper's. A palette for each frame
    takes ten times as long to find, and ten times the bytes.

    Args:
      frames: uint8 ``[H, W, 3]`` each, RGB.
      durations: milliseconds that each is shown; GIF keeps hundredths of a second.
    """
    codes = [_coded(frame) for frame in frames]
    seen = np.zeros(_CODES, np.bool_)
    for code in codes:
        seen[code] = True
    colours = np.flatnonzero(seen)
    palette = colours
    if len(colours) > _COLOURS:
        values, counts = np.unique(codes[-1], return_counts=True)
        palette = np.append(_median_cut(colours), values[counts.argmax()])
    index = np.zeros(_CODES, np.uint8)
    for start in range(0, len(colours), _AT_ONCE):
        some = colours[start : start + _AT_ONCE]
        index[some] = _nearest(_decoded(some), _decoded(palette))
    shades = _decoded(palette).astype(np.uint8).tobytes()
    pictures = []
    for code in codes:
        picture = Image.fromarray(index[code])
        picture.putpalette(shades)
        pictures.append(picture)
    first, *others = pictures
    file = io.BytesIO()
    first.save(
        file, format="GIF", save_all=True, append_images=others, duration=list(durations), loop=0
    )
    return file.getvalue()


def _coded(frame: Frame) -> npt.NDArray[np.int32]:
    """The colours ``[H, W, 3]`` of a frame as numbers ``[H, W]`` below 2^24."""
    red, green, blue = np.moveaxis(frame.astype(np.int32), -1, 0)
    return np.asarray(red << 16 | green << 8 | blue, np.int32)


def _decoded(codes: npt.NDArray[np.integer]) -> npt.NDArray[np.float32]:
    """Numbers ``[n]`` as colours ``[n, 3]``."""
    return np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.float32)


def _median_cut(colours: npt.NDArray[np.integer]) -> npt.NDArray[np.int32]:
    """255 colours for many, as numbers."""
    picture = Image.fromarray(_decoded(colours).astype(np.uint8)[None])
    cut = picture.quantize(_COLOURS - 1, method=Image.Quantize.MEDIANCUT)
    shades = np.array(cut.getpalette(), np.uint8).reshape(-1, 3)
    return np.asarray(_coded(shades[None])[0])


def _nearest(
    colours: npt.NDArray[np.float32], palette: npt.NDArray[np.float32]
) -> npt.NDArray[np.intp]:
    """For each of some colours ``[n, 3]``, which of a palette's ``[m, 3]`` is nearest: ``[n]``."""
    products = (palette**2).sum(axis=1) - 2.0 * colours @ palette.T
    return np.asarray(products.argmin(axis=1))
