"""What UNIPEN files hold: their statements, and those of the files that they include.

A statement is a keyword, a word that begins with a dot in the first column, and all that follows
up to the next one.
"""

import dataclasses
import re
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from strokes.errors import DataError
from strokes.formats.limits import MAX_TEXT, read_lenient

_MAX_INCLUDES = 100
_MAX_PARTS = 400_000
_KEYWORD = re.compile(r"^\.[A-Z]\w*", re.MULTILINE | re.ASCII)
_LABEL = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


class UnipenError(DataError):
    """What of a UNIPEN file cannot be meant: where, why, and the case in point."""

    def __init__(self, where: str, reason: str, case: str = ""):
        super().__init__(f"{where}: {reason}" + (f" ({case})" if case else ""))
        self.reason = reason


class IncludeMissing(UnipenError):
    """A file that another includes is not there."""


class Component(NamedTuple):
    """What the pen did between touching the paper and leaving it, or above it."""

    where: str
    down: bool
    columns: tuple[str, ...]
    """Names of the numbers of a row, X and Y among them; empty if none were given."""
    numbers: str
    """As they stand in the file."""
    writer: str


class Segment(NamedTuple):
    """Which components a label is of."""

    where: str
    components: str
    """As they stand in the file, ``3,5-7``."""
    label: str


def _statements(text: str, path: Path) -> Iterator[tuple[str, str, str]]:
    """Where each statement is, its keyword, and what follows that."""
    start = len(text) - len(text.lstrip())
    match = _KEYWORD.match(text[start:])  # which may be indented, the first one alone
    if match is None:
        raise UnipenError(f"{path}, line 1", "not UNIPEN's format: expected a keyword as .VERSION")
    line, text = 1 + text.count("\n", 0, start), text[start:]
    counted = 0
    while match is not None:
        line += text.count("\n", counted, match.start())
        counted = match.start()
        following = _KEYWORD.search(text, match.end())
        end = following.start() if following else len(text)
        yield f"{path}, line {line}", match[0], text[match.end() : end]
        match = following


def _columns(value: str, where: str) -> tuple[str, ...]:
    columns = tuple(value.split())
    if columns.count("X") != 1 or columns.count("Y") != 1:
        raise UnipenError(where, "expected .COORD with an X and a Y", " ".join(columns[:9]))
    return columns


def _segment(value: str, where: str) -> Segment | UnipenError:
    """A segment; its label is empty if it has none."""
    head, quote, _ = value.partition('"')
    match = _LABEL.match(value, len(head))
    if match is None:
        error = UnipenError(where, "a label without its end")
        return error if quote else Segment(where, "", "")
    words = head.split()
    if len(words) < 3:
        return UnipenError(where, 'expected .SEGMENT LEVEL COMPONENTS QUALITY "LABEL"')
    label = re.sub(r"\\(.)", r"\1", match[1])
    return Segment(where, "".join(words[1:-1]), label)


def _included(name: str, path: Path, where: str) -> Path:
    """The file that is meant: in the file's own folder, or below an ``include`` above it."""
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts:
        raise UnipenError(where, "an include leads out of its folder", name[:80])
    own = path.absolute().parent
    for base in (own, *(folder / "include" for folder in (own, *own.parents))):
        found = base / relative
        if len(name) < 255 and found.is_file():
            if not found.resolve().is_relative_to(base.resolve()):
                raise UnipenError(where, "an include leads out of its folder", name)
            return found.resolve()
    raise IncludeMissing(where, "an include is missing", name[:80])


@dataclasses.dataclass
class Content:
    """What a file and all that it includes hold, in order."""

    labels: Collection[str]
    """Those that are wanted; segments of others are passed over."""
    components: list[Component] = dataclasses.field(default_factory=list)
    segments: list[Segment | UnipenError] = dataclasses.field(default_factory=list)
    """With an error in the place of one that cannot be meant."""
    columns: tuple[str, ...] = ()
    donor: str = ""
    writer: str = ""
    includes: int = 0
    included_bytes: int = 0

    def add(self, text: str, path: Path, above: tuple[Path, ...]) -> None:
        """Add a file's statements.

        Args:
          text: of the file.
          path: of the file.
          above: the files that include it, and itself.

        Raises:
          UnipenError: a statement, or a file that it includes, cannot be meant.
        """
        for where, keyword, value in _statements(text, path):
            if len(self.components) + len(self.segments) > _MAX_PARTS:
                raise UnipenError(where, f"more than {_MAX_PARTS:,} components and segments")
            match keyword:
                case ".PEN_DOWN" | ".PEN_UP":
                    down = keyword == ".PEN_DOWN"
                    component = Component(where, down, self.columns, value, self.writer)
                    self.components.append(component)
                case ".SEGMENT":
                    segment = _segment(value, where)
                    if isinstance(segment, UnipenError) or segment.label in self.labels:
                        self.segments.append(segment)
                case ".INCLUDE":
                    self._include(value, where, path, above)
                case ".COORD":
                    self.columns = _columns(value, where)
                case ".DATA_SOURCE":
                    self.donor = _word(value).lower().replace("-", "_")
                case ".WRITER_ID":
                    self.writer = _word(value)

    def _include(self, value: str, where: str, path: Path, above: tuple[Path, ...]) -> None:
        words = value.split()
        if len(words) != 1:
            raise UnipenError(where, "expected .INCLUDE and one file", value.strip()[:80])
        try:
            found = _included(words[0], path, where)
        except IncludeMissing:
            if words[0].lower().endswith(".doc"):
                return
            raise
        if found in above:
            raise UnipenError(where, "an include leads back to itself", words[0])
        self.includes += 1
        self.included_bytes += found.stat().st_size
        if self.includes > _MAX_INCLUDES or self.included_bytes > MAX_TEXT:
            raise UnipenError(
                where, f"more than {_MAX_INCLUDES} includes, or {MAX_TEXT >> 20} MiB in them"
            )
        self.add(read_lenient(found), found, (*above, found))


def _word(value: str) -> str:
    """The first word; empty where there is none, or ``?`` as it is not known."""
    return next(iter(value.split()), "").replace("?", "")
