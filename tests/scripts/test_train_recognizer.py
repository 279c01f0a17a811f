import json

import pytest

from scripts import train_recognizer
from strokes.reading.recognizer import load_recognizer
from tests.train.recognizer.conftest import thinned
from train.errors import RunError


def test_the_script_leaves_everything_behind(tmp_path, capsys, monkeypatch):
    few = thinned("train", 3000), thinned("test", 500)
    monkeypatch.setattr(train_recognizer, "load_digits", lambda *_: few)
    args = ["--preset", "thinned", "--channels", "1", "--units", "4", "--batch-size", "50"]
    once = ["--epochs", "1", "--held-out", "1000", "--out", str(tmp_path)]
    assert train_recognizer.main([*args, *once]) == 0
    said = capsys.readouterr()
    assert "of the test digits, calibration error" in said.out
    names = {path.name for path in tmp_path.iterdir()}
    pictures = {"confusion.png", "curves.png", "top_losses.png"}
    assert names == {"recognizer.safetensors", "card.md", "metrics.jsonl"} | pictures
    row = json.loads((tmp_path / "metrics.jsonl").read_text())
    assert set(row) == {"epoch", "loss", "seconds", "held_out_loss", "held_out_accuracy"}
    facts = load_recognizer(tmp_path / "recognizer.safetensors", of="thinned").facts
    assert facts["command"].startswith("python -m scripts.train_recognizer --preset thinned")
    assert f"{facts['test_accuracy']:.2%}" in (tmp_path / "card.md").read_text()
    assert train_recognizer.main([*args, "--range-test", "True", "--out", str(tmp_path)]) == 0
    assert "loss falls fastest at a learning rate of" in capsys.readouterr().out
    assert (tmp_path / "range_test.png").exists()


def test_options_that_make_no_run_are_refused(capsys):
    with pytest.raises(RunError, match="did you mean cnn"):
        train_recognizer.main(["--preset", "cn"])
    with pytest.raises(SystemExit) as left:
        train_recognizer.main(["--epochs", "0"])
    assert left.value.code == 2
    assert "epochs is 0, expected at least 1" in capsys.readouterr().err


def test_each_kind_of_digits_is_its_own(raw_mnist):
    (thin, labels), _ = train_recognizer.load_digits("thinned", None)
    (grey, same), (tested, _) = train_recognizer.load_digits("grey", raw_mnist)
    assert (thin.max(), grey.max(), len(tested)) == (1, 255, 10_000)
    assert (labels == same).all()
