"""Files of many pictures of characters, told apart by their content.

- IDX, as MNIST's and EMNIST's, with a second one of labels;
- CSV, as Kaggle's ``train.csv`` (`datasets.tables`);
- NumPy's ``.npz``, as Keras's ``mnist.npz``: ``x_train``, ``y_train``, ``x_test``, ``y_test``, or
  other pairs of pictures and labels (`_PAIRS`), which may be one of ten;
- Parquet, as Hugging Face's MNIST: a column of encoded pictures, and ``label``;
- tar, as WebDataset's shards (`datasets.tar_shards`).

Pictures are square, uint8 ``[N, side, side]``, 0 paper to 255 ink, or dark on light as they are.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from datasets.idx import idx_shape, iterate_idx, read_idx
from datasets.tables import iterate_table
from datasets.tar_shards import MAGIC, MAGIC_AT, count_tar, iterate_tar
from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.files import check_file
from strokes.formats.limits import open_unpacked, read_npz_arrays
from strokes.pictures.names import SIDE

_MAX_FILE = 1 << 31
_PAIRS = (
    *(("x_train", "y_train"), ("x_test", "y_test"), ("x", "y")),
    *((f"{split}images", f"{split}labels") for split in ("", "train_", "val_", "test_")),
    *(("data", "target"), ("arr_0", "arr_1"), ("arr_2", "arr_3")),
)
"""Names of arrays of pictures and of their labels, in small letters."""
_ADVICE = (
    (b"\x93NUMPY", "one array: save it with its labels, as images and labels, in an .npz"),
    (b"\x80", "a pickle is a program and is not run: save its arrays in an .npz"),
    (b"MATLAB", "MATLAB's: save its arrays in an .npz, as images and labels"),
    (b"\x89HDF", "HDF5: save its arrays in an .npz, as images and labels"),
    (b"ARROW1", "Arrow: save it as Parquet"),
    (b"@", "ARFF: save it as CSV, a label and 784 pixels a line"),
)
"""What to do with files that begin so."""

Grey = npt.NDArray[np.uint8]


class Pictures(NamedTuple):
    """Grey pictures with their labels."""

    images: Grey
    """``[N, side, side]``, 0 paper to 255 ink."""
    labels: npt.NDArray[np.int32]
    """``[N]``, numbers of classes: of digits, the digits."""


class _Asked(NamedTuple):
    """What is to be read of a file."""

    labels: Path | None
    """File of the labels, if it is another one."""
    chunk: int
    """Pictures to read together."""
    first: int
    """Pictures to pass over."""
    side: int
    """Of each picture."""


def _checked(
    images: npt.NDArray[Any], labels: npt.NDArray[Any], side: int, source: str
) -> Pictures:
    """Pictures from arrays of any kind. Raises DataError for what they cannot mean."""
    if labels.dtype.kind not in "iu" or labels.shape != images.shape[:1]:
        raise DataError(
            f"{source}: labels are {list(labels.shape)} {labels.dtype}, expected a whole number "
            f"for each of {len(images)} pictures"
        )
    if images.size != len(images) * side * side or images.dtype.kind not in "iuf":
        raise DataError(
            f"{source}: {list(images.shape)} {images.dtype}, expected pictures [N, {side}, {side}]"
        )
    if images.dtype.kind == "f":
        images = images * (255.0 if images.size and images.max() <= 1 else 1.0)
    if not ((images >= 0) & (images <= 255)).all():
        raise DataError(f"{source}: a pixel that is not from 0 to 255")
    return Pictures(
        np.round(images).reshape(-1, side, side).astype(np.uint8), labels.astype(np.int32)
    )


def _check_labels(labels: npt.NDArray[np.int32], classes: Classes, source: str) -> None:
    wrong = labels[(labels < 0) | (labels >= len(classes))]
    if not len(wrong):
        return
    advice = ""
    if classes == DIGITS:
        advice = ": only digits are written; of EMNIST take the files named digits or mnist"
    raise DataError(f"{source}: label {int(wrong[0])}, expected 0 to {len(classes) - 1}{advice}")


def labels_beside(path: Path) -> Path | None:
    """The file of labels that MNIST's naming puts beside one of pictures."""
    name = re.sub(r"images([-.])idx3", r"labels\1idx1", path.name)
    beside = path.with_name(name)
    return beside if name != path.name and beside.is_file() else None


