import dataclasses

import numpy as np
import pytest

from strokes.networks.config import RecognizerConfig
from tests.train.recognizer.conftest import CONFIG, thinned
from train.recognizer.learning_rate import RangeTest, _until_it_explodes, range_test


def test_the_range_test_finds_where_the_loss_falls_and_stops_where_it_explodes():
    config = dataclasses.replace(CONFIG, optimizer="sgd", network=RecognizerConfig(channels=()))
    found = range_test(config, *thinned("train", 2000), highest=1000.0, steps=60)
    assert len(found.rates) < 60
    assert 1e-4 < found.steepest < found.rates[-1]
    assert found.losses.min() < found.losses[0] - 0.05


def test_the_steepest_place_is_where_the_loss_falls_fastest():
    rates = np.logspace(-5, 0, 51)
    losses = -np.tanh(np.log10(rates) + 2)
    assert RangeTest(rates, losses).steepest == pytest.approx(0.01)


def test_losses_are_smoothed_by_weights_that_fade():
    losses = np.random.default_rng(0).uniform(1, 2, 12)
    for count, smooth in enumerate(_until_it_explodes(losses), start=1):
        weights = 0.9 ** np.arange(count)[::-1]
        assert smooth == pytest.approx((weights * losses[:count]).sum() / weights.sum())


@pytest.mark.parametrize("exploded", [1000.0, np.inf])
def test_what_comes_after_the_explosion_is_left_out(exploded):
    losses = np.array([2.0, 1.0, 1.0, exploded, 1.0])
    np.testing.assert_array_equal(_until_it_explodes(losses), _until_it_explodes(losses[:3]))
