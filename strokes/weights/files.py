"""Released weights: parameters in one safetensors file, half precision, with their facts."""

import json
from pathlib import Path
from typing import Any

import jax
import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from strokes.errors import DataError
from strokes.files import atomic_path

_FACTS = "facts"


def _name(path: tuple[Any, ...]) -> str:
    return ".".join(str(getattr(part, "key", getattr(part, "name", part))) for part in path)


def _named(tree: Any) -> dict[str, Any]:
    """The leaves of a tree by their paths."""
    leaves, _ = jax.tree_util.tree_flatten_with_path(tree)
    return {_name(where): leaf for where, leaf in leaves}


def save_weights(path: Path, *trees: Any, facts: dict[str, Any]) -> None:
    """Write parameters in half precision.

    Args:
      path: where to; written atomically.
      trees: trees of float arrays whose leaves have different names.
      facts: what a reader wants to know, above all the configuration; plain values.
    """
    arrays = {name: leaf for tree in trees for name, leaf in _named(tree).items()}
    assert len(arrays) == sum(len(jax.tree.leaves(tree)) for tree in trees)
    halved = {name: np.asarray(leaf, np.float16) for name, leaf in arrays.items()}
    with atomic_path(path) as temporary:
        save_file(halved, temporary, metadata={_FACTS: json.dumps(facts)})


def load_facts(path: Path) -> dict[str, Any]:
    """The facts that were written beside the weights.

    Raises:
      DataError: the file is missing, damaged or without facts.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            facts = json.loads(file.metadata()[_FACTS])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: no weights that this package wrote ({error})") from error
    assert isinstance(facts, dict)
    return facts


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
    try:
        with safe_open(path, framework="numpy") as file:
            found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise DataError(f"{path}: no weights that this package wrote ({error})") from error
    expected = {name: leaf.shape for tree in like for name, leaf in _named(tree).items()}
    if {name: array.shape for name, array in found.items()} != expected:
        raise DataError(f"{path}: weights of another network than {json.dumps(expected)}")
    return [
        jax.tree.unflatten(
            jax.tree.structure(tree), [found[name].astype(np.float32) for name in _named(tree)]
        )
        for tree in like
    ]
