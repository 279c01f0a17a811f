"""Weights of the neural line in files."""

from pathlib import Path

import jax
import jax.numpy as jnp

from rasterizer import NeuralLine, initial_neural_line
from strokes.errors import DataError
from strokes.weights.files import load_weights

SHIPPED_LINE = Path(__file__).with_name("neural-line.safetensors")
"""The neural line that is meant by "shipped"."""


def line_file(name: str) -> Path:
    """The file that a configuration's ``neural_line`` names: a path, or "shipped"."""
    return SHIPPED_LINE if name == "shipped" else Path(name)


def load_line(path: Path = SHIPPED_LINE) -> NeuralLine:
    """Read a neural line's weights from a file that `save_weights` wrote.

    Raises:
      DataError: the file is missing, damaged or of another network.
    """
    if not path.is_file():
        raise DataError(
            f"{path}: no such file; make it by python -m scripts.train_line --out {path}"
        )
    shapes = jax.eval_shape(lambda: initial_neural_line(key=jax.random.key(0)))
    (loaded,) = load_weights(path, shapes)
    return NeuralLine(*(jnp.asarray(array) for array in loaded))
