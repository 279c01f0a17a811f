"""IDX, the file format of MNIST: raw or gzipped arrays of unsigned bytes."""

import gzip
import io
import math
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.formats.limits import open_unpacked

Bytes = npt.NDArray[np.uint8]

_GZIP_MAGIC = b"\x1f\x8b"
_UNSIGNED_BYTE = 8
_MAX_BYTES = 1 << 31  # a file that claims more is damaged, or no picture set
_MAX_WHOLE = 1 << 26
_PART = 1 << 20
_AGAIN = "fetch the file again"


def decompress(content: bytes, *, source: str) -> bytes:
    """Return ``content``, unzipped if it is gzip; at most 64 MiB of it.

    Raises:
      DataError: the gzip stream is truncated or damaged, or holds more.
    """
    if not content.startswith(_GZIP_MAGIC):
        return content
    try:
        plain = gzip.GzipFile(fileobj=io.BytesIO(content)).read(_MAX_WHOLE + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise DataError(f"{source}: damaged gzip ({error}); {_AGAIN}") from error
    if len(plain) > _MAX_WHOLE:
        raise DataError(f"{source}: more than {_MAX_WHOLE:,} bytes when unpacked")
    return plain


def _read_shape(file: IO[bytes], source: str) -> tuple[int, ...]:
    """The shape that the header gives, which is read."""
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or not 1 <= magic[3] <= 4:
        raise DataError(f"{source}: not an IDX file (it starts with {magic.hex() or 'nothing'})")
    if magic[2] != _UNSIGNED_BYTE:
        raise DataError(f"{source}: IDX type 0x{magic[2]:02x}, expected 0x08 (unsigned bytes)")
    sizes = file.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise DataError(f"{source}: ends within its header; {_AGAIN}")
    shape = tuple(int(n) for n in np.frombuffer(sizes, ">u4"))
    if math.prod(shape) > _MAX_BYTES:
        raise DataError(f"{source}: its header says {list(shape)}, which is too large; {_AGAIN}")
    return shape


def _read_rows(file: IO[bytes], shape: tuple[int, ...], source: str) -> Bytes:
    """An array of this shape from what comes next; memory is taken as it comes."""
    size = math.prod(shape)
    content = bytearray()
    while len(content) < size and (part := file.read(min(_PART, size - len(content)))):
        content += part
    if len(content) < size:
        raise DataError(f"{source}: ends before what its header says, {list(shape)}; {_AGAIN}")
    return np.frombuffer(content, np.uint8).reshape(shape)


def _check_end(file: IO[bytes], shape: tuple[int, ...], source: str) -> None:
    if file.read(1):
        raise DataError(f"{source}: more than what its header says, {list(shape)}; {_AGAIN}")


def parse_idx(content: bytes, *, source: str) -> Bytes:
    """Read the array out of an IDX file's uncompressed content.

    Args:
      content: the bytes of the file, not gzipped.
      source: what to call the file in an error.

    Returns:
      uint8 array of the shape that the header gives.

    Raises:
      DataError: not IDX, not unsigned bytes, or of another length than the header says.
    """
    file = io.BytesIO(content)
    shape = _read_shape(file, source)
    found = _read_rows(file, shape, source)
    _check_end(file, shape, source)
    return found


def idx_shape(path: Path) -> tuple[int, ...]:
    """The shape that an IDX file's header gives. Raises DataError as `read_idx`."""
    with open_unpacked(path, most=_MAX_BYTES) as file:
        return _read_shape(file, str(path))


def iterate_idx(path: Path, chunk: int, *, first: int = 0) -> Iterator[Bytes]:
    """The rows of an IDX file, raw or gzipped, ``chunk`` at a time; one chunk is in memory.

    Args:
      path: of the file.
      chunk: rows to read together.
      first: rows to pass over.

    Raises:
      DataError: the file is missing or damaged; a chunk may have come before that is seen.
    """
    with open_unpacked(path, most=_MAX_BYTES) as file:
        shape = _read_shape(file, str(path))
        file.seek(first * math.prod(shape[1:]), os.SEEK_CUR)
        for start in range(first, shape[0], chunk):
            rows = min(chunk, shape[0] - start)
            yield _read_rows(file, (rows, *shape[1:]), str(path))
        _check_end(file, shape, str(path))


def read_idx(path: Path) -> Bytes:
    """Read a whole IDX file, raw or gzipped, of at most 64 MiB.

    Raises:
      DataError: the file is missing, unreadable, damaged or larger.
    """
    with open_unpacked(path, most=_MAX_BYTES) as file:
        shape = _read_shape(file, str(path))
        if math.prod(shape) > _MAX_WHOLE:
            raise DataError(f"{path}: its header says {list(shape)}, which is too large")
        found = _read_rows(file, shape, str(path))
        _check_end(file, shape, str(path))
    return found
