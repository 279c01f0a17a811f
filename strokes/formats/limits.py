"""Reading what other people made within limits, so that no file fills the memory."""

import gzip
import lzma
import math
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError

MAX_BYTES = 1 << 30
"""A file of recordings that holds more, unpacked, is refused."""

_PART = 1 << 20


def read_lenient(path: Path) -> str:
    """The text of a file of a format in ASCII, whose comments may be in any encoding.

    Bytes that are not UTF-8 become U+FFFD, which is part of no number and of no digit.
    """
    return path.read_text(encoding="utf-8-sig", errors="replace")


def read_gzipped(path: Path, *, most: int = MAX_BYTES) -> str:
    """The text of a gzipped file.

    Args:
      path: of the file.
      most: bytes that it may hold unpacked; never more are unpacked than these and a part.

    Raises:
      DataError: it is no whole gzip file, holds more, or no UTF-8.
    """
    content = bytearray()
    try:
        with gzip.open(path) as file:
            while part := file.read(_PART):
                content += part
                if len(content) > most:
                    raise DataError(f"{path}: more than {most:,} bytes when unpacked")
        return content.decode()
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not text ({error})") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"{path}: not a whole gzip file ({error})") from error


# What the standard library and NumPy raise for archives that are damaged or of another kind.
_DAMAGE = (
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


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
    if dtype.hasobject or dtype.names is not None:
        raise ValueError(f"an array of {dtype}, expected numbers")
    claimed = math.prod(shape) * dtype.itemsize
    if claimed != size - member.tell():
        raise ValueError(f"its header says {list(shape)} {dtype}, but there is more or less")
    member.seek(0)
    array: npt.NDArray[Any] = np.lib.format.read_array(member, allow_pickle=False)
    return array


def read_npz_arrays(
    path: Path,
    wanted: Callable[[str], bool],
    *,
    most: int = MAX_BYTES,
    complaint: str = "not a readable .npz",
) -> dict[str, npt.NDArray[Any]]:
    """Arrays of an ``.npz`` by name; nothing is unpacked that is larger than allowed or claimed.

    Args:
      path: of the file.
      wanted: which names to read.
      most: bytes that these may hold unpacked, together.
      complaint: what a message says before the reason.

    Raises:
      DataError: the file is no ``.npz``, damaged, too large, or holds other things than numbers.
      OSError: it cannot be read at all.
    """
    arrays = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                name = info.filename.removesuffix(".npy")
                if not wanted(name):
                    continue
                most -= info.file_size
                if most < 0:
                    raise ValueError(f"{name!r} is too large when unpacked")
                with archive.open(info) as member:
                    arrays[name] = _checked_member(member, info.file_size)
    except (*_DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise  # the file itself cannot be read; else a damaged archive leads out of the file
        raise DataError(f"{path}: {complaint} ({error})") from error
    return arrays


def numbers_of(text: str, *, most: int) -> list[float]:
    """Numbers with white space between them.

    Raises:
      ValueError: one is no number, or there are more than ``most``.
    """
    fields = text.split(maxsplit=most)
    if len(fields) > most:
        raise ValueError(f"more than {most:,} numbers")
    numbers = []
    for field in fields:
        try:
            numbers.append(float(field))
        except ValueError:
            raise ValueError(f"{field[:20]!r} is not a number") from None
    return numbers
