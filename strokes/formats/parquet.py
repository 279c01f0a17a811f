"""Handwritten sequences in Parquet, written and read in bounded memory. Needs PyArrow."""

import contextlib
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError, reason_of
from strokes.files import atomic_path, check_file
from strokes.formats.columns import IMAGE, NAMES, classes_in, export_schema
from strokes.formats.limits import MAX_ARRAYS, MAX_BYTES
from strokes.formats.png import encode_png
from strokes.formats.sequences import ABSENT, Sequences, checked_sequences

_MAX_VALUES = MAX_ARRAYS // 4
_MAX_STRING = 1 << 24  # of a file's own description
_MAX_ITEMS = 1 << 20
_LISTS = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
_DAMAGE = (OSError, ValueError, TypeError, KeyError, MemoryError, OverflowError, pa.ArrowException)
"""What PyArrow raises for files that are damaged or of another kind."""


class Pictured(NamedTuple):
    """Sequences, and the picture that each was written from."""

    sequences: Sequences
    pictures: npt.NDArray[np.uint8]
    """``[N, H, W]``, 0 paper to 255 ink."""


def write_parquet(
    chunks: Iterable[Sequences | Pictured],
    path: Path,
    *,
    metadata: dict[str, str],
    classes: Classes = DIGITS,
) -> int:
    """Write sequences, a row group a chunk; the file appears when it is whole.

    Types and features are those of `strokes.formats.columns`. Pictures, which all chunks have or
    none, become PNGs in a column ``image``; `iterate_pictures_of` reads them.

    Args:
      chunks: sequences of equally many points, in order, at least one chunk.
      path: where to.
      metadata: strings kept in the file's schema.
      classes: what labels mean.

    Returns:
      number of sequences.

    Raises:
      ValueError: there is no chunk.
    """
    following = iter(chunks)
    first = next(following, None)
    if first is None:
        raise ValueError("no sequences, expected at least one chunk of them")
    sequences = first.sequences if isinstance(first, Pictured) else first
    schema = export_schema(
        sequences.points.shape[1],
        pictured=sequences is not first,
        metadata=metadata,
        classes=classes,
    )
    whole = itertools.chain([first], following)
    return write_tables((_table(chunk, schema) for chunk in whole), path, schema)


def _table(chunk: Sequences | Pictured, schema: pa.Schema) -> pa.Table:
    sequences = chunk.sequences if isinstance(chunk, Pictured) else chunk
    arrays = [pa.array(sequences.id, pa.string())]
    arrays += [_fixed(getattr(sequences, name)) for name in NAMES[1:]]
    if isinstance(chunk, Pictured):
        encoded = [{"bytes": encode_png(one), "path": None} for one in chunk.pictures]
        arrays.append(pa.array(encoded, schema.field(IMAGE).type))
    return pa.table(arrays, schema=schema)


def _fixed(values: npt.NDArray[Any]) -> pa.Array:
    """An array ``[N, ...]`` as lists, in lists, of fixed lengths."""
    array = pa.array(values.reshape(-1))
    for length in values.shape[:0:-1]:
        array = pa.FixedSizeListArray.from_arrays(array, length)
    return array


def write_tables(tables: Iterable[pa.Table], path: Path, schema: pa.Schema) -> int:
    """Write tables, a row group each, with sums of their pages; the file appears when it is whole.

    Returns:
      number of rows.
    """
    count = 0
    with (
        atomic_path(path) as temporary,
        pq.ParquetWriter(temporary, schema, compression="zstd", write_page_checksum=True) as writer,
    ):
        for table in tables:
            writer.write_table(table)
            count += len(table)
    return count


def _dense(column: pa.ChunkedArray, name: str) -> npt.NDArray[Any]:
    """Equally long (lists of) lists as one array.

    Raises:
      DataError: they differ in length, or something is missing.
    """
    array = column.combine_chunks()
    shape = [len(array)]
    while True:
        if array.null_count:
            raise DataError(f"{name}: something is missing")
        if not any(is_list(array.type) for is_list in _LISTS):
            break
        lengths = np.unique(pc.list_value_length(array).to_numpy(zero_copy_only=False))
        if len(lengths) > 1:
            raise DataError(f"{name}: sequences of different lengths")
        shape.append(int(lengths[0]) if len(lengths) else 0)
        array = array.flatten()
    return np.asarray(array.to_numpy(zero_copy_only=False)).reshape(shape)


def _from_table(table: pa.Table, path: Path, classes: Classes) -> Sequences:
    try:
        names = [name for name in NAMES[1:] if name in table.column_names]
        columns = {name: _dense(table[name], name) for name in names}
        ids = table["id"].cast(pa.string()).to_pylist()
    except _DAMAGE as error:
        raise DataError(f"{path}: {reason_of(error)}") from error
    if None in ids:
        raise DataError(f"{path}: id: something is missing")
    return checked_sequences(ids, columns, source=str(path), classes=classes)


