"""Many examples a part at a time, of few sizes, so that few programs are compiled."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt


def in_parts(call: Callable[..., Any], *arrays: npt.NDArray[Any], at_once: int) -> npt.NDArray[Any]:
    """What a compiled function gives for arrays, whatever their length.

    Args:
      call: of arrays ``[size, ...]``, each row by itself; the size is a power of two, or
        ``at_once``. What it makes of rows of zeros at the end is not used.
      arrays: ``[M, ...]`` each.
      at_once: rows in a call, at most.

    Returns:
      ``[M, ...]``.
    """
    count = len(arrays[0])
    found = []
    for start in range(0, max(count, 1), at_once):
        rows = min(at_once, count - start)
        size = min(at_once, 1 << (max(rows, 1) - 1).bit_length())
        parts = [array[start : start + rows] for array in arrays]
        padded = [
            np.concatenate([part, np.zeros((size - rows, *part.shape[1:]), part.dtype)])
            for part in parts
        ]
        found.append(np.asarray(call(*padded))[:rows])
    return np.concatenate(found)
