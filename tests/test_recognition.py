import dataclasses
import json

import numpy as np
import pytest

from datasets import load_mnist, load_thinned
from scripts import finetune_recognizer
from scripts import train_recognizer as script
from strokes.recognizer import RecognizerConfig
from train.augmentation import AugmentationConfig
from train.calibration import expected_calibration_error
from train.errors import RunError
from train.recognition import (
    GREY_READER,
    RECOGNIZERS,
    FinetuningConfig,
    RecognitionConfig,
    _plan,
    cross_entropy,
    finetune,
    load_reader,
    range_test,
    save_reader,
    train_recognizer,
)

TINY = RecognizerConfig(channels=(4, 8), units=16)
CONFIG = RecognitionConfig(
    network=TINY, data="thinned", epochs=2, batch_size=100, learning_rate=0.01, held_out=500
)


def thinned(split, count):
    return tuple(array[:count] for array in load_thinned(split))


@pytest.fixture(scope="module")
def epochs():
    return list(train_recognizer(CONFIG, *thinned("train", 3500)))


def test_a_recogniser_learns_and_comes_back_from_its_file(tmp_path, epochs):
    assert [one.reader.facts["epochs"] for one in epochs] == [1, 2]
    assert epochs[1].loss < epochs[0].loss
    assert epochs[1].held_out_loss < epochs[0].held_out_loss
    assert epochs[1].best
    tested, truth = thinned("test", 1000)
    reader = epochs[-1].reader
    assert (reader.read(tested) == truth).mean() > 0.8
    save_reader(reader, tmp_path / "reader.safetensors", {"note": "tiny"})
    again = load_reader(tmp_path / "reader.safetensors")
    assert (again.config, again.facts) == (TINY, {"note": "tiny"} | again.facts | reader.facts)
    assert (again.read(tested) == reader.read(tested)).mean() > 0.995


def test_held_out_pictures_judge_and_calibrate(epochs):
    pictures, labels = thinned("train", 3500)
    held_out, truth = pictures[3000:], labels[3000:]
    last = epochs[-1]
    logits = last.reader.logits(held_out)
    assert last.held_out_accuracy == (logits.argmax(1) == truth).mean()
    assert last.held_out_loss == pytest.approx(cross_entropy(logits, truth).mean())
    sure = last.reader.certainties(held_out)
    np.testing.assert_allclose(sure.sum(1), 1.0)
    plain = last.reader._replace(facts=last.reader.facts | {"temperature": 1.0})
    loss = -np.log(sure[np.arange(500), truth]).mean()
    assert loss <= -np.log(plain.certainties(held_out)[np.arange(500), truth]).mean()


def test_the_best_epoch_is_told_from_the_others():
    config = dataclasses.replace(CONFIG, epochs=3, learning_rate=1.0, optimizer="sgd", held_out=0)
    found = list(train_recognizer(config, *thinned("train", 300)))
    assert [one.best for one in found] == [True] * 3  # nothing to judge by: the last one
    assert np.isnan(found[0].held_out_accuracy)


def test_cross_entropy_is_its_definition(rng):
    logits, labels = rng.normal(0, 5, (50, 10)), rng.integers(0, 10, 50)
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    np.testing.assert_allclose(
        cross_entropy(logits, labels), -np.log(shares[np.arange(50), labels])
    )


def test_balanced_sampling_shows_rare_digits_as_often(rng):
    labels = np.where(rng.random(4000) < 0.95, 1, rng.integers(0, 10, 4000)).astype(np.int32)
    even = _plan(labels, dataclasses.replace(CONFIG, balanced=True), np.random.default_rng(0))
    shown = np.bincount(labels[even.ravel()], minlength=10)
    assert shown.min() > 300
    plain = _plan(labels, CONFIG, np.random.default_rng(0))
    assert sorted(plain.ravel()) == list(range(4000))


def test_the_range_test_finds_where_the_loss_falls_and_stops_where_it_explodes():
    config = dataclasses.replace(CONFIG, optimizer="sgd", network=RecognizerConfig(channels=()))
    found = range_test(config, *thinned("train", 2000), highest=1000.0, steps=60)
    assert len(found.rates) < 60
    assert 1e-4 < found.steepest < found.rates[-1]
    assert found.losses.min() < found.losses[0] - 0.05


