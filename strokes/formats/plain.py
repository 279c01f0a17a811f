"""Plain texts of ink, told apart by their first line: suffixes say little.

UNIPEN (also the UCI set as it was recorded, ``pendigits-orig``), UJI pen characters, de Jong's
sequences, steps as sketch-rnn has them, and UCI Pen-Based Digits.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from strokes.classes import DIGITS, Classes
from strokes.formats.dejong import is_sequence, read_sequence
from strokes.formats.labels import check_digits
from strokes.formats.limits import numbered_lines, read_lenient
from strokes.formats.lines import Found
from strokes.formats.offset_texts import are_offsets, read_offsets
from strokes.formats.uci import read_pen_digits
from strokes.formats.uji import parse_uji
from strokes.formats.unipen import found_in_unipen


def read_plain(path: Path, classes: Classes = DIGITS) -> Iterator[Found]:
    """What a text holds, or why it cannot be meant.

    Raises:
      DataError: it is a text of another kind, of digits where other classes are expected, or
        cannot be read at all.
    """
    first, suffix = _first_line(path), unzipped_suffix(path)
    if is_sequence(first):
        check_digits(path, classes)
        return read_sequence(path, read_lenient(path))
    if are_offsets(first):
        check_digits(path, classes)
        return read_offsets(path, read_lenient(path))
    if re.match(r"\.[A-Z]", first) or suffix == ".dat":
        return found_in_unipen(read_lenient(path), path=path, classes=classes)
    if re.match(r"WORD\b|//", first) or (suffix == ".txt" and not _is_row(first)):
        return parse_uji(read_lenient(path), source=str(path), classes=classes)
    check_digits(path, classes)
    return read_pen_digits(path)


def unzipped_suffix(path: Path) -> str:
    """How a file's name ends, in small letters, but for an end that says that it is gzipped."""
    return Path(path.name.lower().removesuffix(".gz")).suffix


def _first_line(path: Path) -> str:
    """The first line that is not blank, without the space around it."""
    lines = (line.decode(errors="replace").strip() for _, line in numbered_lines(path))
    return next((line for line in lines if line), "")


def _is_row(line: str) -> bool:
    """Whether a line is of numbers and what stands between them."""
    return re.fullmatch(r"[-+.\deE,;\s\"']+", line) is not None
