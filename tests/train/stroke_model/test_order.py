import numpy as np
import pytest

from datasets import load_thinned
from strokes.networks.config import NetworksConfig
from train.stroke_model.order import epoch_plan, group_by_network, steps_per_epoch

ENSEMBLE, SINGLE = NetworksConfig(), NetworksConfig(ensemble=False)


@pytest.mark.parametrize("config", [ENSEMBLE, SINGLE])
def test_an_epoch_leaves_no_digit_out(config):
    _, labels = load_thinned("train")
    groups = group_by_network(labels, config)
    plan = epoch_plan(groups, 64, seed=0, epoch=0)
    assert plan.shape == (steps_per_epoch(groups, 64), config.count, 64)
    assert set(plan.reshape(-1).tolist()) == set(range(60_000))
    times = np.bincount(plan.reshape(-1))
    assert times.max() <= 2
    if config.ensemble:
        for digit in range(10):
            assert (labels[plan[:, digit]] == digit).all()


def test_seed_and_epoch_decide_the_order():
    groups = [np.arange(50, dtype=np.int32), np.arange(50, 57, dtype=np.int32)]
    first = epoch_plan(groups, 4, seed=1, epoch=2)
    assert (first == epoch_plan(groups, 4, seed=1, epoch=2)).all()
    assert (first != epoch_plan(groups, 4, seed=1, epoch=3)).any()
    assert (first != epoch_plan(groups, 4, seed=2, epoch=2)).any()
    times = np.bincount(first[:, 1].reshape(-1))[50:]
    assert times.max() - times.min() <= 1  # a small group is gone through again and again, evenly


def test_a_digit_without_example_is_named():
    with pytest.raises(ValueError, match="no example of digit 3, 9"):
        group_by_network(np.array([0, 1, 2, 4, 5, 6, 7, 8], np.int32), ENSEMBLE)