def test_fine_tuning_learns_one_s_own_and_keeps_the_rest(epochs):
    reader = epochs[-1].reader._replace(facts=epochs[-1].reader.facts | {"data": "grey"})
    pictures, labels = thinned("train", 3000)
    own = (255 * pictures[:200, :, ::-1], labels[:200])  # a hand that mirrors its digits
    replay, tested = (255 * pictures[200:], labels[200:]), thinned("test", 1000)
    mirrored = (255 * tested[0][:, :, ::-1], tested[1])
    plain = AugmentationConfig(shift=1)
    config = FinetuningConfig(60, 32, 64, 0.1, learning_rate=0.003, augmentation=plain)
    better = finetune(reader, own, replay, config)

    def accuracy(one, digits):
        return (one.read(digits[0]) == digits[1]).mean()

    assert accuracy(better, mirrored) > accuracy(reader, mirrored) + 0.1
    plainly = (255 * tested[0], tested[1])
    assert accuracy(better, plainly) > accuracy(reader, plainly) - 0.15
    careful = finetune(reader, own, replay, dataclasses.replace(config, forgotten=0.0))
    held_out = tuple(array[-280:] for array in replay)
    assert accuracy(careful, held_out) >= accuracy(reader, held_out)


def test_the_shipped_recogniser_of_thinned_digits_reads_as_well_as_it_says():
    reader = load_reader()
    pictures, labels = load_thinned("test")
    accuracy = (reader.read(pictures) == labels).mean()
    assert accuracy == pytest.approx(reader.facts["test_accuracy"], abs=5e-4)
    assert accuracy > 0.98
    assert reader.read(pictures[:0]).shape == (0,)


def test_the_shipped_recogniser_of_grey_digits_reads_as_well_as_it_says(raw_mnist):
    reader = load_reader(GREY_READER)
    pictures, labels = load_mnist("test", data_dir=raw_mnist)
    accuracy = (reader.read(pictures) == labels).mean()
    assert accuracy == pytest.approx(reader.facts["test_accuracy"], abs=5e-4)
    assert accuracy > 0.993
    error = expected_calibration_error(reader.certainties(pictures), labels)
    assert error == pytest.approx(reader.facts["expected_calibration_error"], abs=1e-3)
    assert error < 0.01


def test_the_script_leaves_everything_behind(tmp_path, capsys, monkeypatch):
    few = thinned("train", 3000), thinned("test", 500)
    monkeypatch.setattr(script, "load_digits", lambda *_: few)
    args = ["--preset", "thinned", "--channels", "1", "--units", "4", "--batch-size", "50"]
    once = ["--epochs", "1", "--held-out", "1000", "--out", str(tmp_path)]
    assert script.main([*args, *once]) == 0
    said = capsys.readouterr()
    assert "of the test digits, calibration error" in said.out
    names = {path.name for path in tmp_path.iterdir()}
    pictures = {"confusion.png", "curves.png", "top_losses.png"}
    assert names == {"recognizer.safetensors", "card.md", "metrics.jsonl"} | pictures
    row = json.loads((tmp_path / "metrics.jsonl").read_text())
    assert set(row) == {"epoch", "loss", "seconds", "held_out_loss", "held_out_accuracy"}
    facts = load_reader(tmp_path / "recognizer.safetensors").facts
    assert facts["command"].startswith("python -m scripts.train_recognizer --preset thinned")
    assert f"{facts['test_accuracy']:.2%}" in (tmp_path / "card.md").read_text()
    assert script.main([*args, "--range-test", "True", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "range_test.png").exists()


def test_presets_are_the_published_sizes():
    perceptron = RECOGNIZERS["perceptron"]
    assert (perceptron.network.channels, perceptron.network.units) == ((), 256)
    assert (perceptron.optimizer, perceptron.learning_rate) == ("sgd", 0.3)
    assert (perceptron.epochs, perceptron.batch_size) == (10, 200)


def test_shares_are_held_out_of_every_digit():
    labels = np.repeat(np.arange(10), 7).astype(np.int32)
    taught, tested = finetune_recognizer.split(labels, 0.3, seed=0)
    assert sorted([*taught, *tested]) == list(range(70))
    assert np.bincount(labels[tested]).tolist() == [2] * 10


def test_what_makes_no_run_is_refused(tmp_path):
    wrongs = ({"epochs": 0}, {"dropout": 1.0}, {"learning_rate": 0.0}, {"weight_decay": -1.0})
    for wrong in wrongs:
        with pytest.raises(ValueError, match=next(iter(wrong))):
            RecognitionConfig(**wrong)
    with pytest.raises(ValueError, match="steps"):
        FinetuningConfig(steps=0)
    with pytest.raises(RunError, match="expected a batch of 100"):
        next(train_recognizer(CONFIG, *thinned("train", 550)))
    with pytest.raises(RunError, match="did you mean cnn"):
        script.main(["--preset", "cn"])
    with pytest.raises(RunError, match="nothing to teach"):
        finetune_recognizer.main([])
    thin = "train/thinned-recognizer.safetensors"
    with pytest.raises(RunError, match="expected one of grey digits"):
        finetune_recognizer.main(["x.png", "--recognizer", thin])
