import dataclasses
import resource
import shutil

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from strokes.networks.config import NetworksConfig
from tests.conftest import ROOT
from tests.train.stroke_model.tiny import TINY
from train.errors import RunError
from train.stroke_model.checkpoint import Checkpoints
from train.stroke_model.model import load_writer
from train.stroke_model.step import initial_state


@pytest.fixture(scope="module")
def state():
    return initial_state(TINY, 10)


def at(state, step):
    """The state, other in every number."""
    return jax.tree.map(lambda leaf: leaf + step, state)._replace(step=jnp.int32(step))


def assert_same(one, other):
    assert jax.tree.structure(one) == jax.tree.structure(other)
    for mine, theirs in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True):
        assert mine.dtype == theirs.dtype
        np.testing.assert_array_equal(mine, theirs)


def test_what_is_saved_is_loaded(tmp_path, state):
    checkpoints = Checkpoints(tmp_path / "c")
    assert checkpoints.latest_step is None
    checkpoints.save(state)
    checkpoints.save(at(state, 7))
    again = Checkpoints(tmp_path / "c")
    assert again.latest_step == 7
    assert_same(again.load(state), at(state, 7))


def test_two_are_kept_and_one_step_can_be_saved_twice(tmp_path, state):
    checkpoints = Checkpoints(tmp_path)
    for step in (1, 9, 10, 10):
        checkpoints.save(at(state, step))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["10", "9"]
    assert_same(checkpoints.load(state), at(state, 10))


def test_other_shapes_are_named_in_one_line(tmp_path, state):
    networks = NetworksConfig(dataclasses.replace(TINY.networks.decoder, width=9), plans=3)
    other = initial_state(dataclasses.replace(TINY, networks=networks), 10)
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(state)
    with pytest.raises(
        RunError, match=r"float32\[10, 92, 64\], expected float32\[10, 93, 64\]"
    ) as error:
        checkpoints.load(other)
    assert "\n" not in str(error.value)


def largest(place):
    return max((p for p in place.rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)


def cut(place):
    path = largest(place)
    path.write_bytes(path.read_bytes()[:100])


def take_away(place):
    largest(place).unlink()


def lose_a_sum(place):
    sums = place / "SHA256SUMS"
    sums.write_text("".join(sums.read_text().splitlines(keepends=True)[1:]))


@pytest.mark.parametrize("damage", [cut, take_away, lose_a_sum])
def test_damage_is_one_clear_line_and_offers_the_checkpoint_before(tmp_path, state, damage):
    checkpoints = Checkpoints(tmp_path)
    for step in (3, 4):
        checkpoints.save(at(state, step))
    latest = tmp_path / "4"
    damage(latest)
    with pytest.raises(RunError) as error:
        checkpoints.load(state)
    said = str(error.value)
    assert said.startswith(f"{latest}: damaged checkpoint (")
    assert said.endswith(f"; delete {latest} to go on from the one before it, of step 3")
    assert "\n" not in said
    shutil.rmtree(latest)
    assert_same(checkpoints.load(state), at(state, 3))
    damage(tmp_path / "3")
    with pytest.raises(RunError, match="no whole one before it: train the run anew"):
        checkpoints.load(state)


def test_every_bit_that_changes_is_noticed(tmp_path, state, rng):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(state)
    for path in (p for p in (tmp_path / "0").rglob("*") if p.is_file()):
        whole = path.read_bytes()
        for bit in rng.choice(8 * len(whole), 2, replace=False):
            changed = bytearray(whole)
            changed[bit // 8] ^= 1 << bit % 8
            path.write_bytes(changed)
            with pytest.raises(RunError, match="damaged checkpoint"):
                checkpoints.load(state)
        path.write_bytes(whole)
    assert_same(checkpoints.load(state), state)


def test_what_cannot_be_written_is_one_line_and_leaves_what_is_there(tmp_path, state):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(at(state, 3))
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limit[1]))  # as ulimit -f
    try:
        with pytest.raises(OSError, match="File too large: raise the limit") as error:
            checkpoints.save(at(state, 4))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert error.value.filename == str(tmp_path / "4")
    assert [path.name for path in tmp_path.iterdir()] == ["3"]
    checkpoints.save(at(state, 4))
    assert_same(checkpoints.load(state), at(state, 4))


def test_numbers_that_are_none_are_damage(tmp_path, state):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(
        state._replace(parameters=jax.tree.map(lambda x: x * jnp.nan, state.parameters))
    )
    with pytest.raises(RunError, match=r"damaged checkpoint \(parameters\..* is not finite\)"):
        checkpoints.load(state)


def test_damage_of_a_checkpoint_of_version_0_1_is_one_line(tmp_path):
    run = shutil.copytree(ROOT / "tests" / "data" / "run-0.1", tmp_path / "run")
    place = run / "checkpoints" / "32"
    (place / "state" / "_METADATA").write_text("{")
    with pytest.raises(RunError) as error:
        load_writer(run)
    assert str(error.value).startswith(f"{place}: damaged checkpoint (")
    assert "\n" not in str(error.value)


def test_no_checkpoint(tmp_path, state):
    with pytest.raises(RunError, match="no checkpoint"):
        Checkpoints(tmp_path / "none").load(state)
