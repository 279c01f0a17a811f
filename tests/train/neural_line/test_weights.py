from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from rasterizer import initial_neural_line
from strokes.errors import DataError
from strokes.weights.files import save_weights
from train.neural_line.weights import SHIPPED_LINE, line_file, load_line


def test_what_is_saved_is_loaded_in_half_precision(tmp_path):
    weights = initial_neural_line(key=jax.random.key(4))
    save_weights(tmp_path / "line.safetensors", weights, facts={})
    loaded = load_line(tmp_path / "line.safetensors")
    for ours, theirs in zip(weights, loaded, strict=True):
        np.testing.assert_array_equal(np.float32(np.float16(ours)), theirs)


def test_a_name_is_a_file_s_or_the_shipped_line_s():
    assert line_file("shipped") == SHIPPED_LINE
    assert line_file("out/line.safetensors") == Path("out/line.safetensors")
    assert load_line().ink_kernel.shape == (3, 3, 16, 1)


def test_what_holds_no_line_is_one_clear_line(tmp_path):
    with pytest.raises(DataError, match=r"missing\.safetensors: no such file; make it by"):
        load_line(tmp_path / "missing.safetensors")
    other = initial_neural_line(key=jax.random.key(0))._replace(ink_bias=jnp.zeros(2))
    save_weights(tmp_path / "x.safetensors", other, facts={})
    with pytest.raises(DataError, match="weights of another network"):
        load_line(tmp_path / "x.safetensors")
