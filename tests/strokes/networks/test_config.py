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
        ({"width": 10**9}, "width is 1000000000, expected at most 4,096"),
        ({"layers": 100_000}, "layers is 100000, expected at most 64"),
        ({"points": 10**6}, "points is 1000000, expected at most 1,000"),
        ({"rounds": 65}, "rounds is 65"),
        ({"picture_height": 0}, "picture_height is 0, expected at least 4"),
        ({"initial_log_softness": 99.0}, "initial_log_softness is 99.0, expected at most 50"),
    ],
)
def test_impossible_sizes_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(DecoderConfig(), **change)


def test_an_ensemble_has_a_decoder_for_each_digit():
    assert NetworksConfig().count == 10
    assert NetworksConfig(ensemble=False).count == 1


def test_networks_that_fill_the_memory_are_refused():
    widest = DecoderConfig(width=2048, layers=4)
    with pytest.raises(ValueError, match=r"networks of about 1,\d+,\d+,\d+ weights, expected at"):
        NetworksConfig(widest)
    published = DecoderConfig(width=512, layers=3)  # the reference's, and ours for each digit
    for ensemble in (False, True):
        config = NetworksConfig(
            dataclasses.replace(published, width=512 if not ensemble else 256), ensemble=ensemble
        )
        assert config.weights < 30_000_000
    with pytest.raises(ValueError, match=r"a network of about .* weights"):
        RecognizerConfig(height=1024, width=1024, channels=(64,), units=4096)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"channels": (0, 3)}, "channels is"),
        ({"units": 0}, "units is 0, expected at least 1"),
        ({"height": 0}, "height is 0, expected at least 1"),
        ({"height": 10**9}, "height is 1000000000, expected at least 1, at most 1,024"),
        ({"units": 2.5}, "units is 2.5"),
        ({"channels": ("a",)}, "channels is"),
        ({"channels": (2, 2, 2, 2, 2)}, "5 convolutions halve 28x28 to nothing"),
    ],
)
def test_a_recogniser_of_no_size_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        RecognizerConfig(**change)


def test_a_recogniser_without_convolutions_is_a_perceptron():
    assert RecognizerConfig(channels=()).channels == ()
