"""Reading what other people made within limits, so that no file fills the memory or hangs."""

import codecs
import contextlib
import gzip
import math
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError, reason_of
from strokes.files import check_file
from strokes.formats.objects import arrays_of

MAX_BYTES = 1 << 30
"""A file that is read line by line may hold so many, unpacked."""

MAX_TEXT = 1 << 27
"""So many may a text have that is read as a whole."""

MAX_LINE = 4 << 20
"""So many may a line have."""

MAX_LINES = 1_000_000
"""So many may a file have that is read line by line."""

MAX_ARRAYS = 1 << 28
"""So many may the arrays have, together, that are read of an archive."""

_MAX_DIRECTORY = 1 << 20  # of an archive: some 10,000 members


@contextlib.contextmanager
def open_unpacked(path: Path, *, most: int = MAX_BYTES) -> Iterator[IO[bytes]]:
    """Open a file, gzipped or not; nothing is unpacked before it is read.

    Args:
      path: of the file; its name ends in ``.gz``, or its content says that it is gzip.
      most: bytes that the file itself may have.

    Raises:
      DataError: as `check_file`; and, where it is read, no whole gzip file.
    """
    check_file(path, most=most)
    with path.open("rb") as plain:
        if path.suffix.lower() != ".gz" and not plain.peek(2).startswith(b"\x1f\x8b"):
            yield plain
            return
        try:
            with gzip.GzipFile(fileobj=plain) as unpacked:
                yield unpacked  # type: ignore[misc]
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(f"{path}: not a whole gzip file ({error})") from error


def read_bytes(path: Path, *, most: int = MAX_TEXT) -> bytes:
    """A whole file, gzipped or not, of at most so many bytes. Raises as `open_unpacked`."""
    with open_unpacked(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise DataError(f"{path}: more than {most:,} bytes")
    return content


def read_lenient(path: Path) -> str:
    """The text of a file of a format in ASCII, whose comments may be in any encoding.

    Bytes that are not UTF-8 become U+FFFD, which is part of no number and of no digit.
    """
    return read_bytes(path).decode("utf-8-sig", errors="replace")


def numbered_lines(path: Path, *, most: int = MAX_BYTES) -> Iterator[tuple[int, bytes]]:
    """The lines of a file, gzipped or not, counted from 1; one at a time is in memory.

    Args:
      path: of the file.
      most: bytes that it may hold unpacked; never more are unpacked than these and a line.

    Raises:
      DataError: as `open_unpacked`, or it holds more, has more than `MAX_LINES`, or one is longer
        than `MAX_LINE`.
    """
    number = 0
    with open_unpacked(path) as file:
        while line := file.readline(MAX_LINE + 1):
            number += 1
            most -= len(line)
            if most < 0:
                raise DataError(f"{path}: more bytes than are read when unpacked")
            if number > MAX_LINES:
                raise DataError(f"{path}: more than {MAX_LINES:,} lines; split it")
            if len(line) > MAX_LINE:
                raise DataError(f"{path}, line {number}: longer than {MAX_LINE:,} bytes")
            yield number, line.removeprefix(codecs.BOM_UTF8) if number == 1 else line


# What the standard library and NumPy raise for archives that are damaged or of another kind.
_DAMAGE = (
    EOFError,
    KeyError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
    SyntaxError,
    ValueError,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def _check_directory(path: Path) -> None:
    """Refuse an archive whose list of members alone would fill the memory."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - (1 << 16) - 22, 0))
        end = file.read()
    place = end.rfind(b"PK\5\6")
    if place >= 0 and struct.unpack_from("<I", end[place : place + 16], 12)[0] > _MAX_DIRECTORY:
        raise ValueError("too many members")


def _checked_member(member: IO[bytes], size: int) -> npt.NDArray[Any]:
    """An array of an ``.npz``, read only if it is as large as its header says."""
    version = np.lib.format.read_magic(member)
    read_header = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }.get(version)
    if read_header is None:
        raise ValueError(f"version {version} of the format of arrays")
    shape, _, dtype = read_header(member)
    if dtype.kind == "O":
        return arrays_of(member.read())
    if dtype.hasobject or dtype.names is not None:
        raise ValueError(f"an array of {dtype}, expected numbers")
    claimed = math.prod(shape) * dtype.itemsize
    if claimed != size - member.tell() or min(shape, default=0) < 0:
        raise ValueError(f"its header says {list(shape)!r:.60} {dtype}, but there is more or less")
    member.seek(0)
    array: npt.NDArray[Any] = np.lib.format.read_array(member, allow_pickle=False)
    return array


def read_npz_arrays(
    path: Path,
    wanted: Callable[[str], bool],
    *,
    most: int = MAX_ARRAYS,
    complaint: str = "not a readable .npz",
) -> dict[str, npt.NDArray[Any]]:
    """Arrays of an ``.npz`` by name; nothing is unpacked that is larger than allowed or claimed.

    Arrays of arrays, as sketch-rnn's, come as arrays of dtype object that hold arrays.

    Args:
      path: of the file.
      wanted: which names to read.
      most: bytes that these may hold unpacked, together.
      complaint: what a message says before the reason.

    Raises:
      DataError: the file is missing, no ``.npz``, damaged, too large, or holds other things.
      OSError: it cannot be read at all.
    """
    check_file(path, most=MAX_BYTES)
    arrays = {}
    try:
        _check_directory(path)
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                name = info.filename.removesuffix(".npy")
                if not wanted(name):
                    continue
                if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise ValueError(f"{name!r} is packed in a way that NumPy does not use")
                most -= info.file_size
                if most < 0:
                    raise ValueError(f"{name!r} is too large when unpacked")
                with archive.open(info) as member:
                    arrays[name] = _checked_member(member, info.file_size)
    except (*_DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise  # the file itself cannot be read; else a damaged archive leads out of the file
        raise DataError(f"{path}: {complaint} ({reason_of(error)})") from error
    return arrays


def numbers_of(text: str, *, most: int) -> list[float]:
    """Numbers with white space between them.

    Raises:
      ValueError: one is no number, or there are more than ``most``.
    """
    fields = text.split(maxsplit=most)
    if len(fields) > most:
        raise ValueError(f"more than {most:,} numbers")
    return [number_of(field) for field in fields]


def number_of(field: str) -> float:
    """A number as a file writes it. Raises ValueError with the field."""
    try:
        return float(field)
    except ValueError:
        raise ValueError(f"{field[:20]!r} is not a number") from None
