"""What is odd about pictures to export: dark on light, blank, turned, or not as they are labelled.

Pictures are uint8 ``[N, side, side]``, 0 paper to 255 ink, or what was taken for that.
"""

import functools
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from datasets.picture_files import Grey, Pictures
from strokes.classes import DIGITS, Classes
from strokes.reading.recognizer import Recognizer, load_recognizer

_BLANK = 32  # levels between the darkest and the brightest
_RIM = 3  # pixels around, where MNIST's digits have no ink
_LOOKED_AT = 200  # digits that are read, either way round
_MORE_OFTEN = 0.2  # of the digits must be read better the other way round
_AS_LABELLED = 0.5  # of the digits are read as their labels, at least: else something is wrong
_BY_HAND = ": make them upright first"
_WAYS: dict[str, Callable[[Grey], Grey]] = {
    "with rows and columns exchanged, as in EMNIST's files: --transpose reads them so": (
        lambda images: images.swapaxes(1, 2)
    ),
    f"mirrored{_BY_HAND}": lambda images: images[:, :, ::-1],
    f"upside down{_BY_HAND}": lambda images: images[:, ::-1],
    f"turned by a quarter to the right{_BY_HAND}": lambda images: np.rot90(images, 3, (1, 2)),
    f"turned by a quarter to the left{_BY_HAND}": lambda images: np.rot90(images, 1, (1, 2)),
    f"turned by half a circle{_BY_HAND}": lambda images: np.rot90(images, 2, (1, 2)),
}
"""How else pictures may be meant, and what to do."""


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
      recognizer: of grey pictures of their classes; without one nobody sees what is turned.
    """
    images, labels = pictures
    blank, dark = is_blank(images), is_dark_on_light(images)
    if blank.any():
        yield f"{_share(blank)} are blank: nothing is drawn in them"
    if (dark & ~blank).any():
        cure = "reads them so" if (dark | blank).all() else "inverts all: keep them apart"
        yield f"{_share(dark & ~blank)} have dark ink on light paper: --invert {cure}"
    chosen = np.flatnonzero(~blank)
    chosen = chosen[:: max(1, len(chosen) // _LOOKED_AT)][:_LOOKED_AT]
    if not len(chosen) or recognizer is None:
        return
    if (recognizer.config.height, recognizer.config.width) != images.shape[1:]:
        return
    upright = np.where(dark[chosen, None, None], 255 - images[chosen], images[chosen])
    yield from _misread(upright, labels[chosen], recognizer)


def _misread(upright: Grey, labels: npt.NDArray[np.int32], recognizer: Recognizer) -> Iterator[str]:
    """Whether pictures, 0 paper to 255 ink, are read as their labels only turned, or not at all."""
    told = recognizer.read(upright) == labels
    if told.mean() >= 1 - _MORE_OFTEN:
        return
    turned = {
        way: recognizer.read(np.ascontiguousarray(turn(upright))) == labels
        for way, turn in _WAYS.items()
    }
    best = max(turned, key=lambda way: turned[way].mean())
    if turned[best].mean() > max(told.mean() + _MORE_OFTEN, _AS_LABELLED):
        only = turned[best] & ~told
        yield f"{_share(only)} that were looked at are read as their labels only {best}"
    elif told.mean() < _AS_LABELLED:
        yield f"{_share(~told)} that were looked at are not read as their labels: do these fit?"


def _share(concerned: npt.NDArray[np.bool_]) -> str:
    return f"{concerned.mean():.0%} of {len(concerned):,} pictures"
