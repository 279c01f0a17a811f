"""Sets of any classes in IDX files: EMNIST's, which are transposed, and Kuzushiji-MNIST's."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from datasets.idx import idx_shape, iterate_idx, read_idx
from datasets.picture_files import labels_beside
from datasets.prepared import MOST_BYTES, SIDES, Grey
from strokes.classes import Classes
from strokes.errors import DataError
from strokes.formats.limits import read_bytes

_LYING = 1.1  # times wider than high, in the mean: no alphabet is so that stands
_LOOKED_AT = 2000  # pictures
_MOST_MAPPING = 1 << 22


class IdxSet(NamedTuple):
    """The pictures of a file, with their labels as it says them."""

    images: Grey
    """``[N, H, W]``."""
    labels: npt.NDArray[np.uint8]
    """``[N]``."""


def read_idx_set(path: Path) -> IdxSet:
    """The pictures of a file, and their labels from the one beside it.

    Raises:
      DataError: either is missing, damaged, or does not fit the other.
    """
    beside = labels_beside(path)
    if beside is None:
        raise DataError(f"{path}: no file of its labels beside it, as train-labels-idx1-ubyte")
    shape, labels = idx_shape(path), read_idx(beside)
    if len(shape) != 3 or not all(SIDES[0] <= side <= SIDES[1] for side in shape[1:]):
        raise DataError(f"{path}: {list(shape)}, expected pictures [N, H, W] with sides of {SIDES}")
    if labels.shape != shape[:1]:
        raise DataError(f"{beside}: {list(labels.shape)}, expected [{shape[0]}] labels")
    if shape[0] * shape[1] * shape[2] > MOST_BYTES:
        raise DataError(f"{path}: {list(shape)}, more than {MOST_BYTES >> 30} GiB")
    images = np.empty(shape, np.uint8)
    place = 0
    for chunk in iterate_idx(path, 10_000):
        images[place : place + len(chunk)] = chunk
        place += len(chunk)
    return IdxSet(images, labels)


def height_over_width(images: Grey) -> float:
    """How much higher than wide the ink of pictures ``[N, H, W]`` is, in the mean."""
    some = images[:: max(1, len(images) // _LOOKED_AT)] > 127
    extents = [_extent(np.asarray(some.any(axis=axis))) for axis in (2, 1)]
    high, wide = (float(one.mean()) for one in extents)
    return high / wide if wide else 1.0


def _extent(inked: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """How many places lie from the first to the last that is true, in each row ``[N, S]``."""
    before, after = inked.argmax(axis=1), inked[:, ::-1].argmax(axis=1)
    return np.asarray(np.where(inked.any(axis=1), inked.shape[1] - before - after, 0))


def are_transposed(images: Grey) -> bool:
    """Whether the characters of pictures lie: rows are columns, as in EMNIST's files."""
    return height_over_width(images) < 1 / _LYING


def read_mapping(path: Path) -> dict[int, str]:
    """The name of each label: EMNIST's ``LABEL CODE``, or CSV as Kuzushiji-49's classmap.

    A code is a whole number or ``U+3042``; of several the first one counts (EMNIST's letters: a
    capital one and a small one). A third field of CSV, the character, says the same as the code.

    Raises:
      DataError: a line is none of these.
    """
    text = read_bytes(path, most=_MOST_MAPPING).decode("utf-8-sig", errors="replace")
    names = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = re.match(r"\s*(\d{1,5})[\s,]+(?:U\+([0-9A-Fa-f]{4,6})|(\d{1,7}))\b", line)
        if match is None:
            if number == 1 or not line.strip():
                continue  # names of columns
            raise DataError(f"{path}, line {number}: expected a label and the code of a character")
        code = int(match[2], 16) if match[2] else int(match[3])
        if code > 0x10FFFF:
            raise DataError(f"{path}, line {number}: no character has the code {code}")
        names[int(match[1])] = chr(code)
    if not names:
        raise DataError(f"{path}: no label in it")
    return names


def classes_of_labels(
    labels: Sequence[npt.NDArray[np.uint8]], names: dict[int, str] | None
) -> tuple[Classes, dict[int, int]]:
    """Classes by what labels say, and the number of each label.

    Args:
      labels: of each file.
      names: of `read_mapping`; without any, labels name themselves.

    Raises:
      DataError: a label has no name, or two have the same.
    """
    found = sorted({int(label) for some in labels for label in np.unique(some)})
    known = names or {label: str(label) for label in found}
    if missing := [label for label in found if label not in known]:
        raise DataError(f"label {missing[0]}: no character in the mapping")
    order = sorted(known)
    try:
        classes = Classes(tuple(known[label] for label in order))
    except ValueError as error:
        raise DataError(f"mapping: {error}") from error
    return classes, {label: number for number, label in enumerate(order)}
