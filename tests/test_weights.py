import jax
import numpy as np
import pytest

from strokes.recognizer import RecognizerConfig, initial_recognizer
from train.errors import RunError
from train.weights import load_facts, load_weights, save_weights


def parameters(units=4):
    config = RecognizerConfig(channels=(2, 3), units=units)
    return initial_recognizer(config, key=jax.random.key(0))


def test_weights_come_back_in_half_precision(tmp_path):
    path = tmp_path / "weights.safetensors"
    save_weights(path, parameters(), {"units": 4})
    assert load_facts(path) == {"units": 4}
    loaded = load_weights(path, parameters())
    assert jax.tree.structure(loaded) == jax.tree.structure(parameters())
    for one, other in zip(jax.tree.leaves(loaded), jax.tree.leaves(parameters()), strict=True):
        assert one.dtype == np.float32
        np.testing.assert_array_equal(one, np.float32(np.float16(other)))


def test_what_is_no_weights_is_one_clear_line(tmp_path):
    path = tmp_path / "weights.safetensors"
    for read in (load_facts, lambda path: load_weights(path, parameters())):
        with pytest.raises(RunError, match=r"weights\.safetensors"):
            read(path)
        path.write_bytes(b"no weights")
        with pytest.raises(RunError, match="no weights that this package wrote"):
            read(path)
        path.unlink()
    save_weights(path, parameters(), {})
    with pytest.raises(RunError, match="weights of another network"):
        load_weights(path, parameters(units=5))
