import dataclasses
import json
import shutil

import jax
import numpy as np
import pytest

from rasterizer import initial_neural_line
from strokes.errors import DataError
from strokes.weights import SHIPPED_WRITER
from strokes.weights.files import save_weights
from train.errors import RunError
from train.stroke_model.presets import PRESETS
from train.stroke_model.run_folder import RunFolder, check_checkpoint


@pytest.mark.parametrize("preset", list(PRESETS))
def test_the_folder_holds_the_exact_configuration(tmp_path, preset):
    config = dataclasses.replace(PRESETS[preset](), seed=7)
    folder = RunFolder(tmp_path / "run")
    folder.create(config, dataset="some digits")
    assert folder.config() == config
    record = folder.record()
    assert record["dataset"] == "some digits"
    assert record["versions"]["jax"]
    assert record["device"]


def test_a_used_folder_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(RunError, match="is not empty"):
        RunFolder(tmp_path).create(PRESETS["demo"](), dataset="")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_no_run_or_a_damaged_one(tmp_path, content):
    if content is not None:
        (tmp_path / "config.json").write_text(content)
    with pytest.raises(RunError, match="holds no run" if content is None else "damaged"):
        RunFolder(tmp_path).config()


def through_the_line(file):
    return dataclasses.replace(PRESETS["neural-line"](), neural_line=str(file))


def test_a_run_keeps_its_neural_line(tmp_path):
    file = tmp_path / "line.safetensors"
    save_weights(file, initial_neural_line(key=jax.random.key(1)), facts={})
    folder = RunFolder(tmp_path / "run")
    folder.create(through_the_line(file), dataset="")
    save_weights(file, initial_neural_line(key=jax.random.key(2)), facts={})
    expected = initial_neural_line(key=jax.random.key(1))
    np.testing.assert_allclose(folder.neural_line().hidden_bias, expected.hidden_bias, atol=1e-3)

    for name in ("neural-line.safetensors", "SHA256SUMS"):  # as runs of before format 2
        (folder.path / name).unlink()
    expected = initial_neural_line(key=jax.random.key(2))
    np.testing.assert_allclose(folder.neural_line().hidden_bias, expected.hidden_bias, atol=1e-3)


def test_other_lines_need_no_weights_and_missing_ones_make_no_run(tmp_path):
    folder = RunFolder(tmp_path / "run")
    with pytest.raises(DataError, match="no such file; make it by"):
        folder.create(through_the_line(tmp_path / "none.safetensors"), dataset="")
    assert list(tmp_path.iterdir()) == []
    folder.create(PRESETS["box-sum"](), dataset="")
    assert folder.neural_line() is None
    assert sorted(path.name for path in folder.path.iterdir()) == ["SHA256SUMS", "config.json"]


@pytest.mark.parametrize("name", ["config.json", "neural-line.safetensors", "SHA256SUMS"])
def test_every_bit_that_changes_is_noticed(tmp_path, rng, name):
    file = tmp_path / "line.safetensors"
    save_weights(file, initial_neural_line(key=jax.random.key(1)), facts={})
    folder = RunFolder(tmp_path / "run")
    folder.create(through_the_line(file), dataset="")
    whole = (folder.path / name).read_bytes()
    for bit in rng.choice(8 * len(whole), 5, replace=False):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        (folder.path / name).write_bytes(changed)
        with pytest.raises(RunError, match="its sum in SHA256SUMS does not hold"):
            folder.config()


def test_metrics_are_cut_where_a_run_goes_on(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.create(PRESETS["demo"](), dataset="")
    folder.append_metrics({"step": step, "loss": 0.5} for step in (1, 2, 3))
    with folder.metrics.open("a") as file:
        file.write('{"step": 4, "lo')  # killed as it wrote
    folder.cut_metrics(3)
    assert [json.loads(line)["step"] for line in folder.metrics.read_text().splitlines()] == [
        1,
        2,
        3,
    ]
    folder.cut_metrics(1)
    assert [json.loads(line)["step"] for line in folder.metrics.read_text().splitlines()] == [1]


def test_what_no_writer_can_be_read_from_is_refused_early(tmp_path):
    RunFolder(tmp_path / "run").create(PRESETS["demo"](), dataset="")
    check_checkpoint(tmp_path / "run")
    check_checkpoint(SHIPPED_WRITER)
    with pytest.raises(RunError, match="holds no run"):
        check_checkpoint(tmp_path)
    with pytest.raises(RunError, match=r"x\.safetensors: no such file; give a run's folder"):
        check_checkpoint(tmp_path / "x.safetensors")
    (tmp_path / "run" / "config.json").write_text('{"config": {"epochs": 3}}')
    with pytest.raises(RunError, match=r"config\.json or neural-line.* damaged, or was changed"):
        check_checkpoint(tmp_path / "run")
    (tmp_path / "run" / "SHA256SUMS").unlink()
    with pytest.raises(DataError, match="config: damaged, of format 1"):
        check_checkpoint(tmp_path / "run")


def test_a_folder_that_vanished_is_not_written_into(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.create(PRESETS["demo"](), dataset="")
    shutil.rmtree(folder.path)
    with pytest.raises(RunError, match="the run's folder has vanished"):
        folder.append_metrics([{"step": 1, "loss": 0.5}])
    assert not folder.path.exists()
