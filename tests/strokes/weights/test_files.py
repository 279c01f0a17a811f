import jax
import numpy as np
import pytest
from safetensors.numpy import save_file

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


def test_eight_bits_are_a_scale_and_an_integer_for_each_value_of_a_block(tmp_path, rng):
    path = tmp_path / "weights.safetensors"
    # Of 3 x 35 values the last block has 9; the first has one that is large.
    wide = rng.normal(size=(3, 35)).astype(np.float32)
    wide[0, 5] = -100.0
    tree = {"wide": wide, "none": np.zeros((2, 2), np.float32), "half": wide}
    save_weights(path, tree, facts={}, eight_bits=("wide", "none"))
    (loaded,) = load_weights(path, tree)
    for name in ("wide", "none"):
        assert loaded[name].dtype == np.float32
        assert loaded[name].shape == tree[name].shape
    assert not loaded["none"].any()
    np.testing.assert_array_equal(loaded["half"], np.float32(np.float16(wide)))
    for start in range(0, wide.size, 32):
        block, found = (one.ravel()[start : start + 32] for one in (wide, loaded["wide"]))
        scale = np.float32(np.float16(np.abs(block).max() / 127))
        np.testing.assert_allclose(found, np.round(block / scale) * scale, rtol=1e-6)
        np.testing.assert_allclose(found, block, atol=1.01 * np.abs(block).max() / 254)
    save_weights(path, loaded, facts={}, eight_bits=("wide", "none"))
    (again,) = load_weights(path, tree)
    np.testing.assert_array_equal(again["wide"], loaded["wide"])


def test_eight_bits_take_half_the_room_of_half_precision(tmp_path, rng):
    path, tree = tmp_path / "weights.safetensors", {"wide": rng.normal(size=(64, 256))}
    save_weights(path, tree, facts={}, eight_bits=("wide",))
    assert 64 * 256 < path.stat().st_size < 1.1 * 64 * 256


def test_single_precision_is_read_as_it_is(tmp_path):
    path = tmp_path / "weights.safetensors"
    tree = {"wide": np.linspace(0, 1, 7, dtype=np.float32)}
    save_file(tree, path, metadata={"facts": "{}"})
    (loaded,) = load_weights(path, tree)
    np.testing.assert_array_equal(loaded["wide"], tree["wide"])


@pytest.mark.parametrize("scales", [{}, {"wide.scales": np.ones(3, np.float16)}])
def test_eight_bits_without_their_scales_are_damaged(tmp_path, scales):
    path = tmp_path / "weights.safetensors"
    wide = {"wide": np.ones((2, 32), np.int8)}
    save_file(wide | scales, path, metadata={"facts": "{}"})
    with pytest.raises(DataError, match="wide is in eight bits, but its scales are not there"):
        load_weights(path, {"wide": np.ones((2, 32))})


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


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e6])
def test_weights_that_are_not_finite_are_neither_written_nor_read(tmp_path, value):
    path, tree = tmp_path / "weights.safetensors", {"wide": np.float32([0, value])}
    with pytest.raises(DataError, match="not written, as wide is not finite"):
        save_weights(path, tree, facts={})
    assert not path.exists()
    if not np.isfinite(value):
        save_file(tree, path, metadata={"facts": "{}"})
        with pytest.raises(DataError, match=r"damaged \(wide is not finite\)"):
            load_weights(path, tree)
