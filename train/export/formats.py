"""Exported sequences once more, in the formats that others read."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from strokes.classes import DIGITS, Classes
from strokes.formats.parquet import iterate_parquet
from strokes.formats.sequences import recordings_in
from strokes.formats.sketch_rnn import write_sketch_rnn
from strokes.formats.writers import WRITERS
from strokes.ink import Recording
from train.export.names import FormatName


def _recordings(file: Path) -> Iterator[Recording]:
    for chunk in iterate_parquet(file):
        yield from recordings_in(chunk)


def write_formats(
    formats: Sequence[FormatName],
    files: Mapping[str, Path],
    out: Path,
    name: str,
    *,
    classes: Classes = DIGITS,
) -> list[Path]:
    """Write what Parquet files hold in other formats, a file for each split or one of all.

    Args:
      formats: which.
      files: Parquet by split.
      out: folder to write into.
      name: of a file of all splits.
      classes: what labels mean.

    Returns:
      what was written.
    """
    written = []
    for one in formats:
        if one in ("stroke-3", "stroke-5"):
            path = out / f"{name}.{one}.npz"
            splits = {split: _recordings(file) for split, file in files.items()}
            write_sketch_rnn(splits, path, padded=one == "stroke-5")
            written.append(path)
            continue
        writer = WRITERS[one]
        for split, file in files.items():
            path = out / f"{split}{writer.suffix}"
            writer.write(_recordings(file), path, classes)
            written.append(path)
    return written
