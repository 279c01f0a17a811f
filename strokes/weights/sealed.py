"""Arrays by name in one safetensors file that carries its own sum: a changed bit is noticed.

The sum is the SHA-256 of the whole file as it is with 64 zeros in the sum's place. It lies among
the facts, plain values beside the arrays. Files of before there were sums are read unchecked.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

from strokes.errors import DataError
from strokes.files import atomic_path

Arrays = dict[str, npt.NDArray[Any]]

MOST_BYTES = 1 << 31
"""A larger file is refused before it is read."""

_FACTS = "facts"
_SUM = "sha256"
_BLANK = 64 * "0"


class Sealed(NamedTuple):
    """What `write_sealed` wrote."""

    arrays: Arrays
    facts: dict[str, Any]


def _mark(digest: str) -> bytes:
    """The sum as it stands in the file: in JSON that is a string in JSON."""
    return json.dumps(f'"{_SUM}": "{digest}"')[1:-1].encode()


def write_sealed(path: Path, arrays: Arrays, facts: dict[str, Any]) -> None:
    """Write arrays, exactly as they are, and facts, atomically.

    Raises:
      OSError: it cannot be written.
    """
    # The first of the facts, so that nothing that looks like it stands before it.
    told = json.dumps({_SUM: _BLANK, **facts})
    content = save(
        {name: np.asarray(array, order="C") for name, array in arrays.items()}, {_FACTS: told}
    )
    digest = hashlib.sha256(content).hexdigest()
    with atomic_path(path) as temporary:
        temporary.write_bytes(content.replace(_mark(_BLANK), _mark(digest), 1))


def read_sealed(path: Path) -> Sealed:
    """Read arrays and facts, once the sum is found right.

    Raises:
      DataError: the file is missing, too large, damaged or none of this package's.
    """
    content = _content(path)
    try:
        facts, arrays = _facts(content), load(content)
    except (
        SafetensorError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise DataError(f"{path}: no weights that this package wrote ({error})") from error
    digest = facts.pop(_SUM, None)
    if digest is not None:
        blank = content.replace(_mark(digest), _mark(_BLANK), 1)
        if digest != hashlib.sha256(blank).hexdigest():
            raise DataError(f"{path}: damaged (its sum does not hold); get it anew")
    return Sealed(arrays, facts)


def _content(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise DataError(f"{path}: no file of weights")
        if path.stat().st_size > MOST_BYTES:
            raise DataError(
                f"{path}: larger than {MOST_BYTES >> 30} GiB, no weights of this package"
            )
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: no weights that this package wrote ({error.strerror})") from error


def _facts(content: bytes) -> dict[str, Any]:
    """The facts in a file's header, which begins with its length."""
    size = int.from_bytes(content[:8], "little")
    facts = json.loads(json.loads(content[8 : 8 + size])["__metadata__"][_FACTS])
    if not isinstance(facts, dict):
        raise ValueError("its facts are no object")
    return facts
