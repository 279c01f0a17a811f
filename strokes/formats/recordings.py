"""Readers of pen recordings in the formats that people have: a table by suffix.

A new format is a module of its own, with a reader, and a row here: `READERS`. The suffixes
``.ndjson`` and ``.jsonl``, gzipped or not, are shared by our own format and Quick, Draw!, told
apart by keys.
"""

import json
from collections.abc import Callable
from pathlib import Path

from strokes.errors import DataError
from strokes.formats.arrays import read_arrays
from strokes.formats.inkml import parse_inkml
from strokes.formats.limits import MAX_BYTES, read_gzipped, read_lenient
from strokes.formats.lines import parse_lines, read_text
from strokes.formats.ndjson import recording_of
from strokes.formats.quickdraw import quick_draw_of
from strokes.formats.uci import parse_pen_digits
from strokes.formats.uji import parse_uji
from strokes.formats.unipen import read_unipen
from strokes.ink import Recording


def _parse_ndjson(line: str) -> Recording:
    """Our own format or Quick, Draw!, by the keys of the object."""
    entry = json.loads(line)
    if isinstance(entry, dict) and "drawing" in entry:
        return quick_draw_of(entry)
    return recording_of(entry)


Reader = Callable[[Path], list[Recording]]
"""Reads a file; raises DataError for what it cannot mean."""


def _lines_of(parse: Callable[[str], Recording], read: Callable[[Path], str] = read_text) -> Reader:
    return lambda path: parse_lines(read(path), parse, source=str(path))


READERS: dict[str, Reader] = {
    ".ndjson": _lines_of(_parse_ndjson),
    ".jsonl": _lines_of(_parse_ndjson),
    ".ndjson.gz": _lines_of(_parse_ndjson, read_gzipped),
    ".jsonl.gz": _lines_of(_parse_ndjson, read_gzipped),
    ".tra": _lines_of(parse_pen_digits),
    ".tes": _lines_of(parse_pen_digits),
    ".csv": _lines_of(parse_pen_digits),
    ".inkml": lambda path: parse_inkml(read_text(path), source=str(path)),
    ".npz": read_arrays,
    ".dat": read_unipen,
    ".txt": lambda path: parse_uji(read_lenient(path), source=str(path)),
}
"""What reads a file, by the end of its name; no end is the end of another."""


def read_recordings(path: Path) -> list[Recording]:
    """Read a file of pen recordings; its suffix says which format (see the module).

    Raises:
      DataError: the file is missing, of an unknown kind, or a recording in it is wrong;
        the message gives the line and the reason.
    """
    name = path.name.lower()
    reader = next((READERS[suffix] for suffix in READERS if name.endswith(suffix)), None)
    if reader is None:
        raise DataError(f"{path}: expected a file ending in {', '.join(READERS)}")
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    if path.stat().st_size > MAX_BYTES:
        raise DataError(f"{path}: larger than {MAX_BYTES >> 30} GiB")
    return reader(path)
