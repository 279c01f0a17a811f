import pytest

from train.recognizer.config import (
    RECOGNIZERS,
    AugmentationConfig,
    FinetuningConfig,
    RecognitionConfig,
)


def test_presets_are_the_published_sizes():
    perceptron = RECOGNIZERS["perceptron"]
    assert (perceptron.network.channels, perceptron.network.units) == ((), 256)
    assert (perceptron.optimizer, perceptron.learning_rate) == ("sgd", 0.3)
    assert (perceptron.epochs, perceptron.batch_size) == (10, 200)


def test_amounts_that_mean_nothing_are_refused():
    for wrong in ({"shift": -1}, {"smallest": 0.0}, {"smallest": 1.2}, {"thickness": 2.0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            AugmentationConfig(**wrong)


def test_what_makes_no_run_is_refused():
    wrongs = ({"epochs": 0}, {"dropout": 1.0}, {"learning_rate": 0.0}, {"weight_decay": -1.0})
    wrongs += ({"smoothing": 1.0}, {"averaging": -0.1}, {"averaging": 1.0})
    for wrong in wrongs:
        with pytest.raises(ValueError, match=next(iter(wrong))):
            RecognitionConfig(**wrong)
    for wrong in ({"steps": 0}, {"learning_rate": 0.0}, {"forgotten": -0.1}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            FinetuningConfig(**wrong)
