"""Files of many pictures of digits, told apart by their content.

- IDX, as MNIST's and EMNIST's, with a second one of labels;
- CSV, as Kaggle's ``train.csv`` (`datasets.tables`);
- NumPy's ``.npz``, as Keras's ``mnist.npz``: ``x_train``, ``y_train``, ``x_test``, ``y_test``, or
  other pairs of pictures and labels (`_PAIRS`), which may be one of ten;
- Parquet, as Hugging Face's MNIST: a column of encoded pictures, and ``label``.

Pictures are uint8 ``[N, 28, 28]``, 0 paper to 255 ink, or dark on light as they are.
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
from strokes.errors import DataError
from strokes.files import check_file
from strokes.formats.limits import open_unpacked, read_npz_arrays

SIDE = 28
_PIXELS = SIDE * SIDE
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
    """``[N, 28, 28]``, 0 paper to 255 ink."""
    labels: npt.NDArray[np.int32]
    """``[N]`` in 0..9."""


def _checked(images: npt.NDArray[Any], labels: npt.NDArray[Any], source: str) -> Pictures:
    """Pictures from arrays of any kind. Raises DataError for what they cannot mean."""
    if labels.dtype.kind not in "iu" or labels.shape != images.shape[:1]:
        raise DataError(
            f"{source}: labels are {list(labels.shape)} {labels.dtype}, expected a whole number "
            f"for each of {len(images)} pictures"
        )
    if images.size != len(images) * _PIXELS or images.dtype.kind not in "iuf":
        raise DataError(
            f"{source}: {list(images.shape)} {images.dtype}, expected pictures [N, {SIDE}, {SIDE}]"
        )
    if labels.size and (labels.min() < 0 or labels.max() > 9):
        wrong = int(labels[(labels < 0) | (labels > 9)][0])
        raise DataError(
            f"{source}: label {wrong}, expected 0 to 9: only digits are written; of EMNIST take "
            "the files named digits or mnist"
        )
    if images.dtype.kind == "f":
        images = np.round(images * (255.0 if images.size and images.max() <= 1 else 1.0))
    if not ((images >= 0) & (images <= 255)).all():
        raise DataError(f"{source}: a pixel that is not from 0 to 255")
    return Pictures(images.reshape(-1, SIDE, SIDE).astype(np.uint8), labels.astype(np.int32))


def _labels_beside(path: Path) -> Path | None:
    """The file of labels that MNIST's naming puts beside one of pictures."""
    name = re.sub(r"images([-.])idx3", r"labels\1idx1", path.name)
    beside = path.with_name(name)
    return beside if name != path.name and beside.is_file() else None


def _from_idx(path: Path, labels_path: Path | None, chunk: int) -> Iterator[Pictures]:
    labels_path = labels_path or _labels_beside(path)
    if labels_path is None:
        raise DataError(f"{path} is a file: give its labels too, as an IDX file (--labels)")
    shape, labels = idx_shape(path), read_idx(labels_path)
    if len(shape) != 3 or shape[1:] != (SIDE, SIDE):
        raise DataError(f"{path}: {list(shape)}, expected [N, {SIDE}, {SIDE}]")
    if labels.shape != shape[:1]:
        raise DataError(f"{labels_path}: {list(labels.shape)}, expected [{shape[0]}] labels")
    for start, images in zip(range(0, shape[0], chunk), iterate_idx(path, chunk), strict=True):
        yield _checked(images, labels[start : start + chunk], str(path))


def _from_table(path: Path, _: Path | None, chunk: int) -> Iterator[Pictures]:
    for table in iterate_table(path, most=_MAX_FILE, chunk=chunk):
        pixels, labels = table[:, :-1], table[:, -1].astype(np.int32)
        whole = (pixels == np.round(pixels)).all()
        yield _checked(pixels.astype(np.int32) if whole else pixels, labels, str(path))


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


def _from_npz(path: Path, _: Path | None, chunk: int) -> Iterator[Pictures]:
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
        for start in range(0, len(images), chunk):
            part = slice(start, start + chunk)
            yield _checked(images[part], labels.reshape(-1)[part], str(path))


def _from_parquet(path: Path, _: Path | None, chunk: int) -> Iterator[Pictures]:
    from strokes.formats.parquet import iterate_pictures_of  # which needs PyArrow
    from strokes.pictures.files import read_grey

    rows = iterate_pictures_of(path)
    seen = itertools.count(1)
    while part := list(itertools.islice(rows, chunk)):
        pictures = []
        for content, _label in part:
            grey = read_grey(content, name=f"{path}, row {next(seen)}")
            if grey.shape != (SIDE, SIDE):
                raise DataError(f"{path}: a picture of {list(grey.shape)}, expected {SIDE}x{SIDE}")
            pictures.append(np.round(255 * grey).astype(np.uint8))
        labels = np.array([label for _, label in part])
        yield _checked(np.stack(pictures), labels, str(path))


_READERS: tuple[tuple[bytes, Callable[[Path, Path | None, int], Iterable[Pictures]]], ...] = (
    (b"\0\0", _from_idx),
    (b"PK", _from_npz),
    (b"PAR1", _from_parquet),
)
"""By how the content begins; all else is text."""


def iterate_file(path: Path, *, labels: Path | None = None, chunk: int) -> Iterator[Pictures]:
    """The pictures of a file, ``chunk`` at a time.

    Args:
      path: of the file, of any of the kinds above.
      labels: IDX file of the labels, where the pictures' is IDX; that beside it if not given.
      chunk: pictures to read together.

    Raises:
      DataError: the file is missing, damaged or of another kind, a picture has another size, or a
        label is no digit.
    """
    check_file(path, most=_MAX_FILE)
    with open_unpacked(path, most=_MAX_FILE) as file:
        begin = file.read(8)
    read = next((read for magic, read in _READERS if begin.startswith(magic)), None)
    for magic, advice in _ADVICE:
        if begin.startswith(magic):
            raise DataError(f"{path}: {advice}")
    if read is None and not re.fullmatch(rb"[\x09-\x7e\xef\xbb\xbf]+", begin):
        raise DataError(
            f"{path}: not a file of pictures: expected IDX, CSV, .npz or Parquet, or a folder"
        )
    none = True
    for pictures in (read or _from_table)(path, labels, chunk):
        none = none and not len(pictures.labels)
        yield pictures
    if none:
        raise DataError(f"{path}: no picture in it")
