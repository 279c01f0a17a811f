"""What is odd about pictures that are to be exported: dark on light, blank, transposed.

Pictures are uint8 ``[N, side, side]``, 0 paper to 255 ink, or what was taken for that.
"""

import functools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from datasets.picture_files import Pictures
from strokes.classes import DIGITS, Classes
from strokes.reading.recognizer import Recognizer, load_recognizer

_BLANK = 32  # levels between the darkest and the brightest
_RIM = 3  # pixels around, where MNIST's digits have no ink
_LOOKED_AT = 200  # digits that are read, either way round
_MORE_OFTEN = 0.2  # of the digits must be read better the other way round


def is_blank(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which pictures show nothing, ``[N]``."""
    return images.max(axis=(1, 2)).astype(int) - images.min(axis=(1, 2)) < _BLANK


def is_dark_on_light(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which pictures have bright paper at their border, ``[N]``."""
    rim = np.ones(images.shape[1:], bool)
    rim[_RIM:-_RIM, _RIM:-_RIM] = False
    return np.median(images[:, rim], axis=1) > 127


@functools.cache
def reader_of(classes: Classes) -> Recognizer | None:
    """What ships and reads grey pictures of these classes, if anything; loaded once."""
    return load_recognizer() if classes == DIGITS else None


def notices(pictures: Pictures, recognizer: Recognizer | None) -> Iterator[str]:
    """What is odd, a line each, with the share of pictures concerned and what to do.

    Args:
      pictures: N of them, at least one.
      recognizer: of grey pictures of their classes; without one nobody sees what is transposed.
    """
    images, labels = pictures
    blank, dark = is_blank(images), is_dark_on_light(images)
    if blank.any():
        yield f"{_share(blank)} are blank: nothing is drawn in them"
    if (dark & ~blank).any():
        yield f"{_share(dark & ~blank)} have dark ink on light paper: --invert reads them so"
    chosen = np.flatnonzero(~blank)
    chosen = chosen[:: max(1, len(chosen) // _LOOKED_AT)][:_LOOKED_AT]
    if not len(chosen) or recognizer is None:
        return
    if (recognizer.config.height, recognizer.config.width) != images.shape[1:]:
        return
    upright = np.where(dark[chosen, None, None], 255 - images[chosen], images[chosen])
    turned = np.ascontiguousarray(upright.swapaxes(1, 2))
    told = [recognizer.read(way) == labels[chosen] for way in (upright, turned)]
    if told[1].mean() > told[0].mean() + _MORE_OFTEN:
        yield (
            f"{_share(told[1] & ~told[0])} that were looked at are read as their labels only with "
            "rows and columns exchanged, as in EMNIST's files: --transpose reads them so"
        )


def _share(concerned: npt.NDArray[np.bool_]) -> str:
    return f"{concerned.mean():.0%} of {len(concerned):,} pictures"