def _from_idx(path: Path, asked: _Asked) -> Iterator[Pictures]:
    labels_path = asked.labels or labels_beside(path)
    if labels_path is None:
        raise DataError(f"{path} is a file: give its labels too, as an IDX file (--labels)")
    shape, labels = idx_shape(path), read_idx(labels_path)
    if len(shape) != 3 or shape[1:] != (asked.side, asked.side):
        raise DataError(f"{path}: {list(shape)}, expected [N, {asked.side}, {asked.side}]")
    if labels.shape != shape[:1]:
        raise DataError(f"{labels_path}: {list(labels.shape)}, expected [{shape[0]}] labels")
    parts = iterate_idx(path, asked.chunk, first=asked.first)
    for start, images in zip(range(asked.first, shape[0], asked.chunk), parts, strict=True):
        yield _checked(images, labels[start : start + asked.chunk], asked.side, str(path))


def _from_table(path: Path, asked: _Asked) -> Iterator[Pictures]:
    pixels_of_each = asked.side**2
    for table in iterate_table(path, most=_MAX_FILE, chunk=asked.chunk, pixels=pixels_of_each):
        pixels, labels = table[:, :-1], table[:, -1].astype(np.int32)
        whole = (pixels == np.round(pixels)).all()
        images = pixels.astype(np.int32) if whole else pixels
        yield _checked(images, labels, asked.side, str(path))


