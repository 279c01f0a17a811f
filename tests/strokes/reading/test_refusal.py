import numpy as np
import pytest

from datasets.recordings import OWN_RECORDINGS
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.pictures.pen import draw_as_mnist
from strokes.reading.recognizer import load_recognizer
from strokes.reading.refusal import features_of, load_refusal
from strokes.weights import GREY_RECOGNIZER
from strokes.weights.files import load_facts


@pytest.fixture(scope="module")
def digits():
    own = read_recordings(OWN_RECORDINGS)
    return np.stack([draw_as_mnist(one.strokes)[0] for one in own[::10]])


def test_digits_pass_and_what_is_none_does_not(digits):
    refusal = load_refusal()
    assert refusal.refused(digits).mean() <= 0.1
    bar = np.zeros((28, 28), np.uint8)
    bar[13:16, 4:24] = 255
    scribbled = np.zeros((28, 28), np.uint8)
    scribbled[4:24, 4:24:3] = 255
    scribbled[[5, 22], 4:24] = 255
    assert refusal.refused(np.stack([bar, scribbled])).all()
    assert refusal.scores(digits[:0]).shape == (0,)


def test_features_are_units_logits_and_their_energy(digits):
    recognizer = load_recognizer()
    found = features_of(recognizer, digits[:3])
    logits = recognizer.logits(digits[:3])
    np.testing.assert_allclose(found[:, -11:-1], logits, rtol=1e-4, atol=1e-4)
    energy = np.log(np.exp(logits.astype(np.float64)).sum(axis=1))
    np.testing.assert_allclose(found[:, -1], energy, rtol=1e-4)


def test_digits_are_read_and_told_from_what_is_none_in_one_pass(digits):
    refusal = load_refusal()
    chances, refused = refusal.read(digits)
    np.testing.assert_allclose(chances, load_recognizer().probabilities(digits), atol=1e-5)
    np.testing.assert_array_equal(refused, refusal.refused(digits))


def test_other_weights_are_refused():
    assert "threshold" not in load_facts(GREY_RECOGNIZER)
    with pytest.raises(DataError, match="what is none"):
        load_refusal(GREY_RECOGNIZER)


def test_larger_pictures_are_judged_as_28x28_ones(digits):
    refusal = load_refusal()
    large = digits.repeat(2, axis=1).repeat(2, axis=2)
    np.testing.assert_allclose(refusal.scores(large), refusal.scores(digits), atol=1e-3)
