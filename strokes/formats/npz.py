"""Handwritten sequences in an ``.npz`` without pickle, collected from Parquet in bounded memory."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.files import FIXED_DATE, atomic_path
from strokes.formats.limits import read_npz_arrays
from strokes.formats.parquet import count_rows, iterate_parquet, read_classes
from strokes.formats.sequences import ABSENT, Sequences, checked_sequences, sequence_ids

_CLASSES = "classes"


def _write_member(
    archive: zipfile.ZipFile, name: str, parts: Iterable[npt.NDArray[np.generic]], count: int
) -> None:
    """Stream one array into an ``.npz``, part by part."""
    with archive.open(zipfile.ZipInfo(f"{name}.npy", FIXED_DATE), "w", force_zip64=True) as member:
        for index, part in enumerate(parts):
            if index == 0:
                write_npy_header(member, part.dtype, (count, *part.shape[1:]))
            member.write(np.ascontiguousarray(part).tobytes())


def write_npy_header(file: IO[bytes], kind: npt.DTypeLike, shape: tuple[int, ...]) -> None:
    """Begin an array of NumPy's own format, whose bytes follow in C order, part by part."""
    header = {
        "descr": np.lib.format.dtype_to_descr(np.dtype(kind)),
        "fortran_order": False,
        "shape": shape,
    }
    np.lib.format.write_array_header_1_0(file, header)


def write_npz(parquet_files: dict[str, Path], path: Path) -> None:
    """Collect Parquet files in one ``.npz`` without pickle, a row group at a time.

    Its arrays are named ``SPLIT_mnist_index``, ``SPLIT_label``, ``SPLIT_points``,
    ``SPLIT_softness``, ``SPLIT_mse``, ``SPLIT_plan`` and ``SPLIT_plan_probability``; shapes and
    units are those of `Sequences`. Of other classes than digits there is ``classes`` too, their
    names in the order of their numbers.

    Args:
      parquet_files: file of each split.
      path: where to; the file appears when it is whole.
    """
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for split, source in parquet_files.items():
            count = count_rows(source)
            for name in Sequences._fields[1:]:
                parts = (getattr(chunk, name) for chunk in iterate_parquet(source))
                _write_member(archive, f"{split}_{name}", parts, count)
        classes = read_classes(source)
        if classes != DIGITS:
            names = np.array(classes.names)
            _write_member(archive, _CLASSES, [names], len(names))


def read_npz(path: Path, split: str) -> Sequences:
    """Read one split of what `write_npz` wrote, before there were plans too.

    Raises:
      DataError: the file is missing or damaged, or has no such split.
    """
    fields = {f"{split}_{field}": field for field in Sequences._fields[1:]}
    seen: set[str] = set()

    def wanted(name: str) -> bool:
        seen.add(name)
        return name in fields or name == _CLASSES

    complaint = "not a readable .npz export"
    try:
        found = read_npz_arrays(path, wanted, complaint=complaint)
    except OSError as error:
        raise DataError(f"{path}: {complaint} ({error})") from error
    splits = sorted(name.removesuffix("_points") for name in seen if name.endswith("_points"))
    if split not in splits:
        raise DataError(f"{path}: no split {split!r}; it has {', '.join(splits) or 'none'}")
    if missing := [name for name in fields if name not in found and fields[name] not in ABSENT]:
        raise DataError(f"{path}: {complaint} (there is no {missing[0]!r})")
    classes = _classes_of(found.pop(_CLASSES, None), path)
    columns = {fields[name]: array for name, array in found.items()}
    indices = columns["mnist_index"]
    if indices.ndim != 1 or indices.dtype.kind not in "iu":
        raise DataError(f"{path}: {complaint} (mnist_index is no list of whole numbers)")
    return checked_sequences(
        sequence_ids(split, indices), columns, source=str(path), classes=classes
    )


def read_npz_classes(path: Path) -> Classes:
    """What the labels of a file mean; digits where it does not say. Raises as `read_npz`."""
    found = read_npz_arrays(path, lambda name: name == _CLASSES)
    return _classes_of(found.get(_CLASSES), path)


def _classes_of(names: npt.NDArray[Any] | None, path: Path) -> Classes:
    if names is None:
        return DIGITS
    try:
        return Classes(tuple(names.tolist()))
    except (TypeError, ValueError) as error:
        raise DataError(f"{path}: not a readable .npz export ({error!s:.100})") from error
