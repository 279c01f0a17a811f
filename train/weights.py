"""Released weights: parameters in one safetensors file, half precision, with their facts."""

import json
from pathlib import Path
from typing import Any, TypeVar

import jax
import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from datasets.files import atomic_path
from train.errors import RunError

Tree = TypeVar("Tree")

_FACTS = "facts"


def _name(path: tuple[Any, ...]) -> str:
    return ".".join(str(getattr(part, "key", getattr(part, "name", part))) for part in path)


def save_weights(path: Path, parameters: Any, facts: dict[str, Any]) -> None:
    """Write parameters in half precision.

    Args:
      path: where to; written atomically.
      parameters: a tree of float arrays.
      facts: what a reader wants to know, above all the configuration; plain values.
    """
    leaves = jax.tree_util.tree_leaves_with_path(parameters)
    arrays = {_name(where): np.asarray(leaf, np.float16) for where, leaf in leaves}
    with atomic_path(path) as temporary:
        save_file(arrays, temporary, metadata={_FACTS: json.dumps(facts)})


def load_facts(path: Path) -> dict[str, Any]:
    """The facts that were written beside the weights.

    Raises:
      RunError: the file is missing, damaged or without facts.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            facts = json.loads(file.metadata()[_FACTS])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise RunError(f"{path}: no weights that this package wrote ({error})") from error
    assert isinstance(facts, dict)
    return facts


def load_weights(path: Path, like: Tree) -> Tree:
    """Read parameters in single precision.

    Args:
      path: a file that `save_weights` wrote.
      like: a tree of arrays, or of their shapes, of the configuration that the file belongs to.

    Raises:
      RunError: the file is missing or damaged, or holds other arrays.
    """
    leaves, structure = jax.tree_util.tree_flatten_with_path(like)
    try:
        with safe_open(path, framework="numpy") as file:
            found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise RunError(f"{path}: no weights that this package wrote ({error})") from error
    expected = {_name(where): leaf.shape for where, leaf in leaves}
    if {name: array.shape for name, array in found.items()} != expected:
        raise RunError(f"{path}: weights of another network than {json.dumps(expected)}")
    arrays = [found[_name(where)].astype(np.float32) for where, _ in leaves]
    loaded: Tree = jax.tree_util.tree_unflatten(structure, arrays)
    return loaded
