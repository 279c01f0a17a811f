import json

import pytest

from datasets.prepared import Part, write_prepared
from scripts import evaluate_recognizer, train_recognizer
from strokes.classes import Classes
from strokes.errors import DataError
from strokes.reading.recognizer import load_recognizer
from tests.train.recognizer.conftest import picture_set, thinned
from train.errors import RunError


def test_the_script_leaves_everything_behind(tmp_path, capsys, monkeypatch):
    few = picture_set("train", 3000), picture_set("test", 500)
    monkeypatch.setattr(train_recognizer, "load_pictures", lambda *_: few)
    args = ["--preset", "thinned", "--channels", "1", "--units", "4", "--batch-size", "50"]
    once = ["--epochs", "1", "--held-out", "1000", "--out", str(tmp_path)]
    assert train_recognizer.main([*args, *once]) == 0
    said = capsys.readouterr()
    assert "in the mean over classes, calibration error" in said.out
    names = {path.name for path in tmp_path.iterdir()}
    pictures = {"confusion.png", "curves.png", "top_losses.png"}
    files = {"recognizer.safetensors", "card.md", "classes.md", "metrics.jsonl"}
    assert names == files | pictures
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


def test_a_prepared_set_of_any_classes_is_trained_on_and_measured(tmp_path, capsys):
    images, labels = thinned("train", 600)
    letters = Classes(tuple("abcdefghij"))
    part = Part(labels, [255 * images])
    write_prepared(
        tmp_path / "set.npz", {"train": part, "test": part}, letters, height=28, width=28
    )
    given = ["--set", str(tmp_path / "set.npz")]
    small = ["--preset", "perceptron", "--units", "4", "--batch-size", "50", "--epochs", "1"]
    rest = ["--held-out", "100", "--sampling", "square-root", "--out", str(tmp_path / "out")]
    assert train_recognizer.main([*given, *small, *rest]) == 0
    weights = tmp_path / "out" / "recognizer.safetensors"
    facts = load_recognizer(weights, classes=letters).facts
    assert (facts["set"], facts["training"]["sampling"]) == ("set.npz", "square-root")
    capsys.readouterr()
    files = ["--json", str(tmp_path / "a.json"), "--report", str(tmp_path / "a.md")]
    assert evaluate_recognizer.main([*given, "--recognizer", str(weights), *files]) == 0
    figures = json.loads((tmp_path / "a.json").read_text())["figures"]
    assert figures["accuracy"] == pytest.approx(facts["test_accuracy"], abs=0.01)
    assert f"{figures['macro_accuracy']:.4f}" in capsys.readouterr().out
    assert "| is | read as | times |" in (tmp_path / "a.md").read_text()
    with pytest.raises(DataError, match="other classes than expected"):
        evaluate_recognizer.main(["--recognizer", str(weights)])
