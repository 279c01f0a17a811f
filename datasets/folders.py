"""Pictures of digits from a folder or a file of many, in MNIST's place.

Pictures are uint8 ``[N, 28, 28]``, 0 paper to 255 ink.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from datasets.picture_files import SIDE, Pictures, iterate_file
from strokes.errors import DataError
from strokes.pictures.files import pictures_in, read_grey, read_transparent

_NAMED = re.compile(r"(?:(?:label|digit|class)[-_=. ]?)?([0-9])(?:[-_. ].*)?$", re.IGNORECASE)
_SAID = re.compile(
    r"(?:.*[-_. ])?(?:label|digit|class)[-_=. ]?([0-9]{1,9})(?:[-_. ].*)?$", re.IGNORECASE
)


def label_of(path: Path) -> int:
    """Label by the folder's name ("7/a.png"), or else by the file's ("7_a", "img_0_label_7")."""
    folder, stem = path.parent.name, path.stem
    for match in (_NAMED.fullmatch(folder), _SAID.fullmatch(stem), _NAMED.fullmatch(stem)):
        if match and int(match[1]) > 9:
            raise DataError(f"{path}: label {match[1]}, expected 0 to 9: only digits are written")
        if match:
            return int(match[1])
    raise DataError(
        f"{path}: which digit is it? Put it into a folder named 0 to 9, "
        f"or name it like 7_{path.name}"
    )


def _read_picture(path: Path, *, invert: bool) -> npt.NDArray[np.uint8]:
    picture = read_transparent(path)
    if picture is None:
        picture = 1.0 - read_grey(path) if invert else read_grey(path)
    if picture.shape != (SIDE, SIDE):
        raise DataError(
            f"{path}: {picture.shape[1]}x{picture.shape[0]} pixels, expected {SIDE}x{SIDE} "
            "as in MNIST; scripts.prepare_handwriting scales and centres digits"
        )
    return np.round(255.0 * picture).astype(np.uint8)


def _from_folder(folder: Path, chunk: int, *, invert: bool) -> Iterator[Pictures]:
    try:
        paths = pictures_in(folder)
    except DataError as error:
        if files := [one.name for one in sorted(folder.iterdir()) if "idx3-ubyte" in one.name]:
            raise DataError(f"{folder}: a folder of IDX files; give one, as {files[0]}") from error
        raise
    labels = np.array([label_of(path) for path in paths], np.int32)
    for start in range(0, len(paths), chunk):
        part = paths[start : start + chunk]
        images = np.stack([_read_picture(path, invert=invert) for path in part])
        yield Pictures(images, labels[start : start + chunk])


def _from_file(path: Path, labels: Path | None, chunk: int, *, invert: bool) -> Iterator[Pictures]:
    for pictures in iterate_file(path, labels=labels, chunk=chunk):
        yield pictures._replace(images=255 - pictures.images) if invert else pictures


def iterate_pictures(
    source: Path,
    *,
    labels: Path | None = None,
    invert: bool = False,
    transpose: bool = False,
    chunk: int = 10_240,
) -> Iterator[Pictures]:
    """Read pictures of digits, ``chunk`` at a time.

    What is drawn on transparent ground is ink, whether dark or bright.

    Args:
      source: a folder of pictures, searched through, whose labels are the names of their
        folders ("7/a.png"), begin their own ("7_a.png") or are named there
        ("img_0_label_7.png"); or a file of many (`datasets.picture_files`).
      labels: IDX file of the labels, where ``source`` is an IDX file.
      invert: the ink is dark on light paper.
      transpose: rows are columns, as in EMNIST's files.
      chunk: pictures to read together.

    Yields:
      pictures in the order of their paths, or of the file.

    Raises:
      DataError: a picture is unreadable, of another size or without a label.
    """
    if not source.exists():
        raise DataError(f"{source}: no such folder or file")
    if source.is_dir():
        read = _from_folder(source, chunk, invert=invert)
    else:
        read = _from_file(source, labels, chunk, invert=invert)
    for pictures in read:
        yield pictures._replace(images=pictures.images.swapaxes(1, 2)) if transpose else pictures
