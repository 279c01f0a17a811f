import jax
import pytest

from rasterizer import initial_neural_line
from scripts import train_line
from train.neural_line import scores
from train.neural_line.training import line_loss
from train.neural_line.weights import load_line


def test_it_says_how_near_each_line_is_and_the_file_brings_the_line_back(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(scores, "HELD_OUT", 200)
    lines = scores.held_out_lines(64)
    before = line_loss(initial_neural_line(key=jax.random.key(0)), lines)
    path = tmp_path / "line.safetensors"
    args = ["--lines", "256", "--batch-size", "16", "--out", str(path)]
    assert train_line.main(args) == 0
    said = capsys.readouterr().out
    assert "on 200 held-out lines" in said
    assert "box, log-softness" in said
    assert "capsule, log-softness" in said
    assert line_loss(load_line(path), lines) < before


def test_what_makes_no_line_is_refused_before_anything_is_written(tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        train_line.main(["--lines", "3", "--out", str(tmp_path / "line.safetensors")])
    assert stop.value.code == 2
    assert "lines is 3" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
