"""IDX, the file format of MNIST: raw or gzipped arrays of unsigned bytes."""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError

_GZIP_MAGIC = b"\x1f\x8b"
_UNSIGNED_BYTE = 8
_MAX_BYTES = 1 << 31  # a file that claims more is damaged, or no picture set


def decompress(content: bytes, *, source: str) -> bytes:
    """Return ``content``, unzipped if it is gzip.

    Raises:
      DataError: the gzip stream is truncated or damaged.
    """
    if not content.startswith(_GZIP_MAGIC):
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as error:
        raise DataError(f"{source}: damaged gzip ({error}); fetch the file again") from error


def parse_idx(content: bytes, *, source: str) -> npt.NDArray[np.uint8]:
    """Read the array out of an IDX file's uncompressed content.

    Args:
      content: the bytes of the file, not gzipped.
      source: what to call the file in an error.

    Returns:
      uint8 array of the shape that the header gives.

    Raises:
      DataError: not IDX, not unsigned bytes, or of another length than the header says.
    """
    if len(content) < 4 or content[:2] != b"\0\0" or not 1 <= content[3] <= 4:
        raise DataError(
            f"{source}: not an IDX file (it starts with {content[:4].hex() or 'nothing'})"
        )
    if content[2] != _UNSIGNED_BYTE:
        raise DataError(f"{source}: IDX type 0x{content[2]:02x}, expected 0x08 (unsigned bytes)")
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise DataError(f"{source}: ends within its header; fetch the file again")
    shape = tuple(int(n) for n in np.frombuffer(content[4:start], ">u4"))
    size = math.prod(shape)
    if size > _MAX_BYTES or len(content) != start + size:
        raise DataError(
            f"{source}: {len(content)} bytes, but its header says {start} + {list(shape)}; "
            "fetch the file again"
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def read_idx(path: Path) -> npt.NDArray[np.uint8]:
    """Read an IDX file, raw or gzipped. See `parse_idx`.

    Raises:
      DataError: the file is missing, unreadable or damaged.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot read it ({error.strerror})") from error
    return parse_idx(decompress(content, source=str(path)), source=str(path))
