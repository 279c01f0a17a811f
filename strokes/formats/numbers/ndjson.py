"""Numbers as ndjson: a JSON object a line.

- ``text``: the number;
- ``strokes``: as in the format of recordings, ``[x, y, t]`` each;
- ``characters``: of each stroke, which of the text's characters it is of, from 0;
- ``units``: "mm";
- ``source``: in whose hand, any text.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from strokes.errors import DataError
from strokes.files import atomic_path
from strokes.formats.limits import numbered_lines
from strokes.handwriting import WrittenNumber
from strokes.ink import checked_strokes

_UNITS = "mm"


def format_number(number: WrittenNumber, source: str) -> str:
    """One line, without its end: places to a thousandth of a mm, times to a tenth of a ms."""
    entry = {
        "text": number.text,
        "source": source,
        "units": _UNITS,
        "characters": number.characters,
        "strokes": [
            [[round(x, 3), round(y, 3), round(time, 1)] for x, y, time in stroke.tolist()]
            for stroke in number.strokes
        ],
    }
    return json.dumps(entry)


def parse_number(line: str) -> WrittenNumber:
    """The inverse of `format_number`.

    Raises:
      ValueError: it is no number; the message says why.
    """
    entry: Any = json.loads(line)
    if not isinstance(entry, dict):
        raise ValueError(f"expected an object, got {type(entry).__name__}")
    missing = [one for one in ("text", "strokes", "characters", "units") if one not in entry]
    if missing:
        raise ValueError(f"{missing[0]!r} is missing")
    text, characters = entry["text"], entry["characters"]
    if not isinstance(text, str) or entry["units"] != _UNITS:
        raise ValueError(f"expected a text, and {_UNITS!r} as units")
    strokes = checked_strokes(entry["strokes"])
    if any(stroke.shape[1] != 3 for stroke in strokes):
        raise ValueError("strokes: expected points [x, y, t]")
    known = isinstance(characters, list) and len(characters) == len(strokes)
    if not known or any(type(one) is not int or not 0 <= one < len(text) for one in characters):
        raise ValueError("characters: expected the place of a character for each stroke")
    return WrittenNumber(text, [np.asarray(stroke) for stroke in strokes], characters)


def write_numbers_ndjson(numbers: Iterable[WrittenNumber], path: Path, *, source: str) -> None:
    """Write a file of the format, atomically."""
    with atomic_path(path) as temporary, temporary.open("w") as file:
        file.writelines(format_number(number, source) + "\n" for number in numbers)


def read_numbers_ndjson(path: Path) -> list[WrittenNumber]:
    """Read a file of the format.

    Raises:
      DataError: it cannot be read, or a line is wrong; the message gives it and the reason.
    """
    found = []
    for number, line in numbered_lines(path):
        try:
            text = line.decode()
            if text.strip():
                found.append(parse_number(text))
        except (ValueError, RecursionError) as error:
            raise DataError(f"{path}, line {number}: {error}") from error
    return found
