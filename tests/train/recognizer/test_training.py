import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from strokes.networks.recognizer import initial_recognizer
from strokes.reading.recognizer import load_recognizer, save_recognizer
from tests.train.recognizer.conftest import CONFIG, PERCEPTRON, TINY, thinned
from train.errors import RunError
from train.recognizer.calibration import cross_entropy
from train.recognizer.training import (
    _losses,
    epoch_order,
    held_out_places,
    initial_state,
    optimizer_of,
    run_steps,
    train_recognizer,
)


def test_a_recogniser_learns_and_comes_back_from_its_file(tmp_path, epochs):
    assert [one.recognizer.facts["epochs"] for one in epochs] == [1, 2]
    assert epochs[1].loss < epochs[0].loss
    assert epochs[1].held_out_loss < epochs[0].held_out_loss
    assert epochs[1].best
    tested, truth = thinned("test", 1000)
    recognizer = epochs[-1].recognizer
    assert (recognizer.read(tested) == truth).mean() > 0.8
    path = tmp_path / "recognizer.safetensors"
    save_recognizer(recognizer, path, {"note": "tiny"})
    again = load_recognizer(path, of="thinned")
    expected = {"note": "tiny"} | again.facts | recognizer.facts
    assert (again.config, again.facts) == (TINY, expected)
    assert (again.read(tested) == recognizer.read(tested)).mean() > 0.995


def test_held_out_pictures_judge_and_calibrate(epochs):
    pictures, labels = thinned("train", 3500)
    held_out, truth = pictures[3000:], labels[3000:]
    last = epochs[-1]
    logits = last.recognizer.logits(held_out)
    assert last.held_out_accuracy == (logits.argmax(1) == truth).mean()
    assert last.held_out_loss == pytest.approx(cross_entropy(logits, truth).mean())
    sure = last.recognizer.probabilities(held_out)
    np.testing.assert_allclose(sure.sum(1), 1.0)
    facts = last.recognizer.facts | {"temperature": 1.0}
    plain = last.recognizer._replace(facts=facts).probabilities(held_out)
    loss = -np.log(sure[np.arange(500), truth]).mean()
    assert loss <= -np.log(plain[np.arange(500), truth]).mean()


def test_the_best_epoch_is_told_from_the_others():
    found = list(train_recognizer(PERCEPTRON, *thinned("train", 300)))
    assert [one.best for one in found] == [True] * 3  # nothing to judge by: the last one
    assert np.isnan(found[0].held_out_accuracy)
    assert found[0].recognizer.facts["temperature"] == 1.0


def test_an_epoch_that_reads_as_well_as_any_before_is_best():
    config = dataclasses.replace(PERCEPTRON, epochs=8, learning_rate=3.0, held_out=200)
    found = list(train_recognizer(config, *thinned("train", 500)))
    accuracies = [one.held_out_accuracy for one in found]
    expected = [one >= max(accuracies[: index + 1]) for index, one in enumerate(accuracies)]
    assert [one.best for one in found] == expected
    assert not all(expected)


def test_an_epoch_sees_each_picture_once_or_as_sampling_says(rng):
    labels = np.where(rng.random(4000) < 0.95, 1, rng.integers(0, 10, 4000)).astype(np.int32)
    balanced = dataclasses.replace(CONFIG, sampling="class-balanced")
    even = epoch_order(labels, balanced, np.random.default_rng(0))
    shown = np.bincount(labels[even.ravel()], minlength=10)
    assert shown.min() > 300
    plain = epoch_order(labels, CONFIG, np.random.default_rng(0))
    assert sorted(plain.ravel()) == list(range(4000))


@pytest.mark.parametrize("held_out", [0, 1, 90, 400])
def test_writers_either_teach_or_judge(rng, held_out):
    labels, writers = rng.integers(0, 50, (2, 1000)).astype(np.int32)
    taught, judging = held_out_places(labels, held_out, writers)
    assert sorted([*taught, *judging]) == list(range(1000))
    assert not set(writers[taught]) & set(writers[judging])
    most = np.bincount(writers).max()
    assert held_out <= len(judging) < held_out + (most if held_out else 1)
    last, first = held_out_places(labels, held_out, None)[::-1]
    assert last.tolist() == list(range(1000 - held_out, 1000))
    assert len(first) == 1000 - held_out


def test_pictures_in_the_order_of_classes_judge_by_lot():
    labels = np.repeat(np.array([5, 2, 7, 0], np.int32), [1, 2, 100, 300])
    taught, judging = held_out_places(labels, 80, None)
    assert sorted([*taught, *judging]) == list(range(403))
    assert len(judging) == 80
    assert set(labels[taught]) == {5, 2, 7, 0}
    assert 5 < (labels[judging] == 7).sum() < 40


def test_fewer_pictures_than_a_batch_are_refused():
    with pytest.raises(RunError, match="expected a batch of 100"):
        next(train_recognizer(CONFIG, *thinned("train", 550)))


def test_what_reads_is_the_moving_average_of_the_weights():
    config = dataclasses.replace(PERCEPTRON, averaging=0.5)
    pictures, labels = thinned("train", 100)
    optimizer = optimizer_of(config, config.learning_rate)
    initial = initial_recognizer(config.network, key=jax.random.key(0))
    order = np.arange(100, dtype=np.int32)[None]
    state = initial_state(initial, optimizer, averaging=True)
    average = np.array(state.averaged.head.kernel[...])
    for step in range(12):
        state, _ = run_steps(state, pictures, labels, order, config=config, optimizer=optimizer)
        kept = min(0.5, (1 + step) / (10 + step))
        average = kept * average + (1 - kept) * np.array(state.parameters.head.kernel[...])
        np.testing.assert_allclose(state.averaged.head.kernel[...], average, atol=1e-6)
    assert np.abs(average - state.parameters.head.kernel[...]).max() > 1e-4


def test_a_smoothed_label_is_the_truth_and_a_little_of_every_class(rng):
    logits, labels = rng.normal(size=(6, 4)), rng.integers(0, 4, 6)
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    told = 0.9 * np.eye(4)[labels] + 0.1 / 4
    expected = -(told * np.log(chances)).sum(axis=1)
    found = _losses(jnp.asarray(logits), jnp.asarray(labels), 0.1)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    plain = _losses(jnp.asarray(logits), jnp.asarray(labels), 0.0)
    np.testing.assert_allclose(plain, -np.log(chances[np.arange(6), labels]), rtol=1e-5)
