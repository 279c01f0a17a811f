import pytest

from datasets import mnist
from datasets import thinned as shipped
from datasets.recordings import OWN_RECORDINGS
from scripts import finetune_recognizer
from strokes.errors import DataError
from strokes.reading.recognizer import load_recognizer
from strokes.weights import THINNED_RECOGNIZER
from tests.scripts.photos import photo
from tests.train.recognizer.conftest import thinned
from train.errors import RunError

QUICK = ["--steps", "2", "--own", "8", "--replayed", "8"]


@pytest.fixture
def few(monkeypatch):
    """Some of the digits that ship, and of MNIST's."""
    monkeypatch.setattr(shipped, "load_thinned", lambda split: thinned(split, 300))

    def load_mnist(split, *, data_dir):
        pictures, labels = thinned(split, 300)
        return 200 * pictures, labels

    monkeypatch.setattr(mnist, "load_mnist", load_mnist)


def test_recordings_are_taught_and_others_tested(few, tmp_path, capsys):
    out = tmp_path / "mine.safetensors"
    args = ["--recordings", str(OWN_RECORDINGS), "--out", str(out), *QUICK]
    assert finetune_recognizer.main(args) == 0
    said = capsys.readouterr().out
    assert "taught 213 own digits, tested on 90 others\nown digits:  100.00% before, " in said
    assert said.endswith(f"recogniser: {out}\n")
    facts = load_recognizer(out).facts
    after = facts["finetuned"]["after"]
    assert set(facts["finetuned"]) == {"before", "after"}
    assert facts["test_accuracy"] == after["shipped"]
    assert after["shipped"] > 0.9
    assert f"own digits:  100.00% before, {after['own']:.2%} after\n" in said


def test_pictures_are_taught_with_recordings(few, tmp_path, rng, capsys):
    (tmp_path / "7").mkdir()
    photo(7, tmp_path / "7" / "mine.png", rng)
    photo(3, tmp_path / "3_mine.png", rng)
    out = tmp_path / "mine.safetensors"
    args = [str(tmp_path), "--recordings", str(OWN_RECORDINGS), "--out", str(out), *QUICK]
    args += ["--held-out", "0.1", "--data-dir", str(tmp_path)]
    assert finetune_recognizer.main(args) == 0
    said = capsys.readouterr().out
    assert "taught 275 own digits, tested on 30 others" in said
    assert "\nMNIST test digits:  " in said
    assert "MNIST" in load_recognizer(out).facts["finetuned"]["after"]


def test_too_few_to_hold_any_out_are_refused(few, tmp_path, rng):
    one = photo(7, tmp_path / "7_mine.png", rng)
    with pytest.raises(RunError, match="1 own digits are too few to hold out 30% of each"):
        finetune_recognizer.main([one, *QUICK])


def test_what_cannot_be_taught_is_refused(tmp_path, capsys):
    with pytest.raises(RunError, match="nothing to teach"):
        finetune_recognizer.main([])
    with pytest.raises(RunError, match="--held-out 1"):
        finetune_recognizer.main(["x.png", "--held-out", "1"])
    blank = tmp_path / "7.png"
    blank.write_text("none")
    with pytest.raises(DataError, match="expected a recogniser of grey ones"):
        finetune_recognizer.main([str(blank), "--recognizer", str(THINNED_RECOGNIZER)])
    with pytest.raises(RunError, match="1 pictures could not be prepared"):
        finetune_recognizer.main([str(blank)])
    assert "7.png: no picture" in capsys.readouterr().err


def test_pictures_without_a_label_are_refused(tmp_path, rng):
    with pytest.raises(DataError, match="which digit is it"):
        finetune_recognizer.main([photo(7, tmp_path / "mine.png", rng)])
