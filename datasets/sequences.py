"""Handwritten sequences in files: Parquet and ``.npz``, written and read in bounded memory.

A sequence is a digit as pen points: x to the right and y down, both in [0, 1] of the
canvas, and whether the pen is lifted after the point. Beside the points stand the
softness with which each was drawn, the digit's label and where its picture came from.
"""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from datasets.errors import DataError
from datasets.files import atomic_path

_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("mnist_index", pa.int32()),
        ("label", pa.int64()),
        ("points", pa.list_(pa.list_(pa.float32()))),
        ("softness", pa.list_(pa.float32())),
        ("mse", pa.float32()),
    ]
)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a fixed date, so that equal content gives equal bytes


class Sequences(NamedTuple):
    """N sequences of T points."""

    id: list[str]
    """Name of each, unique in its file."""
    mnist_index: npt.NDArray[np.int32]
    """``[N]``: place of the picture in its split."""
    label: npt.NDArray[np.int64]
    """``[N]``."""
    points: npt.NDArray[np.float32]
    """``[N, T, 3]``: x, y, and 1 where the pen is lifted after the point, else 0."""
    softness: npt.NDArray[np.float32]
    """``[N, T]``, in 1/canvas units."""
    mse: npt.NDArray[np.float32]
    """``[N]``: mean squared difference between differentiable drawing and picture."""


def _nested(values: npt.NDArray[Any]) -> pa.Array:
    """An array ``[N, ...]`` as lists of lists."""
    array = pa.array(values.reshape(-1))
    for axis in range(values.ndim - 1, 0, -1):
        inner = values.shape[axis]
        outer = int(np.prod(values.shape[:axis]))
        offsets = pa.array(np.arange(outer + 1, dtype=np.int32) * inner)
        array = pa.ListArray.from_arrays(offsets, array)
    return array


def write_parquet(chunks: Iterable[Sequences], path: Path, *, metadata: dict[str, str]) -> int:
    """Write sequences, a row group a chunk; the file appears when it is whole.

    Args:
      chunks: sequences in order.
      path: where to.
      metadata: strings kept in the file's schema.

    Returns:
      number of sequences.
    """
    schema = _SCHEMA.with_metadata(metadata)
    count = 0
    with (
        atomic_path(path) as temporary,
        pq.ParquetWriter(temporary, schema, compression="zstd") as writer,
    ):
        for chunk in chunks:
            arrays: tuple[npt.NDArray[Any], ...] = (
                chunk.mnist_index,
                chunk.label,
                chunk.points,
                chunk.softness,
                chunk.mse,
            )
            columns = [pa.array(chunk.id, pa.string()), *map(_nested, arrays)]
            writer.write_table(pa.table(columns, schema=schema))
            count += len(chunk.id)
    return count


