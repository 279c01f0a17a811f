import dataclasses
import shutil

import numpy as np
import pytest

import strokes
from datasets import load_thinned
from scripts import train_strokes
from tests.scripts.conftest import SAID, TINY
from train.errors import RunError
from train.stroke_model.config_files import config_to_dict
from train.stroke_model.model import load_writer, training_config
from train.stroke_model.presets import preset
from train.stroke_model.run_folder import RunFolder


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--epoch", "3"], "--epochs"),
        (["--preset", "demmo"], "did you mean demo?"),
        (["--budget", "smal"], "did you mean small?"),
        (["--epochs", "many"], "many"),
        (["--epochs", "0"], "epochs is 0, expected at least 1"),
        (["--batch-size", "65"], "a multiple of 10"),
        (["--picture-height", "20"], "20x28: the digits are 28x28"),
        (["--resume", "/nowhere"], "/nowhere holds no run"),
        (["--source", "mine.ndjson"], "--source mine.ndjson: no such file or folder"),
        (["--source", "unipem"], "did you mean unipen?"),
        (["--neural-line", "mine"], "--neural-line mine: no such file"),
    ],
)
def test_bad_input_is_one_clear_message_and_status_2(program, tmp_path, monkeypatch, args, says):
    monkeypatch.chdir(tmp_path)
    done = program("scripts.train_strokes", *args)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr + done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_used_folder_is_left_as_it_is(program, tmp_path):
    (tmp_path / "mine.txt").touch()
    done = program("scripts.train_strokes", "--out", tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_options_change_the_preset_that_they_start_from():
    found = train_strokes.parse(["--preset", "box-sum", "--budget", "small", "--seed", "5"])
    expected = train_strokes.defaults("box-sum", "small")
    assert found.config.seed == 5
    assert found.config.drawing.line == "box"
    assert found.config.epochs == preset("box-sum", budget="small").epochs
    assert found.config != expected.config
    assert train_strokes.parse(["--budget=small", "--preset=box-sum"]) == expected
    assert train_strokes.parse([]) == train_strokes.Options()


def some_digits():
    return tuple(part[:20] for part in load_thinned("test"))


def test_the_run_is_of_the_configuration_that_was_asked_for(run):
    config = train_strokes.parse(TINY).config
    writer = load_writer(run)
    assert training_config(writer) == config
    assert (config.networks.decoder.width, config.networks.decoder.points) == (8, 7)
    lines = (run / "metrics.jsonl").read_text().splitlines()
    assert len(lines) == writer.step == 5  # of the largest class, 224 digits in batches of 50
    assert (run / "sheets" / "epoch-001.png").exists()
    ours, theirs = (one.write_thinned(*some_digits()) for one in (strokes.load(run), writer))
    places, others = (next(written).points[..., :2] for written in (ours, theirs))
    np.testing.assert_allclose(places, others, atol=0.01)  # of few bits


def test_a_run_goes_on_as_it_is_but_for_its_length(program, run):
    for args in (["--width", "9"], ["--seed", "3"], ["--preset", "demo"], ["--out", "elsewhere"]):
        done = program("scripts.train_strokes", "--resume", run, *args)
        assert done.returncode == 2
        assert "leave the other options out, but for --epochs" in done.stderr
    done = program("scripts.train_strokes", "--resume", run, "--epochs", "0")
    assert (done.returncode, "epochs is 0" in done.stderr) == (2, True)


def test_a_run_can_be_made_longer(run, few, tmp_path, capfd):
    folder = shutil.copytree(run, tmp_path / "run")
    assert train_strokes.main(["--resume", str(folder), "--epochs", "2"]) == 0
    said = capfd.readouterr().err
    assert "from 1 to 2 epochs: the learning rate rises again, and falls until epoch 2" in said
    assert "epoch 2/2" in said
    assert "epoch 1/2" not in said
    longer = load_writer(folder)
    assert longer.step == 10
    assert len((folder / "metrics.jsonl").read_text().splitlines()) == 10
    config = training_config(load_writer(run))
    assert training_config(longer) == dataclasses.replace(config, epochs=2)
    assert RunFolder(folder).record()["earlier_configs"] == [config_to_dict(config)]
    with pytest.raises(RunError, match="it can only be made longer"):
        train_strokes.main(["--resume", str(folder), "--epochs", "1"])


def test_a_run_is_trained_once(run, few, tmp_path, capfd):
    assert "epoch 1/1" in run.with_name(SAID).read_text()
    folder = shutil.copytree(run, tmp_path / "run")
    assert train_strokes.train_once(TINY, folder) == 0
    said = capfd.readouterr()
    assert "epoch 1/1" not in said.err
    assert f"trained: {folder}\ncurves: tensorboard --logdir {folder}/tensorboard\n" in said.out
    for other in ([], [*TINY, "--seed", "1"]):
        with pytest.raises(RunError, match="another configuration"):
            train_strokes.train_once(other, folder)
