import dataclasses

import pytest

from strokes.networks.config import DecoderConfig, NetworksConfig, RecognizerConfig


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": 1}, "points is 1, expected at least 2"),
        ({"layers": 0}, "layers is 0"),
        ({"width": 0}, "width is 0"),
        ({"correction": -1}, "correction is -1"),
        ({"dropout": 1.0}, "dropout is 1.0, expected 0 <= dropout < 1"),
    ],
)
def test_impossible_sizes_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(DecoderConfig(), **change)


def test_an_ensemble_has_a_decoder_for_each_digit():
    assert NetworksConfig().count == 10
    assert NetworksConfig(ensemble=False).count == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"channels": (0, 3)}, "channels is"),
        ({"units": 0}, "units is 0, expected at least 1"),
        ({"height": 0}, "height is 0, expected at least 1"),
        ({"channels": (2, 2, 2, 2, 2)}, "5 convolutions halve 28x28 to nothing"),
    ],
)
def test_a_recogniser_of_no_size_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        RecognizerConfig(**change)


def test_a_recogniser_without_convolutions_is_a_perceptron():
    assert RecognizerConfig(channels=()).channels == ()