def _dense(column: pa.ChunkedArray, dtype: npt.DTypeLike) -> npt.NDArray[np.generic]:
    """Equally long (lists of) lists as one array."""
    array = column.combine_chunks()
    shape = [len(array)]
    while pa.types.is_list(array.type):
        flat = array.flatten()
        if len(array) and len(flat) % len(array):
            raise DataError("sequences of different lengths")
        shape.append(len(flat) // max(len(array), 1))
        array = flat
    return array.to_numpy(zero_copy_only=False).astype(dtype, copy=False).reshape(shape)


def _from_table(table: pa.Table) -> Sequences:
    types = (np.int32, np.int64, np.float32, np.float32, np.float32)
    names = Sequences._fields[1:]
    columns = [_dense(table[name], kind) for name, kind in zip(names, types, strict=True)]
    return Sequences(table["id"].to_pylist(), *columns)  # type: ignore[arg-type]


def _open_parquet(path: Path) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{path}: not a readable Parquet file ({error})") from error
    missing = set(_SCHEMA.names) - set(file.schema_arrow.names)
    if missing:
        raise DataError(f"{path}: no column {', '.join(sorted(missing))}; expected an export")
    return file


def iterate_parquet(path: Path) -> Iterator[Sequences]:
    """Read sequences a row group at a time.

    Raises:
      DataError: the file is missing, damaged or no export.
    """
    with _open_parquet(path) as file:
        for group in range(file.num_row_groups):
            yield _from_table(file.read_row_group(group, columns=_SCHEMA.names))


def read_parquet(path: Path) -> Sequences:
    """Read all sequences of a file. Raises as `iterate_parquet` does."""
    with _open_parquet(path) as file:
        return _from_table(file.read(columns=_SCHEMA.names))


def _write_member(
    archive: zipfile.ZipFile, name: str, parts: Iterable[npt.NDArray[np.generic]], count: int
) -> None:
    """Stream one array into an ``.npz``, part by part."""
    with archive.open(zipfile.ZipInfo(f"{name}.npy", _EPOCH), "w", force_zip64=True) as member:
        for index, part in enumerate(parts):
            if index == 0:
                _write_header(member, part, count)
            member.write(np.ascontiguousarray(part).tobytes())


def _write_header(member: IO[bytes], part: npt.NDArray[np.generic], count: int) -> None:
    header = {
        "descr": np.lib.format.dtype_to_descr(part.dtype),
        "fortran_order": False,
        "shape": (count, *part.shape[1:]),
    }
    np.lib.format.write_array_header_1_0(member, header)


def write_npz(parquet_files: dict[str, Path], path: Path) -> None:
    """Collect Parquet files in one ``.npz`` without pickle, a row group at a time.

    Its arrays are named ``SPLIT_mnist_index``, ``SPLIT_label``, ``SPLIT_points``,
    ``SPLIT_softness`` and ``SPLIT_mse``; shapes and units are those of `Sequences`.

    Args:
      parquet_files: file of each split.
      path: where to; the file appears when it is whole.
    """
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for split, source in parquet_files.items():
            with _open_parquet(source) as file:
                count = file.metadata.num_rows
            for name in Sequences._fields[1:]:
                parts = (getattr(chunk, name) for chunk in iterate_parquet(source))
                _write_member(archive, f"{split}_{name}", parts, count)


def read_npz(path: Path, split: str) -> Sequences:
    """Read one split of what `write_npz` wrote.

    Raises:
      DataError: the file is missing or damaged, or has no such split.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            splits = sorted(name[: -len("_points")] for name in archive if name.endswith("_points"))
            if split not in splits:
                raise DataError(f"{path}: no split {split!r}; it has {', '.join(splits) or 'none'}")
            columns = [archive[f"{split}_{name}"] for name in Sequences._fields[1:]]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path}: not a readable .npz export ({error})") from error
    return Sequences(sequence_ids(split, columns[0]), *columns)


def sequence_ids(split: str, indices: npt.NDArray[np.int32]) -> list[str]:
    """Names of a split's sequences."""
    return [f"{split}-{index:05d}" for index in indices.tolist()]


def write_checksums(files: Sequence[Path], path: Path) -> None:
    """Write SHA-256 sums that ``sha256sum --check`` reads."""
    lines = []
    for file in files:
        with file.open("rb") as content:
            lines.append(f"{hashlib.file_digest(content, 'sha256').hexdigest()}  {file.name}\n")
    with atomic_path(path) as temporary:
        temporary.write_text("".join(lines))


def checksums_hold(path: Path) -> bool:
    """Whether all files that ``path`` lists are beside it, with the sums that it gives."""
    try:
        for line in path.read_text().splitlines():
            digest, name = line.split("  ", 1)
            with (path.parent / name).open("rb") as content:
                if hashlib.file_digest(content, "sha256").hexdigest() != digest:
                    return False
    except (OSError, ValueError):
        return False
    return True


def read_metadata(path: Path) -> dict[str, str]:
    """The strings that `write_parquet` kept in a file's schema. Raises as `iterate_parquet`."""
    with _open_parquet(path) as file:
        found = file.schema_arrow.metadata or {}
    return {key.decode(): value.decode() for key, value in found.items()}
