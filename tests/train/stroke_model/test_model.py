import dataclasses

import jax
import numpy as np
import pytest

from rasterizer import initial_neural_line
from strokes.errors import DataError
from strokes.weights.files import save_weights
from strokes.writing.config import DrawingConfig
from strokes.writing.writer import save_writer
from tests.train.stroke_model.tiny import PLAIN, TINY, teachers_of
from train.errors import RunError
from train.stroke_model.checkpoint import Checkpoints
from train.stroke_model.model import load_writer, training_config, writer_of
from train.stroke_model.plans import save_run_plans
from train.stroke_model.run_folder import RunFolder
from train.stroke_model.step import initial_state


def saved(path, config=TINY):
    """A run of no steps."""
    folder = RunFolder(path)
    folder.create(config, dataset="")
    if config.networks.plans:
        save_run_plans(teachers_of(TINY).found, folder.plans_file)
    state = initial_state(config, 10)
    Checkpoints(folder.checkpoints).save(state)
    return state


def assert_equal(one, other):
    for ours, theirs in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_run_s_folder_gives_its_writer(tmp_path):
    state = saved(tmp_path / "run")
    writer = load_writer(tmp_path / "run")
    assert writer.config == TINY.writer
    assert training_config(writer) == TINY
    assert writer.step == 0
    assert writer.neural_line is None
    assert_equal(writer.parameters, state.parameters)
    found = teachers_of(TINY).plans
    assert writer.plans._replace(gate=None) == found._replace(gate=None)
    assert_equal(writer.plans.gate, halved(found.gate))


def test_a_run_without_plans_gives_a_writer_without(tmp_path):
    state = saved(tmp_path / "run", PLAIN)
    writer = load_writer(tmp_path / "run")
    assert training_config(writer) == PLAIN
    assert writer.plans is None
    assert_equal(writer.parameters, state.parameters)


def test_a_run_whose_plans_are_gone_gives_none(tmp_path):
    saved(tmp_path / "run")
    RunFolder(tmp_path / "run").plans_file.unlink()
    with pytest.raises(DataError, match=r"plans\.safetensors: no weights"):
        load_writer(tmp_path / "run")


def halved(tree):
    return jax.tree.map(lambda leaf: np.float32(np.float16(leaf)), tree)


def assert_released(released, trained):
    """In half precision, or in eight bits."""
    for ours, theirs in zip(jax.tree.leaves(released), jax.tree.leaves(trained), strict=True):
        step = np.abs(theirs).max() / 250
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=step)


@pytest.mark.parametrize("config", [TINY, PLAIN], ids=["plans", "plain"])
def test_released_weights_give_the_same_but_for_rounding(tmp_path, config):
    plans = teachers_of(config).plans
    writer = writer_of(config, initial_state(config, 10), plans=plans)
    save_writer(writer, tmp_path / "released.safetensors")
    released = load_writer(tmp_path / "released.safetensors")
    assert training_config(released) == config
    assert_released(released.parameters, writer.parameters)
    assert (released.plans is None) == (config is PLAIN)
    if plans is not None:
        assert released.plans.counts == plans.counts
        assert_released(released.plans.gate, plans.gate)


def test_a_run_through_the_neural_line_brings_its_own(tmp_path):
    file = tmp_path / "line.safetensors"
    save_weights(file, initial_neural_line(key=jax.random.key(5)), facts={})
    drawing = DrawingConfig(line="neural", combine="sum")
    saved(tmp_path / "run", dataclasses.replace(TINY, drawing=drawing, neural_line=str(file)))
    file.unlink()
    writer = load_writer(tmp_path / "run")
    expected = halved(initial_neural_line(key=jax.random.key(5)))
    assert_equal(writer.neural_line, expected)

    save_writer(writer, tmp_path / "released.safetensors")  # with plans and with a line
    released = load_writer(tmp_path / "released.safetensors")
    assert_equal(released.neural_line, expected)
    assert_released(released.plans.gate, teachers_of(TINY).plans.gate)


def test_what_holds_no_writer_is_one_clear_line(tmp_path):
    with pytest.raises(RunError, match="holds no run"):
        load_writer(tmp_path)
    with pytest.raises(DataError, match="no weights that this package wrote"):
        load_writer(tmp_path / "none.safetensors")
    RunFolder(tmp_path / "new").create(TINY, dataset="")
    with pytest.raises(RunError, match="no checkpoint; train a run first"):
        load_writer(tmp_path / "new")
