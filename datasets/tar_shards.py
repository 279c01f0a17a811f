"""Pictures in a tar, as WebDataset keeps them: ``NAME.png`` beside ``NAME.cls``, its label as text.

Members of one sample follow each other and share what comes before the first dot of the file's
name; whatever else a sample has is passed over. Nothing is unpacked onto the disk.
"""

import itertools
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from strokes.errors import DataError, reason_of
from strokes.files import check_file
from strokes.pictures.files import SUFFIXES

MAGIC = b"ustar"
"""What a tar has at the byte `MAGIC_AT`."""
MAGIC_AT = 257

_MAX_TAR = 1 << 31
_MAX_PICTURE = 1 << 24
_MAX_LABEL = 64
_LABEL = ".cls"
_DAMAGE = (tarfile.TarError, EOFError, ValueError, OverflowError, MemoryError, RecursionError)
"""What the standard library raises for archives that are damaged or of another kind."""


def _parts_of(name: str) -> tuple[str, str]:
    """What the members of a sample share, and the end by which they differ, in small letters."""
    path = PurePosixPath(name)
    stem, _, end = path.name.partition(".")
    return str(path.with_name(stem)), f".{end.lower()}"


def _members(archive: tarfile.TarFile) -> Iterator[tuple[str, str, tarfile.TarInfo]]:
    """Pictures and labels, each with the name of its sample and its end."""
    while (member := archive.next()) is not None:
        archive.members.clear()  # type: ignore[attr-defined]  # it keeps all: GBs for a million
        hidden = PurePosixPath(member.name).name.startswith(".")
        if member.isreg() and not hidden:
            sample, end = _parts_of(member.name)
            if end == _LABEL or end in SUFFIXES:
                yield sample, end, member


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, most: int) -> bytes:
    if member.size > most or member.issparse():
        raise ValueError(f"{member.name!r:.80} is larger than {most:,} bytes")
    file = archive.extractfile(member)
    content = file.read() if file else b""
    if len(content) < member.size:
        raise EOFError(f"it ends within {member.name!r:.80}")
    return content


def _sample(archive: tarfile.TarFile, name: str, found: dict[str, tarfile.TarInfo]) -> bytes:
    pictures = [member for end, member in found.items() if end != _LABEL]
    if len(pictures) != 1 or _LABEL not in found:
        raise ValueError(f"{name!r:.80} has no picture with its label: expected NAME.png, NAME.cls")
    return _content(archive, pictures[0], _MAX_PICTURE)


def _label(archive: tarfile.TarFile, member: tarfile.TarInfo) -> int:
    text = _content(archive, member, _MAX_LABEL).strip()
    if not text.isdigit():
        raise ValueError(f"{member.name!r:.80} is {text!r:.40}, expected a digit")
    return int(text)


def iterate_tar(path: Path, *, first: int = 0) -> Iterator[tuple[bytes, int]]:
    """Encoded pictures with their labels; one is in memory.

    Args:
      path: of the tar, not packed itself.
      first: samples to pass over.

    Raises:
      DataError: the file is missing or damaged, or a sample lacks its picture or its label.
    """
    check_file(path, most=_MAX_TAR)
    try:
        with tarfile.open(path, "r:") as archive:
            samples = itertools.groupby(_members(archive), key=lambda member: member[0])
            for number, (name, members) in enumerate(samples):
                if number >= first:
                    found = {end: member for _, end, member in members}
                    yield _sample(archive, name, found), _label(archive, found[_LABEL])
    except _DAMAGE as error:
        advice = "; unpack it first" if path.suffix.lower() in (".gz", ".tgz") else ""
        raise DataError(f"{path}: not a readable tar ({reason_of(error)}){advice}") from error


def count_tar(path: Path) -> int:
    """How many samples a tar has, by its headers alone. Raises as `iterate_tar` does."""
    check_file(path, most=_MAX_TAR)
    try:
        with tarfile.open(path, "r:") as archive:
            names = (name for name, _, _ in _members(archive))
            return sum(1 for _ in itertools.groupby(names))
    except _DAMAGE as error:
        raise DataError(f"{path}: not a readable tar ({reason_of(error)})") from error
