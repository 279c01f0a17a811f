"""Pictures of characters from a folder, or from one or more files of many, in MNIST's place.

Pictures are uint8 ``[N, side, side]``, 0 paper to 255 ink.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from datasets.picture_files import Pictures, count_pictures, iterate_file
from strokes.classes import DIGITS, Classes, name_of_folder
from strokes.errors import DataError
from strokes.pictures.files import pictures_in, read_grey, read_transparent
from strokes.pictures.names import SIDE

CHUNK = 10_240
"""Pictures that are read together."""

_SHARDS = (".parquet", ".tar")
_NAMED = re.compile(r"(?:(?:label|digit|class)[-_=. ]?)?([0-9])(?:[-_. ].*)?$", re.IGNORECASE)
_SAID = re.compile(
    r"(?:.*[-_. ])?(?:label|digit|class)[-_=. ]?([0-9]{1,9})(?:[-_. ].*)?$", re.IGNORECASE
)


def label_of(path: Path, classes: Classes = DIGITS) -> int:
    """Label by the folder's name ("7/a.png"), or else by the file's ("7_a", "img_0_label_7").

    Of other classes than digits the folder is named as the class, or by its characters' codes
    ("U+4E00"; `strokes.classes`).

    Raises:
      DataError: neither says it.
    """
    if classes != DIGITS:
        return _class_of_folder(path, classes)
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


def _class_of_folder(path: Path, classes: Classes) -> int:
    try:
        return classes.number(name_of_folder(path.parent.name))
    except ValueError as error:
        raise DataError(f"{path}: its folder says of which class it is: {error}") from error


def _read_picture(path: Path, *, invert: bool, side: int) -> npt.NDArray[np.uint8]:
    picture = read_transparent(path)
    if picture is None:
        picture = 1.0 - read_grey(path) if invert else read_grey(path)
    if picture.shape != (side, side):
        like = " as in MNIST" if side == SIDE else ""
        raise DataError(
            f"{path}: {picture.shape[1]}x{picture.shape[0]} pixels, expected {side}x{side}{like}; "
            "scripts.prepare_handwriting scales and centres digits"
        )
    return np.round(255.0 * picture).astype(np.uint8)


def _shards_in(folder: Path) -> list[Path]:
    """The files of many pictures below a folder in the order of their paths."""
    paths = (path.relative_to(folder) for path in folder.rglob("*"))
    return [
        folder / path
        for path in sorted(paths)
        if path.suffix.lower() in _SHARDS and not path.name.startswith(".")
    ]


def _contents(source: Path) -> tuple[list[Path], bool]:
    """The files of a source, and whether each of them has many pictures.

    Raises:
      DataError: there is none.
    """
    if not source.exists():
        raise DataError(f"{source}: no such folder or file")
    if not source.is_dir():
        return [source], True
    try:
        return pictures_in(source), False
    except DataError as error:
        if shards := _shards_in(source):
            return shards, True
        if files := [one.name for one in sorted(source.iterdir()) if "idx3-ubyte" in one.name]:
            raise DataError(f"{source}: a folder of IDX files; give one, as {files[0]}") from error
        raise


def _from_pictures(
    paths: Sequence[Path], chunk: int, *, invert: bool, classes: Classes, side: int
) -> Iterator[Pictures]:
    labels = np.array([label_of(path, classes) for path in paths], np.int32)
    for start in range(0, len(paths), chunk):
        part = paths[start : start + chunk]
        images = np.stack([_read_picture(path, invert=invert, side=side) for path in part])
        yield Pictures(images, labels[start : start + chunk])


def _from_file(
    path: Path,
    labels: Path | None,
    chunk: int,
    *,
    invert: bool,
    classes: Classes,
    side: int,
    first: int = 0,
) -> Iterator[Pictures]:
    for pictures in iterate_file(
        path, labels=labels, chunk=chunk, first=first, classes=classes, side=side
    ):
        yield pictures._replace(images=255 - pictures.images) if invert else pictures


def _turned(pictures: Pictures, transpose: bool) -> Pictures:
    return pictures._replace(images=pictures.images.swapaxes(1, 2)) if transpose else pictures


def iterate_pictures(
    source: Path,
    *,
    labels: Path | None = None,
    invert: bool = False,
    transpose: bool = False,
    chunk: int = CHUNK,
    classes: Classes = DIGITS,
    side: int = SIDE,
) -> Iterator[Pictures]:
    """Read pictures of characters, ``chunk`` at a time.

    What is drawn on transparent ground is ink, whether dark or bright.

    Args:
      source: a folder of pictures, searched through, whose labels are the names of their
        folders ("7/a.png"), begin their own ("7_a.png") or are named there
        ("img_0_label_7.png"); or a file of many (`datasets.picture_files`); or a folder of such
        files, Parquet or tar.
      labels: IDX file of the labels, where ``source`` is an IDX file.
      invert: the ink is dark on light paper.
      transpose: rows are columns, as in EMNIST's files.
      chunk: pictures to read together.
      classes: what labels mean; see `label_of`. In files of many they are the classes' numbers.
      side: of each picture, in pixels.

    Yields:
      pictures in the order of their paths, or of the files; no chunk is of two files of many.

    Raises:
      DataError: a picture is unreadable, of another size or without a label.
    """
    files, many = _contents(source)
    read: Iterator[Pictures]
    if many:
        read = (
            part
            for file in files
            for part in _from_file(file, labels, chunk, invert=invert, classes=classes, side=side)
        )
    else:
        read = _from_pictures(files, chunk, invert=invert, classes=classes, side=side)
    for pictures in read:
        yield _turned(pictures, transpose)


class Part(NamedTuple):
    """Pictures that anyone can read by themselves, as whole chunks of `iterate_pictures`."""

    files: tuple[str, ...]
    """Paths of the pictures; or that of the one file of many in which they are."""
    first: int | None
    """Pictures of that file before them; None where each file is a picture."""
    size: int
    """How many there are."""


def parts_of(source: Path, *, chunk: int = CHUNK, classes: Classes = DIGITS) -> Iterator[Part]:
    """The chunks of `iterate_pictures`, not yet read.

    Raises:
      DataError: there is no picture, one of a folder has no label, or a file of many is damaged or
        can only be read as a whole (`datasets.picture_files.count_pictures`).
    """
    files, many = _contents(source)
    if many:
        for file in files:
            count = count_pictures(file)
            for first in range(0, count, chunk):
                yield Part((str(file),), first, min(chunk, count - first))
        return
    for path in files:
        label_of(path, classes)
    for start in range(0, len(files), chunk):
        names = tuple(map(str, files[start : start + chunk]))
        yield Part(names, None, len(names))


def read_part(
    part: Part,
    *,
    labels: Path | None = None,
    invert: bool = False,
    transpose: bool = False,
    classes: Classes = DIGITS,
    side: int = SIDE,
) -> Pictures:
    """Read what `parts_of` gives; options and errors are those of `iterate_pictures`.

    Raises:
      DataError: there are fewer pictures than there were.
    """
    paths = [Path(name) for name in part.files]
    if part.first is None:
        read = _from_pictures(paths, part.size, invert=invert, classes=classes, side=side)
    else:
        read = _from_file(
            paths[0],
            labels,
            part.size,
            invert=invert,
            classes=classes,
            side=side,
            first=part.first,
        )
    pictures = next(read)
    if len(pictures.labels) != part.size:
        raise DataError(f"{paths[0]}: changed while it was read; begin again")
    return _turned(pictures, transpose)
