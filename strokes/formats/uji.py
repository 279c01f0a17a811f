"""UJI pen characters (Llorens et al., 2008), versions 1 and 2: characters as lines of text.

``WORD 3 trn_UJI_W01-02`` names a character, its writer and the session; ``NUMSTROKES 2`` follows,
and for each stroke ``POINTS 3 # 10 20 10 25 12 31``: x and y by turns, y down. Lines that begin
with ``//`` are comments. Digits are kept.
"""

import itertools
import re
from collections.abc import Iterator

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.formats.limits import numbers_of
from strokes.formats.lines import Found
from strokes.ink import MAX_POINTS, Recording, checked_strokes

_MAX_LINES = 1_000_000


def _points(line: str) -> list[list[float]]:
    head, _, rest = line.partition("#")
    match head.split():
        case ["POINTS", count]:
            numbers = numbers_of(rest, most=2 * MAX_POINTS)
            if len(numbers) != 2 * int(count):
                raise ValueError(f"{len(numbers)} numbers, expected {count} times x and y")
            return [list(point) for point in zip(numbers[::2], numbers[1::2], strict=True)]
    raise ValueError(f"{line[:40]!r}, expected POINTS, their number, # and coordinates")


def _strokes(announced: str, lines: list[str]) -> list[list[list[float]]]:
    """Strokes from the line that says how many there are, and theirs."""
    if announced.split() != ["NUMSTROKES", str(len(lines))]:
        raise ValueError(f"{announced[:40]!r}, but {len(lines)} lines of strokes follow")
    strokes = []
    for number, line in enumerate(lines, start=1):
        try:
            strokes.append(_points(line))
        except ValueError as error:
            raise ValueError(f"stroke {number}: {error}") from error
    return strokes


def _recording(word: list[str], classes: Classes) -> Recording:
    """A character from the lines from its ``WORD`` to the next."""
    _, label, *rest = word[0].split()
    writer = re.sub(r"[-_][0-9]+$", "", rest[0]) if rest else ""
    strokes = _strokes("".join(word[1:2]), word[2:])
    source = "-".join(filter(None, ("uji", writer)))
    return Recording(classes.number(label), checked_strokes(strokes), "px", source)


def parse_uji(text: str, *, source: str, classes: Classes = DIGITS) -> Iterator[Found]:
    """The characters of some classes in a file of UJI's, or why one cannot be meant.

    Raises:
      DataError: it is other text, or there is none of them in it.
    """
    if text.count("\n") > _MAX_LINES:
        raise DataError(f"{source}: more than {_MAX_LINES:,} lines")
    numbered = enumerate(map(str.strip, text.split("\n")), start=1)
    lines = [(number, line) for number, line in numbered if line and not line.startswith("//")]
    starts = [index for index, (_, line) in enumerate(lines) if re.match(r"WORD\s+\S", line)]
    if not starts or starts[0] != 0:
        raise DataError(
            f"{source}: not the UJI pen characters (they begin with a line WORD), nor UNIPEN, UCI "
            "Pen-Based Digits or de Jong's sequences, the texts that are read"
        )
    none = True
    for first, last in itertools.pairwise([*starts, len(lines)]):
        number, line = lines[first]
        if line.split()[1] in classes.names:
            none = False
            try:
                yield _recording([text for _, text in lines[first:last]], classes)
            except ValueError as error:
                yield DataError(f"{source}, line {number}: {error}")
    if none:
        raise DataError(f"{source}: none in it whose label is {classes.described}")
