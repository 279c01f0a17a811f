"""Named sets of pictures: a table, `SETS`; any other name is a file's that was prepared.

A new set is a module that gives its pictures, and a row here: ``--set NAME`` then takes it.
Programs look names up before anything else, so what a set needs is loaded when it is asked for: the
table itself loads no NumPy.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.pictures.names import SIDE

if TYPE_CHECKING:
    from datasets.prepared import PictureSet, Split
    from strokes.networks.config import Kind


class NamedSet(NamedTuple):
    """A set that is known by name."""

    classes: Callable[[], Classes]
    """Gives its classes."""
    grey: Callable[["Split", Path | None, int], "PictureSet"]
    """Gives a split, from a folder to look in, with pictures of a side."""
    find: Callable[[], Path]
    """The file that its thinned pictures are made of; raises DataError where there is none."""
    thinned: Callable[["Split"], "PictureSet"] | None = None
    """Gives a split that lies thinned already; otherwise grey ones are thinned."""
    any_side: bool = False
    """Whether its pictures are drawn, in any size."""


def _grey_digits(split: "Split", data_dir: Path | None, _: int) -> "PictureSet":
    from datasets.mnist import load_mnist
    from datasets.prepared import PictureSet

    return PictureSet(*load_mnist(split, data_dir=data_dir), DIGITS)


def _thinned_digits(split: "Split") -> "PictureSet":
    from datasets.prepared import PictureSet
    from datasets.thinned import load_thinned

    return PictureSet(*load_thinned(split), DIGITS)


def _find_digits() -> Path:
    from datasets.thinned import THINNED_FILE

    return THINNED_FILE


def _letters() -> Classes:
    from datasets.letters import LETTERS

    return LETTERS


def _grey_letters(split: "Split", data_dir: Path | None, side: int) -> "PictureSet":
    from datasets.letters import load_letters

    return load_letters(split, data_dir=data_dir, side=side)


def _find_letters() -> Path:
    from datasets.letters import find_letters

    return find_letters()


SETS = {
    "digits": NamedSet(lambda: DIGITS, _grey_digits, _find_digits, _thinned_digits),
    "letters": NamedSet(_letters, _grey_letters, _find_letters, any_side=True),
}
"""The sets that are known by name; any other name is a file's."""


def file_of(name: str) -> Path:
    """The file that a set is read from, thinned. Raises DataError where a known one has none."""
    return SETS[name].find() if name in SETS else Path(name).absolute()


def classes_and_size(name: str) -> tuple[Classes, int, int]:
    """The classes of a set, and its pictures' height and width where nothing else is asked for.

    Args:
      name: as `load_picture_set` takes it.

    Raises:
      DataError: a file is not there, or damaged.
    """
    if name in SETS:
        return SETS[name].classes(), SIDE, SIDE
    found = load_picture_set(name, "train")
    height, width = found.images.shape[1:]
    return found.classes, height, width


def load_picture_set(
    name: str,
    split: "Split",
    *,
    kind: "Kind" = "grey",
    data_dir: Path | None = None,
    side: int | None = None,
) -> "PictureSet":
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
    if name in SETS:
        return _of_named(name, split, kind, data_dir, side or SIDE)
    from datasets.prepared import read_prepared

    found = read_prepared(Path(name), split)
    height, width = found.images.shape[1:]
    if side not in (None, height):
        raise DataError(f"{name}: pictures of {width}x{height}, not of {side}; prepare it anew")
    return found if kind == "grey" else _thin(found)


def _of_named(
    name: str, split: "Split", kind: "Kind", data_dir: Path | None, side: int
) -> "PictureSet":
    known = SETS[name]
    if side != SIDE and not known.any_side:
        raise DataError(f"{name} are of {SIDE}x{SIDE} pixels, as MNIST's; not of {side}x{side}")
    if kind == "thinned" and known.thinned is not None:
        return known.thinned(split)
    found = known.grey(split, data_dir, side)
    return found if kind == "grey" else _thin(found)


def _thin(pictures: "PictureSet") -> "PictureSet":
    import numpy as np

    from strokes.pictures.thinning import thin

    return pictures._replace(images=np.asarray(thin(pictures.images)))
