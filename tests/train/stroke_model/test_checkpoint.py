import dataclasses
import subprocess
import sys

import jax
import jax.numpy as jnp
import pytest

from strokes.networks.config import DecoderConfig, NetworksConfig
from tests.conftest import ROOT
from tests.train.stroke_model.tiny import TINY
from train.errors import RunError
from train.stroke_model.checkpoint import Checkpoints
from train.stroke_model.step import initial_state


@pytest.fixture
def state():
    return initial_state(TINY, 10)


def test_what_is_saved_is_loaded(tmp_path, state):
    later = state._replace(
        step=jnp.int32(7), parameters=jax.tree.map(lambda leaf: leaf + 1, state.parameters)
    )
    with Checkpoints(tmp_path / "c") as checkpoints:
        assert checkpoints.latest_step is None
        checkpoints.save(state)
        checkpoints.save(later)
    with Checkpoints(tmp_path / "c") as checkpoints:
        assert checkpoints.latest_step == 7
        loaded = checkpoints.load(state)
    assert jax.tree.structure(loaded) == jax.tree.structure(later)
    for one, other in zip(jax.tree.leaves(loaded), jax.tree.leaves(later), strict=True):
        assert one.dtype == other.dtype
        assert jnp.array_equal(one, other)


def test_two_are_kept_and_one_step_can_be_saved_twice(tmp_path, state):
    with Checkpoints(tmp_path) as checkpoints:
        for step in (1, 2, 3, 3):
            checkpoints.save(state._replace(step=jnp.int32(step)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2", "3"]


def test_other_shapes_are_named_in_one_line(tmp_path, state):
    networks = NetworksConfig(DecoderConfig(points=6, width=9), plans=3)
    other = initial_state(dataclasses.replace(TINY, networks=networks), 10)
    with Checkpoints(tmp_path) as checkpoints:
        checkpoints.save(state)
        with pytest.raises(
            RunError, match=r"float32\[10, 92, 64\], expected float32\[10, 93, 64\]"
        ) as error:
            checkpoints.load(other)
    assert "\n" not in str(error.value)


def damage(path, how):
    largest = max((p for p in path.rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
    if how == "deleted":
        largest.unlink()
    else:
        largest.write_bytes(largest.read_bytes()[: 100 if how == "truncated" else 0])


LOADING = """
import sys
from pathlib import Path
from tests.train.stroke_model.tiny import TINY
from train.errors import RunError
from train.stroke_model.checkpoint import Checkpoints
from train.stroke_model.step import initial_state
for folder in sys.argv[1:]:
    with Checkpoints(Path(folder)) as checkpoints:
        try:
            checkpoints.load(initial_state(TINY, 10))
        except RunError as error:
            print(error)
"""


def test_damage_is_one_clear_line(tmp_path, state):
    kinds = ("truncated", "emptied", "deleted")
    for how in kinds:
        with Checkpoints(tmp_path / how) as checkpoints:
            checkpoints.save(state._replace(step=jnp.int32(4)))
        damage(tmp_path / how, how)
    # Orbax leaves coroutines of a failed load behind, which complain as they are collected:
    # in a process of its own, where no other test is blamed for them.
    folders = [str(tmp_path / how) for how in kinds]
    loading = [sys.executable, "-c", LOADING, *folders]
    found = subprocess.run(loading, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    lines = found.stdout.splitlines()
    assert len(lines) == len(kinds)
    for how, line in zip(kinds, lines, strict=True):
        assert f"{tmp_path / how / '4'}: damaged checkpoint" in line


def test_no_checkpoint(tmp_path, state):
    with (
        Checkpoints(tmp_path / "none") as checkpoints,
        pytest.raises(RunError, match="no checkpoint"),
    ):
        checkpoints.load(state)
