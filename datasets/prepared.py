"""Sets of labelled pictures of any classes, and the one file that each is kept in.

The file is an ``.npz`` that NumPy reads, of numbers alone: for each split ``SPLIT_images`` uint8
``[N, H, W]``, 0 paper to 255 ink, ``SPLIT_labels`` int32 ``[N]``, the numbers of classes, and,
where writers are known, ``SPLIT_writers`` int32 ``[N]``, a number for each; and ``facts``, a JSON
object as UTF-8 bytes, with the names of the `strokes.classes`.
"""

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.classes import Classes, classes_of
from strokes.errors import DataError
from strokes.files import FIXED_DATE, atomic_path
from strokes.formats.limits import read_npz_arrays

Split = Literal["train", "test"]
Grey = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int32]

MOST_BYTES = 1 << 31
"""Of the pictures of a split."""

SIDES = (8, 256)
"""A picture's least and greatest height or width, in pixels."""


class PictureSet(NamedTuple):
    """Labelled pictures of one split."""

    images: Grey
    """``[N, H, W]``, 0 paper to 255 ink."""
    labels: Numbers
    """``[N]``, numbers of ``classes``."""
    classes: Classes
    writers: Numbers | None = None
    """``[N]``, the number of who wrote each; none where that is not known."""


class Part(NamedTuple):
    """One split, to be written: its pictures may come a chunk at a time."""

    labels: Numbers
    images: Iterable[Grey]
    """``[n, H, W]`` each, as many in all as labels."""
    writers: Numbers | None = None


def write_prepared(
    path: Path,
    splits: Mapping[Split, Part],
    classes: Classes,
    *,
    height: int,
    width: int,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write a set, one chunk of pictures in memory at a time; equal content gives equal bytes.

    Args:
      path: where to; written atomically.
      splits: "train", "test" or both.
      classes: what labels mean.
      height: of every picture.
      width: of every picture.
      facts: plain values to keep beside the classes' names.

    Raises:
      OSError: it cannot be written.
      Whatever the pictures raise; nothing is then written.
    """
    told = json.dumps({**(facts or {}), **classes.facts()}).encode()
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        _add(archive, "facts", (len(told),), [np.frombuffer(told, np.uint8)], np.uint8)
        for split, part in splits.items():
            count = len(part.labels)
            _add(archive, f"{split}_labels", (count,), [part.labels], np.int32)
            if part.writers is not None:
                _add(archive, f"{split}_writers", (count,), [part.writers], np.int32)
            shape = (count, height, width)
            _add(archive, f"{split}_images", shape, part.images, np.uint8)


def _add(
    archive: zipfile.ZipFile,
    name: str,
    shape: tuple[int, ...],
    chunks: Iterable[npt.NDArray[Any]],
    dtype: type[np.generic],
) -> None:
    entry = zipfile.ZipInfo(f"{name}.npy", FIXED_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    kind = np.lib.format.dtype_to_descr(np.dtype(dtype).newbyteorder("<"))
    header = {"descr": kind, "fortran_order": False, "shape": shape}
    rows = 0
    with archive.open(entry, "w", force_zip64=True) as member:
        np.lib.format.write_array_header_1_0(member, header)
        for chunk in chunks:
            assert chunk.shape[1:] == shape[1:]
            rows += len(chunk)
            member.write(np.ascontiguousarray(chunk, np.dtype(kind)).data)
    assert rows == shape[0]


def read_prepared(path: Path, split: Split) -> PictureSet:
    """Read one split of a set.

    Raises:
      DataError: the file is missing, damaged, none that `write_prepared` wrote, or without the
        split.
    """
    names = [f"{split}_images", f"{split}_labels", f"{split}_writers"]
    found = read_npz_arrays(
        path,
        lambda name: name in ("facts", *names),
        most=2 * MOST_BYTES,
        complaint="no set that scripts.prepare_folder or scripts.prepare_idx wrote",
    )
    try:
        facts = json.loads(bytes(found["facts"]))
        classes = classes_of(facts)
        images, labels = found[names[0]], found[names[1]]
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path}: no prepared set with a split {split!r} ({error!s:.200})"
        ) from error
    return checked_set(images, labels, classes, found.get(names[2]), source=str(path))


def checked_set(
    images: npt.NDArray[Any],
    labels: npt.NDArray[Any],
    classes: Classes,
    writers: npt.NDArray[Any] | None,
    *,
    source: str,
) -> PictureSet:
    """A set from arrays. Raises DataError for what they cannot mean."""
    sides = images.shape[1:]
    if images.dtype != np.uint8 or len(sides) != 2:
        raise DataError(f"{source}: {images.dtype} {list(images.shape)}, expected uint8 [N, H, W]")
    if not all(SIDES[0] <= side <= SIDES[1] for side in sides):
        raise DataError(f"{source}: pictures of {sides[1]}x{sides[0]}, expected sides of {SIDES}")
    for name, array in (("labels", labels), ("writers", writers)):
        if array is not None and (array.dtype.kind not in "iu" or array.shape != images.shape[:1]):
            raise DataError(
                f"{source}: {name} are {list(array.shape)} {array.dtype}, expected a whole number "
                f"for each of {len(images)} pictures"
            )
    if not len(images):
        raise DataError(f"{source}: no picture in it")
    if labels.min() < 0 or labels.max() >= len(classes):
        raise DataError(
            f"{source}: labels from {labels.min()} to {labels.max()}, for {len(classes)} classes"
        )
    known = None if writers is None else writers.astype(np.int32)
    return PictureSet(images, labels.astype(np.int32), classes, known)
