import numpy as np
import pytest

from datasets import load_mnist
from strokes.reading.recognizer import load_recognizer
from train.recognizer.calibration import (
    cross_entropy,
    expected_calibration_error,
    fit_temperature,
)


def test_cross_entropy_is_its_definition(rng):
    logits, labels = rng.normal(0, 5, (50, 10)), rng.integers(0, 10, 50)
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    np.testing.assert_allclose(
        cross_entropy(logits, labels), -np.log(shares[np.arange(50), labels])
    )


def test_cross_entropy_of_logits_far_apart_is_finite():
    logits = np.array([[2000.0, 0.0], [0.0, 2000.0]], np.float32)
    np.testing.assert_array_equal(cross_entropy(logits, np.array([0, 0])), [0.0, 2000.0])


def slow_error(certainties, labels, bins):
    """The definition, bin by bin: sum of |accuracy - certainty| weighed by size."""
    top, right = certainties.max(1), certainties.argmax(1) == labels
    total = 0.0
    for lower in range(bins):
        inside = (top > lower / bins) & (top <= (lower + 1) / bins)
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - top[inside].mean())
    return total


def test_error_is_its_definition(rng):
    raw = rng.random((500, 10)) ** 4
    certainties = raw / raw.sum(1, keepdims=True)
    labels = rng.integers(0, 10, 500)
    for bins in (1, 7, 15):
        expected = slow_error(certainties, labels, bins)
        assert expected_calibration_error(certainties, labels, bins=bins) == pytest.approx(expected)


def test_the_extremes():
    sure = np.eye(10)[[1, 2, 3, 4]]
    assert expected_calibration_error(sure, np.array([1, 2, 3, 4])) == 0.0
    assert expected_calibration_error(sure, np.array([0, 0, 0, 0])) == 1.0


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_the_labels_is_found(rng, temperature):
    logits = rng.normal(0, 3, (20_000, 10))
    powers = np.exp(logits / temperature)
    shares = powers / powers.sum(1, keepdims=True)
    labels = (rng.random((20_000, 1)) > shares.cumsum(1)).sum(1)
    assert fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.04)


def test_the_shipped_recogniser_is_as_certain_as_it_is_right(raw_mnist):
    recognizer = load_recognizer()
    pictures, labels = load_mnist("test", data_dir=raw_mnist)
    error = expected_calibration_error(recognizer.probabilities(pictures), labels)
    assert error == pytest.approx(recognizer.facts["expected_calibration_error"], abs=1e-3)
    assert error < 0.01
