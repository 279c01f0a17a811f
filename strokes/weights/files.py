"""Released weights: parameters in one safetensors file, of few bits, with their facts.

An array is kept in half precision, or in eight bits: blocks of 32 consecutive values, each an
integer from -127 to 127 times its block's scale (llama.cpp calls this Q8_0). Single precision is
read too.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.weights.sealed import read_sealed, write_sealed

_SCALES = ".scales"  # added to the name of an array in eight bits
_BLOCK = 32
_LARGEST = 127  # in eight bits

Array = npt.NDArray[np.floating]


def _name(path: tuple[Any, ...]) -> str:
    return ".".join(str(getattr(part, "key", getattr(part, "name", part))) for part in path)


def _named(tree: Any) -> dict[str, Any]:
    """The leaves of a tree by their paths."""
    leaves, _ = jax.tree_util.tree_flatten_with_path(tree)
    return {_name(where): leaf for where, leaf in leaves}


def _blocks(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """``[blocks, 32]`` of an array of any shape, zeros after its end."""
    flat = array.reshape(-1)
    return np.pad(flat, (0, -len(flat) % _BLOCK)).reshape(-1, _BLOCK)


def _in_eight_bits(array: Array) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """Integers of the array's shape, and the scale of each block."""
    blocks = _blocks(array.astype(np.float32))
    scales = (np.abs(blocks).max(axis=1) / _LARGEST).astype(np.float16)
    divisors = np.where(scales > 0, scales, np.inf).astype(np.float32)
    whole = np.clip(np.round(blocks / divisors[:, None]), -_LARGEST, _LARGEST).astype(np.int8)
    return whole.reshape(-1)[: array.size].reshape(array.shape), scales


def _from_eight_bits(whole: npt.NDArray[np.int8], scales: Array) -> Array:
    """The inverse of `_in_eight_bits`, up to its rounding."""
    values = _blocks(whole) * scales.astype(np.float32)[:, None]
    return values.reshape(-1)[: whole.size].reshape(whole.shape)


def save_weights(
    path: Path, *trees: Any, facts: dict[str, Any], eight_bits: Collection[str] = ()
) -> None:
    """Write parameters in half precision, or in eight bits.

    Args:
      path: where to; written atomically.
      trees: trees of float arrays whose leaves have different names.
      facts: what a reader wants to know, above all the configuration; plain values.
      eight_bits: names of the leaves that are kept so: half the space again, each value within
        1/254 of the largest one of its block.

    Raises:
      DataError: a value is not finite in half precision; nothing is written.
      OSError: it cannot be written.
    """
    arrays = {name: leaf for tree in trees for name, leaf in _named(tree).items()}
    assert len(arrays) == sum(len(jax.tree.leaves(tree)) for tree in trees)
    kept: dict[str, npt.NDArray[Any]] = {}
    for name, leaf in arrays.items():
        if name in eight_bits:
            kept[name], kept[name + _SCALES] = _in_eight_bits(np.asarray(leaf))
        else:
            with np.errstate(over="ignore"):  # what is too large is refused below
                kept[name] = np.asarray(leaf, np.float16)
    if broken := [name for name, array in kept.items() if not np.isfinite(array).all()]:
        raise DataError(f"{path}: not written, as {broken[0]} is not finite")
    write_sealed(path, kept, facts)


def load_facts(path: Path) -> dict[str, Any]:
    """The facts that were written beside the weights.

    Raises:
      DataError: the file is missing, damaged or without facts.
    """
    return read_sealed(path).facts


def load_weights(path: Path, *like: Any) -> list[Any]:
    """Read parameters in single precision.

    Args:
      path: a file that `save_weights` wrote.
      like: trees of arrays, or of their shapes, of the configuration that the file belongs to.

    Returns:
      a tree of arrays for each of ``like``, of its structure.

    Raises:
      DataError: the file is missing or damaged, or holds other arrays.
    """
    found = _read(path)
    expected = {name: leaf.shape for tree in like for name, leaf in _named(tree).items()}
    if {name: array.shape for name, array in found.items()} != expected:
        raise DataError(f"{path}: weights of another network than {json.dumps(expected)}")
    return [
        jax.tree.unflatten(jax.tree.structure(tree), [found[name] for name in _named(tree)])
        for tree in like
    ]


def _read(path: Path) -> dict[str, Array]:
    """Every array of a file, in single precision. Raises as `load_weights`."""
    kept = read_sealed(path).arrays
    found: dict[str, Array] = {}
    for name, array in kept.items():
        if array.dtype == np.int8:
            scales = kept.get(name + _SCALES, np.zeros(0))
            if scales.shape != (-(-array.size // _BLOCK),):
                raise DataError(f"{path}: {name} is in eight bits, but its scales are not there")
            found[name] = _from_eight_bits(array, scales)
        elif not (name.endswith(_SCALES) and name.removesuffix(_SCALES) in kept):
            found[name] = array.astype(np.float32)
    if broken := [name for name, array in found.items() if not np.isfinite(array).all()]:
        raise DataError(f"{path}: damaged ({broken[0]} is not finite)")
    return found
