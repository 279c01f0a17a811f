"""Readers of pen recordings in the formats that people have: a table by suffix.

A new format is a module of its own, with a reader, and a row here: `READERS`. The suffixes
``.ndjson`` and ``.jsonl``, gzipped or not, are shared by our own format, Quick, Draw! and what the
page saves, told apart by keys; plain texts by their first line (`strokes.formats.plain`).
"""

import functools
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.files import check_file
from strokes.formats.arrays import read_arrays
from strokes.formats.dejong import read_sequence, sequence_files
from strokes.formats.inkml import read_inkml
from strokes.formats.labels import Unlabelled, check_classes, check_digits
from strokes.formats.limits import MAX_BYTES, read_lenient
from strokes.formats.lines import Found, iterate_lines, read_text
from strokes.formats.ndjson import recording_of
from strokes.formats.page import page_digit_of
from strokes.formats.plain import read_plain, unzipped_suffix
from strokes.formats.quickdraw import quick_draw_of
from strokes.formats.svg_paths import read_svg
from strokes.ink import Recording

MAX_RECORDINGS = 400_000
MAX_POINTS_IN_ALL = 16_000_000
"""A file of more recordings, or of more points in all of them, is refused: it is to be split."""

_log = logging.getLogger(__name__)


def _parse_json(line: str, classes: Classes) -> Recording:
    return _of_object(json.loads(line), classes)


def _of_object(entry: Any, classes: Classes) -> Recording:
    """Our own format, Quick, Draw! or the page's, by the keys of the object."""
    if isinstance(entry, dict) and "drawing" in entry:
        return quick_draw_of(entry, classes)
    if isinstance(entry, dict) and "pen_up" in entry:
        return page_digit_of(entry, classes)
    return recording_of(entry, classes)


def _read_json_lines(path: Path, classes: Classes) -> Iterator[Found]:
    return iterate_lines(path, functools.partial(_parse_json, classes=classes))


def _read_json(path: Path, classes: Classes) -> Iterator[Found]:
    """A file of one object, or of a list of them, on however many lines."""
    try:
        content = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        yield error if isinstance(error, DataError) else DataError(f"{path}: {error}")
        return
    listed = isinstance(content, list)
    for number, entry in enumerate(content if listed else [content], start=1):
        try:
            yield _of_object(entry, classes)
        except Unlabelled as error:
            yield error
        except (ValueError, TypeError, RecursionError) as error:
            yield DataError(f"{path}{f', object {number}' if listed else ''}: {error}")


def _read_parquet(path: Path, classes: Classes) -> Iterator[Found]:
    from strokes.formats.parquet import iterate_parquet, read_classes  # which need PyArrow
    from strokes.formats.sequences import recordings_in

    check_classes(path, read_classes(path), classes)
    for chunk in iterate_parquet(path):
        yield from recordings_in(chunk)


Reader = Callable[[Path, Classes], Iterable[Found]]
"""Reads a file of some classes: each recording, or why one cannot be meant; raises DataError for
a whole file."""

READERS: dict[str, Reader] = {
    ".ndjson": _read_json_lines,
    ".jsonl": _read_json_lines,
    ".json": _read_json,
    ".tra": read_plain,
    ".tes": read_plain,
    ".data": read_plain,
    ".csv": read_plain,
    ".tsv": read_plain,
    ".inkml": read_inkml,
    ".npz": read_arrays,
    ".parquet": _read_parquet,
    ".dat": read_plain,
    ".svg": read_svg,
    ".txt": read_plain,
}
"""What reads a file, by the end of its name; all but the arrays' may be gzipped (``.tra.gz``)."""

_ADVICE = {
    (".h5", ".hdf5"): "HDF5 is not read: save its arrays in an .npz, as points [N, T, 3] (x, y, "
    "pen-up) and labels [N]",
    (".pkl", ".pickle"): "a pickle is a program and is not run: save its arrays in an .npz, as "
    "points [N, T, 3] (x, y, pen-up) and labels [N]",
    (".npy",): "save it with its labels in an .npz, as points [N, T, 3] and labels [N]",
    (".z", ".zip", ".tar", ".tgz", ".tar.gz", ".bz2", ".xz", ".7z"): "unpack it first",
}


def _reader(path: Path) -> Reader:
    if (reader := READERS.get(unzipped_suffix(path))) is not None:
        return reader
    name = path.name.lower()
    for suffixes, advice in _ADVICE.items():
        if name.endswith(suffixes):
            raise DataError(f"{path}: {advice}")
    raise DataError(f"{path}: expected a file ending in {', '.join(READERS)}")


def _read_folder(folder: Path, classes: Classes) -> Iterator[Found]:
    """De Jong's digits, the only ones that are kept in a file each."""
    check_digits(folder, classes)
    files = sequence_files(folder)
    if not files:
        raise DataError(
            f"{folder}: a folder; expected a file, or de Jong's trainimg-*-inputdata.txt"
        )
    for path in files:
        yield from read_sequence(path, read_lenient(path))


def read_recordings(
    path: Path, *, classes: Classes = DIGITS, label: int | None = None, strict: bool = False
) -> list[Recording]:
    """Read a file of pen recordings; its suffix and content say which format (see the module).

    What of it cannot be meant is passed over, and a warning is logged that counts it.

    Args:
      path: of the file, or of a folder of de Jong's sequences.
      classes: what its labels mean; a label that is none of them cannot be meant.
      label: the number of the class of the ink of which the file does not say it.
      strict: refuse a file of which anything cannot be meant.

    Raises:
      DataError: the file is missing, of an unknown kind or too large, or there is no recording
        in it that can be meant; the message gives the line and the reason.
    """
    if path.is_dir():
        found: Iterable[Found] = _read_folder(path, classes)
    else:
        reader = _reader(path)
        check_file(path, most=MAX_BYTES)
        found = reader(path, classes)
    recordings: list[Recording] = []
    first, odd, points = None, 0, 0
    for one in found:
        if isinstance(one, Unlabelled) and label is not None:
            one = one.labelled(label, classes)
        if isinstance(one, DataError):
            if strict:
                raise one
            first, odd = first or one, odd + 1
        else:
            recordings.append(one)
            points += sum(map(len, one.strokes))
        if len(recordings) + odd > MAX_RECORDINGS or points > MAX_POINTS_IN_ALL:
            raise DataError(
                f"{path}: more than {MAX_RECORDINGS:,} recordings, or {MAX_POINTS_IN_ALL:,} "
                "points; split it"
            )
    if not recordings:
        raise first or DataError(f"{path}: no recording in it")
    if first is not None:
        reason = str(first).removeprefix(str(path)).removeprefix(",").removeprefix(":").strip()
        count = odd + len(recordings)
        _log.warning("%s: passed over %d of %d; the first: %s", path, odd, count, reason)
    return recordings
