"""Numbers in Parquet, a row each, written and read in bounded memory. Needs PyArrow."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from strokes.errors import DataError
from strokes.formats.parquet import write_tables
from strokes.handwriting import Handwriting

_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("text", pa.string()),
        ("hand", pa.int32()),
        ("points", pa.list_(pa.list_(pa.float32(), 3))),
        ("time", pa.list_(pa.float32())),
        ("character", pa.list_(pa.int16())),
    ]
)
_STEPS = 1024.0
"""Places are kept to 1 / 1024 mm, which halves the file."""


class HandedNumbers(NamedTuple):
    """Numbers, and whose hand each is in."""

    handwriting: Handwriting
    hands: list[int]
    """Of each number, the seed or place of its hand."""


def write_numbers_parquet(
    chunks: Iterable[HandedNumbers], path: Path, *, metadata: dict[str, str]
) -> int:
    """Write numbers, a row group a chunk; the file appears when it is whole.

    Columns: ``id``; ``text``; ``hand``; ``points``, x and y in mm and 1 where the pen is lifted
    after the point, else 0; ``time`` of each point in ms; ``character`` of each point, its place
    in the text.

    Args:
      chunks: in order.
      path: where to.
      metadata: strings kept in the file's schema.

    Returns:
      how many numbers.
    """
    schema = _SCHEMA.with_metadata(metadata)
    return write_tables(_tables(chunks, schema), path, schema)


def _tables(chunks: Iterable[HandedNumbers], schema: pa.Schema) -> Iterator[pa.Table]:
    count = 0
    for chunk in chunks:
        yield _table(chunk, count, schema)
        count += len(chunk.hands)


def _table(chunk: HandedNumbers, first: int, schema: pa.Schema) -> pa.Table:
    handwriting = chunk.handwriting
    points = handwriting.points.copy()
    points[:, :2] = np.round(points[:, :2] * _STEPS) / _STEPS
    points[:, 2] = 0.0
    points[handwriting.stroke_starts[1:] - 1, 2] = 1.0
    character = handwriting.characters[handwriting.stroke_of_point].astype(np.int16)
    offsets = pa.array(handwriting.point_starts.astype(np.int32))
    triples = pa.FixedSizeListArray.from_arrays(pa.array(points.ravel()), 3)
    time = pa.array(np.round(handwriting.points[:, 2], 1))
    columns = [
        pa.array([f"number-{first + index:07d}" for index in range(len(chunk.hands))]),
        pa.array(handwriting.texts),
        pa.array(chunk.hands, pa.int32()),
        pa.ListArray.from_arrays(offsets, triples),
        pa.ListArray.from_arrays(offsets, time),
        pa.ListArray.from_arrays(offsets, pa.array(character)),
    ]
    return pa.table(columns, schema=schema)


def iterate_numbers_parquet(path: Path) -> Iterator[HandedNumbers]:
    """Read numbers, a row group at a time.

    Raises:
      DataError: the file is missing, damaged or holds something else.
    """
    try:
        with pq.ParquetFile(path) as file:
            if file.schema_arrow.remove_metadata() != _SCHEMA:
                raise DataError(f"{path}: expected the columns of an export of numbers")
            for group in range(file.num_row_groups):
                yield _numbers(file.read_row_group(group), path)
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{path}: not a readable Parquet file ({error})") from error


def _numbers(table: pa.Table, path: Path) -> HandedNumbers:
    columns = {name: table[name].combine_chunks() for name in table.column_names}
    points, time, character = (columns[name] for name in ("points", "time", "character"))
    starts = points.offsets.to_numpy().astype(np.int64)
    for other in (time, character):
        if not np.array_equal(other.offsets.to_numpy(), starts):
            raise DataError(f"{path}: lists of different lengths in a row")
    if table.num_rows and (np.diff(starts) < 1).any():
        raise DataError(f"{path}: a number without points")
    triples = points.values.values.to_numpy().reshape(-1, 3).copy()
    ends = triples[:, 2] > 0.5
    if not ends[starts[1:] - 1].all():
        raise DataError(f"{path}: a number whose last stroke does not end")
    stroke_starts = np.concatenate([[0], np.flatnonzero(ends) + 1])
    triples[:, 2] = time.values.to_numpy()
    handwriting = Handwriting(
        columns["text"].to_pylist(),
        triples,
        stroke_starts,
        np.searchsorted(stroke_starts, starts),
        character.values.to_numpy().astype(np.int64)[stroke_starts[:-1]],
    )
    return HandedNumbers(handwriting, columns["hand"].to_pylist())


def numbers_metadata(**facts: str) -> dict[str, str]:
    """What a file says of itself: units, and whatever else is known."""
    layout = "points: x, y in mm (y down, line at 0), 1 where the pen is lifted after the point"
    return {"layout": layout, "facts": json.dumps(facts)}