def _plain_labels(labels: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Labels ``[N]`` of a column, of one 1 among ten, as texts or as whole floats."""
    if labels.ndim == 2 and labels.shape[1] == 10 and (np.sort(labels)[:, -2:] == (0, 1)).all():
        return labels.argmax(axis=1)
    flat = labels.reshape(-1) if labels.ndim == 2 and labels.shape[1] == 1 else labels
    if flat.dtype.kind in "US" and np.char.isdigit(flat).all():
        return flat.astype(np.int64)
    if flat.dtype.kind == "f" and (np.abs(flat) < 1000).all() and (flat == np.round(flat)).all():
        return flat.astype(np.int64)
    return flat


def _from_npz(path: Path, asked: _Asked) -> Iterator[Pictures]:
    known = {name for pair in _PAIRS for name in pair}
    seen: list[str] = []

    def wanted(name: str) -> bool:
        seen.append(name)
        return name.lower() in known

    arrays = read_npz_arrays(path, wanted)
    found = {name.lower(): array for name, array in arrays.items()}
    pairs = [pair for pair in _PAIRS if found.keys() >= set(pair)]
    if not pairs:
        raise DataError(
            f"{path}: expected arrays x_train, y_train, x_test, y_test as Keras's, or images and "
            f"labels; it holds {', '.join(seen)[:200] or 'none'}"
        )
    for images, labels in ((found[one], _plain_labels(found[other])) for one, other in pairs):
        if images.ndim < 1 or len(images) != labels.size:
            raise DataError(f"{path}: {list(images.shape)} pictures, {list(labels.shape)} labels")
        for start in range(0, len(images), asked.chunk):
            part = slice(start, start + asked.chunk)
            yield _checked(images[part], labels.reshape(-1)[part], asked.side, str(path))


def _decoded(rows: Iterator[tuple[bytes, int]], path: Path, asked: _Asked) -> Iterator[Pictures]:
    """Encoded pictures, the first of which is so far from the file's begin, as arrays."""
    from strokes.pictures.files import read_grey

    seen, side = itertools.count(asked.first + 1), asked.side
    while part := list(itertools.islice(rows, asked.chunk)):
        pictures = []
        for content, _ in part:
            grey = read_grey(content, name=f"{path}, row {next(seen)}")
            if grey.shape != (side, side):
                raise DataError(f"{path}: a picture of {list(grey.shape)}, expected {side}x{side}")
            pictures.append(np.round(255 * grey).astype(np.uint8))
        labels = np.array([label for _, label in part])
        yield _checked(np.stack(pictures), labels, side, str(path))


def _from_parquet(path: Path, asked: _Asked) -> Iterator[Pictures]:
    from strokes.formats.parquet import iterate_pictures_of  # which needs PyArrow

    return _decoded(iterate_pictures_of(path, first=asked.first), path, asked)


def _from_tar(path: Path, asked: _Asked) -> Iterator[Pictures]:
    return _decoded(iterate_tar(path, first=asked.first), path, asked)


def _count_parquet(path: Path) -> int:
    from strokes.formats.parquet import count_pictures_of  # which needs PyArrow

    return count_pictures_of(path)


class _Kind(NamedTuple):
    """A kind of file."""

    read: Callable[[Path, _Asked], Iterable[Pictures]]
    length: Callable[[Path], int] | None = None
    """How many pictures it has, without reading them; kinds that lack it are read as a whole."""


_KINDS: tuple[tuple[int, bytes, _Kind], ...] = (
    (0, b"\0\0", _Kind(_from_idx, lambda path: idx_shape(path)[0])),
    (0, b"PK", _Kind(_from_npz)),
    (0, b"PAR1", _Kind(_from_parquet, _count_parquet)),
    (MAGIC_AT, MAGIC, _Kind(_from_tar, count_tar)),
)
"""By what stands in the content, and where; all else is text."""


def _kind_of(path: Path) -> _Kind:
    """Of which kind a file is. Raises DataError if of none."""
    check_file(path, most=_MAX_FILE)
    with open_unpacked(path, most=_MAX_FILE) as file:
        begin = file.read(MAGIC_AT + len(MAGIC))
    for at, magic, kind in _KINDS:
        if begin.startswith(magic, at):
            return kind
    for magic, advice in _ADVICE:
        if begin.startswith(magic):
            raise DataError(f"{path}: {advice}")
    if not re.fullmatch(rb"[\x09-\x7e\xef\xbb\xbf]+", begin[:8]):
        raise DataError(
            f"{path}: not a file of pictures: expected IDX, CSV, .npz, Parquet or tar, or a folder"
        )
    return _Kind(_from_table)


def count_pictures(path: Path) -> int:
    """How many pictures a file has, of a kind that can be read from anywhere on.

    Raises:
      DataError: the file is missing or damaged, or of a kind that is read as a whole.
    """
    kind = _kind_of(path)
    if kind.length is None:
        raise DataError(
            f"{path}: CSV and .npz are read from their start on, by one process; to share its "
            "pictures out save them as Parquet, IDX or tar"
        )
    return kind.length(path)


def iterate_file(
    path: Path,
    *,
    labels: Path | None = None,
    chunk: int,
    first: int = 0,
    classes: Classes = DIGITS,
    side: int = SIDE,
) -> Iterator[Pictures]:
    """The pictures of a file, ``chunk`` at a time.

    Args:
      path: of the file, of any of the kinds above.
      labels: IDX file of the labels, where the pictures' is IDX; that beside it if not given.
      chunk: pictures to read together.
      first: pictures to pass over, of a file that `count_pictures` counts.
      classes: of which labels are the numbers.
      side: of each picture, in pixels.

    Raises:
      DataError: the file is missing, damaged or of another kind, a picture has another size, or a
        label is none of the classes.
    """
    none = True
    for pictures in _kind_of(path).read(path, _Asked(labels, chunk, first, side)):
        _check_labels(pictures.labels, classes, str(path))
        none = none and not len(pictures.labels)
        yield pictures
    if none:
        raise DataError(f"{path}: no picture in it")