def _open(path: Path) -> pq.ParquetFile:
    """Open a file whose own description is within limits."""
    check_file(path, most=MAX_BYTES)
    try:
        return pq.ParquetFile(
            path,
            thrift_string_size_limit=_MAX_STRING,
            thrift_container_size_limit=_MAX_ITEMS,
            page_checksum_verification=True,
        )
    except _DAMAGE as error:
        raise DataError(f"{path}: not a readable Parquet file ({reason_of(error)})") from error


def _check_groups(file: pq.ParquetFile, groups: Iterable[int], names: Iterable[str]) -> None:
    """Refuse to unpack row groups that say themselves that they are too large, together.

    Raises:
      ValueError: they are.
    """
    size = values = 0
    for group in groups:
        whole = file.metadata.row_group(group)
        for index in range(whole.num_columns):
            column = whole.column(index)
            if column.path_in_schema.split(".")[0] in names:
                size += column.total_uncompressed_size
                values += column.num_values
    if size > MAX_ARRAYS or values > _MAX_VALUES:
        raise ValueError("too large when unpacked")


def _open_parquet(path: Path) -> pq.ParquetFile:
    file = _open(path)
    names = Counter(file.schema_arrow.names)
    if missing := sorted(set(NAMES) - ABSENT.keys() - names.keys()):
        raise DataError(f"{path}: no column {', '.join(missing)}; expected an export")
    if twice := [name for name in NAMES if names[name] > 1]:
        raise DataError(f"{path}: column {twice[0]} stands twice in it")
    return file


def _classes(path: Path, file: pq.ParquetFile) -> Classes:
    try:
        return classes_in(file.schema_arrow.metadata)
    except ValueError as error:
        raise DataError(f"{path}: {error}") from error


def _read(path: Path, file: pq.ParquetFile, groups: list[int], classes: Classes) -> Sequences:
    try:
        _check_groups(file, groups, NAMES)
        table = file.read_row_groups(groups, columns=list(NAMES))
    except _DAMAGE as error:
        raise DataError(f"{path}: damaged ({reason_of(error)})") from error
    return _from_table(table, path, classes)


def iterate_parquet(path: Path) -> Iterator[Sequences]:
    """Read sequences a row group at a time; files of before, without plans, too.

    Raises:
      DataError: the file is missing, damaged or no export.
    """
    with _open_parquet(path) as file:
        classes = _classes(path, file)
        for group in range(file.num_row_groups):
            yield _read(path, file, [group], classes)


def read_parquet(path: Path) -> Sequences:
    """Read all sequences of a file. Raises as `iterate_parquet` does."""
    with _open_parquet(path) as file:
        return _read(path, file, list(range(file.num_row_groups)), _classes(path, file))


def read_classes(path: Path) -> Classes:
    """What the labels of a file mean; digits where it does not say. Raises as `iterate_parquet`."""
    with _open_parquet(path) as file:
        return _classes(path, file)


def read_metadata(path: Path) -> dict[str, str]:
    """The strings that `write_parquet` kept in a file's schema. Raises as `iterate_parquet`."""
    with _open_parquet(path) as file:
        found = file.schema_arrow.metadata or {}
    # Bytes that are no text belong to nobody's format; what reads one of ours will say so.
    return {
        key.decode(errors="replace"): value.decode(errors="replace") for key, value in found.items()
    }


def count_rows(path: Path) -> int:
    """How many sequences a file holds. Raises as `iterate_parquet` does."""
    with _open_parquet(path) as file:
        return int(file.metadata.num_rows)


@contextlib.contextmanager
def _open_pictures(path: Path) -> Iterator[pq.ParquetFile]:
    with _open(path) as file:
        if not {"image", "label"} <= set(file.schema_arrow.names):
            names = ", ".join(file.schema_arrow.names)[:200]
            raise DataError(f"{path}: columns {names}; expected image and label")
        yield file


def count_pictures_of(path: Path) -> int:
    """How many pictures `iterate_pictures_of` gives. Raises as that does."""
    with _open_pictures(path) as file:
        return int(file.metadata.num_rows)


def iterate_pictures_of(path: Path, *, first: int = 0) -> Iterator[tuple[bytes, int]]:
    """Encoded pictures with their labels, as Hugging Face keeps data sets of pictures.

    Args:
      path: of the file.
      first: rows to pass over; whole row groups of them are not read.

    Raises:
      DataError: the file is missing or damaged, or has no columns ``image`` and ``label``.
    """
    with _open_pictures(path) as file:
        for group in range(file.num_row_groups):
            rows_there = file.metadata.row_group(group).num_rows
            passed = min(first, rows_there)
            first -= passed
            if passed == rows_there:
                continue
            try:
                _check_groups(file, [group], ("image", "label"))
                table = file.read_row_group(group, columns=["image", "label"]).slice(passed)
                rows = list(
                    zip(table["image"].to_pylist(), table["label"].to_pylist(), strict=True)
                )
            except _DAMAGE as error:
                raise DataError(f"{path}: damaged ({reason_of(error)})") from error
            for image, label in rows:
                content = image.get("bytes") if isinstance(image, dict) else image
                if not isinstance(content, bytes) or type(label) is not int:
                    raise DataError(f"{path}: expected encoded pictures, and whole numbers")
                yield content, label
