import numpy as np
import pytest

from strokes.networks.config import RecognizerConfig
from tests.train.recognizer.conftest import picture_set
from train.recognizer.config import AugmentationConfig, RecognitionConfig
from train.recognizer.copies import copied, measure_copies, split_places, uneven

CONFIG = RecognitionConfig(
    network=RecognizerConfig(channels=(), units=32),
    data="thinned",
    epochs=8,
    batch_size=50,
    augmentation=AugmentationConfig(shift=0),
    held_out=0,
)


@pytest.fixture(scope="module")
def digits():
    return uneven(picture_set("train", 5000), 150)


def test_few_pictures_are_as_uneven_as_a_text_s(digits):
    counts = np.sort(np.bincount(digits.labels))[::-1]
    assert counts.sum() == 150
    np.testing.assert_allclose(counts * np.arange(1, 11) / counts[0], 1, atol=0.2)


def test_copying_before_splitting_flatters(digits):
    found = measure_copies(digits, picture_set("test", 1000), CONFIG, copies=60)
    before, after = found["copied, then split"], found["split, then copied"]
    assert before.validation > 0.9  # nearly every picture that judges has taught
    assert before.validation - before.test > 0.15
    assert abs(after.validation - after.test) < before.validation - before.test - 0.05


def test_copies_are_on_both_sides_only_where_they_were_made_first(digits):
    labels = digits.labels
    everything = np.arange(len(labels))
    taught, judging = split_places(labels, copied(labels, everything, 60))
    assert len(set(taught) & set(judging)) > 0.7 * len(set(judging))
    taught, judging = split_places(labels, everything)
    assert not set(taught) & set(judging)
    assert set(labels[taught]) == set(range(10))
    assert np.bincount(labels[copied(labels, taught, 60)]).tolist() == [60] * 10
