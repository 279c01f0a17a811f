"""Named sets of pictures: a table, `SETS`; any other name is a file's that was prepared.

A new set is a module that gives its pictures, and a row here: ``--set NAME`` then takes it.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from datasets.letters import LETTERS, load_letters
from datasets.mnist import load_mnist
from datasets.prepared import PictureSet, Split, read_prepared
from datasets.thinned import load_thinned
from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.networks.config import Kind
from strokes.pictures.thinning import thin

SIDE = 28
"""Height and width of pictures where nothing else is said."""


def _digits(split: Split, data_dir: Path | None, side: int) -> PictureSet:
    if side != SIDE:
        raise DataError(f"digits are of {SIDE}x{SIDE} pixels, as MNIST's; not of {side}x{side}")
    return PictureSet(*load_mnist(split, data_dir=data_dir), DIGITS)


def _letters(split: Split, data_dir: Path | None, side: int) -> PictureSet:
    return load_letters(split, data_dir=data_dir, side=side)


SETS: dict[str, Callable[[Split, Path | None, int], PictureSet]] = {
    "digits": _digits,
    "letters": _letters,
}
"""What gives a split of a set, from a folder to look in, with pictures of a side."""


_KNOWN = {"digits": DIGITS, "letters": LETTERS}


def classes_and_size(name: str) -> tuple[Classes, int, int]:
    """The classes of a set, and its pictures' height and width where nothing else is asked for.

    Args:
      name: as `load_picture_set` takes it.

    Raises:
      DataError: a file is not there, or damaged.
    """
    if name in _KNOWN:
        return _KNOWN[name], SIDE, SIDE
    found = load_picture_set(name, "train")
    height, width = found.images.shape[1:]
    return found.classes, height, width


def load_picture_set(
    name: str,
    split: Split,
    *,
    kind: Kind = "grey",
    data_dir: Path | None = None,
    side: int | None = None,
) -> PictureSet:
    """One split of a set.

    Args:
      name: of `SETS`, or the path of a file that scripts.prepare_folder or prepare_idx wrote.
      split: "train" or "test".
      kind: "grey", or "thinned": pictures of 0 and 1, lines one pixel wide.
      data_dir: folder to look in first for what a named set is made of.
      side: of pictures, for a set that can be drawn in any size; as it comes if not given.

    Raises:
      DataError: it is not there, damaged, or not to be had in that size.
    """
    if name == "digits" and kind == "thinned":
        return PictureSet(*load_thinned(split), DIGITS)
    if name in SETS:
        found = SETS[name](split, data_dir, side or SIDE)
    else:
        found = read_prepared(Path(name), split)
        height, width = found.images.shape[1:]
        if side not in (None, height):
            raise DataError(f"{name}: pictures of {width}x{height}, not of {side}; prepare it anew")
    return found if kind == "grey" else found._replace(images=np.asarray(thin(found.images)))
