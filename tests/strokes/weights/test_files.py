import jax
import numpy as np
import pytest

from strokes.errors import DataError
from strokes.networks.config import RecognizerConfig
from strokes.networks.recognizer import initial_recognizer
from strokes.weights.files import load_facts, load_weights, save_weights


def parameters(units=4):
    config = RecognizerConfig(channels=(2, 3), units=units)
    return initial_recognizer(config, key=jax.random.key(0))


def test_weights_come_back_in_half_precision(tmp_path):
    path = tmp_path / "weights.safetensors"
    save_weights(path, parameters(), facts={"units": 4})
    assert load_facts(path) == {"units": 4}
    (loaded,) = load_weights(path, parameters())
    assert jax.tree.structure(loaded) == jax.tree.structure(parameters())
    for one, other in zip(jax.tree.leaves(loaded), jax.tree.leaves(parameters()), strict=True):
        assert one.dtype == np.float32
        np.testing.assert_array_equal(one, np.float32(np.float16(other)))


def test_two_trees_share_a_file(tmp_path):
    path = tmp_path / "weights.safetensors"
    other = {"pen": np.arange(3.0), "ink": [np.ones(2)]}
    save_weights(path, parameters(), other, facts={})
    first, second = load_weights(path, parameters(), other)
    assert jax.tree.structure(first) == jax.tree.structure(parameters())
    np.testing.assert_array_equal(second["pen"], other["pen"])
    np.testing.assert_array_equal(second["ink"][0], other["ink"][0])
    for wrong in ([parameters()], [other], [parameters(), other, {"more": np.ones(1)}]):
        with pytest.raises(DataError, match="weights of another network"):
            load_weights(path, *wrong)


def test_what_is_no_weights_is_one_clear_line(tmp_path):
    path = tmp_path / "weights.safetensors"
    for read in (load_facts, lambda path: load_weights(path, parameters())):
        with pytest.raises(DataError, match=r"weights\.safetensors"):
            read(path)
        path.write_bytes(b"no weights")
        with pytest.raises(DataError, match="no weights that this package wrote"):
            read(path)
        path.unlink()
    save_weights(path, parameters(), facts={})
    with pytest.raises(DataError, match="weights of another network"):
        load_weights(path, parameters(units=5))
