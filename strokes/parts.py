"""Many examples a part at a time, of few sizes, so that few programs are compiled."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

_FEWEST = 4  # rows in a call: one costs as much, and needs no program of its own


def size_of_call(rows: int, at_once: int) -> int:
    """Rows in the call that takes so many: a power of four, or ``at_once``.

    The rows added cost less than another program, which compiles for seconds.
    """
    exponent = (max(rows, 1) - 1).bit_length()
    return min(at_once, 1 << (exponent + exponent % 2))


def in_parts(call: Callable[..., Any], *arrays: npt.NDArray[Any], at_once: int) -> npt.NDArray[Any]:
    """What a compiled function gives for arrays, whatever their length.

    Args:
      call: of arrays ``[size, ...]``, each row by itself; the size is `size_of_call`'s.
        What it makes of rows of zeros at the end is not used.
      arrays: ``[M, ...]`` each.
      at_once: rows in a call, at most.

    Returns:
      ``[M, ...]``.
    """
    count = len(arrays[0])
    found = []
    for start in range(0, max(count, 1), at_once):
        rows = min(at_once, count - start)
        size = size_of_call(max(rows, min(_FEWEST, at_once)), at_once)
        parts = [array[start : start + rows] for array in arrays]
        padded = [
            np.concatenate([part, np.zeros((size - rows, *part.shape[1:]), part.dtype)])
            for part in parts
        ]
        found.append(np.asarray(call(*padded))[:rows])
    return np.concatenate(found)
