import jax
import numpy as np
import pytest

from rasterizer import initial_neural_line, neural_logits
from train.neural_line.config import LineConfig
from train.neural_line.lines import random_lines
from train.neural_line.scores import held_out_lines
from train.neural_line.training import line_loss, train_line


def test_the_loss_is_the_mean_cross_entropy():
    lines = random_lines(3, key=jax.random.key(2))
    weights = initial_neural_line(key=jax.random.key(0))
    ink = np.float64(jax.nn.sigmoid(neural_logits(weights, lines.segments)))
    target = np.float64(lines.pictures)
    expected = -np.mean(target * np.log(ink) + (1 - target) * np.log(1 - ink))
    assert line_loss(weights, lines) == pytest.approx(expected, rel=1e-4)


def test_training_lowers_the_loss():
    lines = held_out_lines(64)
    before = line_loss(initial_neural_line(key=jax.random.key(0)), lines)
    config = LineConfig(lines=270, batch_size=16)
    ((seen, weights, loss),) = train_line(config)
    assert seen == 256  # whole batches
    assert 0 < loss < before
    assert line_loss(weights, lines) < before
