import jax
import numpy as np
import pytest

from datasets.config import Deformation
from datasets.deformation import deform, draw_thinned
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.networks.recognizer import initial_recognizer
from strokes.writing.plans import Plans
from train.stroke_model.gate import GateExamples, gate_config, train_gate

CONFIG = gate_config(NetworksConfig(plans=2), 64)
NUMBERS = np.array([1, 1, 1, 2, 1, 1, 1, 2, 1, 1], np.int32)
POINTS = 21


def bars_and_rings(count):
    """Threes and sevens, each a bar or a ring; a bar is a three's first plan, a seven's second."""
    turn = np.linspace(0, 2 * np.pi, POINTS)
    ring = 0.5 + 0.3 * np.stack([np.sin(turn), -np.cos(turn)], axis=1)
    bar = np.linspace([0.5, 0.2], [0.5, 0.8], POINTS)
    rows = np.arange(count)
    is_ring, labels = rows % 2, np.where(rows // 2 % 2, 7, 3).astype(np.int32)
    paths = np.where(is_ring[:, None, None], ring, bar).astype(np.float32)
    lifted = np.zeros((count, POINTS), bool)
    lifted[:, -1] = True
    return paths, lifted, labels, np.where(labels == 3, is_ring, 1 - is_ring).astype(np.int32)


def deformed(count, seed):
    paths, lifted, labels, plans = bars_and_rings(count)
    generator = np.random.default_rng(seed)
    moved = deform(paths, lifted, Deformation(), generator=generator)
    return draw_thinned(moved, lifted, generator=generator), labels, plans


def train(count=1024, epochs=2, seed=0, exclusive=True, both=False, **options):
    def examples(epoch):
        pictures, labels, plans = deformed(count, [seed, epoch])
        truth = np.eye(2, dtype=np.float32)[plans]
        if both:  # either plan of a seven will do for a ring
            truth[(labels == 7) & (plans == 0)] = 1.0
        return GateExamples(pictures, labels, truth)

    return train_gate(
        examples,
        NUMBERS,
        config=CONFIG,
        exclusive=exclusive,
        epochs=epochs,
        seed=seed,
        **options,
    )


def told(gate, *, shared=()):
    """Chances of fresh deformations, their labels and plans."""
    pictures, labels, plans = deformed(120, 5)
    counts = [[[POINTS - 1]] * number for number in NUMBERS]
    return Plans(counts, CONFIG, gate, shared).probabilities(pictures, labels), labels, plans


def share_right(gate):
    chances, _, plans = told(gate)
    return np.mean(chances.argmax(axis=1) == plans)


def test_it_learns_what_the_picture_shows():
    untrained = initial_recognizer(CONFIG, key=jax.random.key(0))
    assert share_right(untrained) < 0.8
    assert share_right(train(epochs=8)) > 0.9


def test_it_learns_that_several_plans_will_do():
    table = tuple(((1.0,) * number,) * number for number in NUMBERS.tolist())
    chances, labels, plans = told(train(epochs=8, exclusive=False, both=True), shared=table)
    ring = (labels == 7) & (plans == 0)
    bar = (labels == 7) & (plans == 1)
    assert np.median(chances[ring], axis=0).min() > 0.8
    np.testing.assert_array_equal(np.median(chances[bar], axis=0).round(), [0, 1])


def test_its_sizes_are_of_the_classes_and_of_the_pictures():
    decoder = DecoderConfig(picture_height=20, picture_width=24)
    config = gate_config(NetworksConfig(decoder, plans=12), 64)
    assert (config.outputs, config.height, config.width) == (120, 20, 24)
    assert gate_config(NetworksConfig(plans=12, classes=52), 64).outputs == 624


def test_the_seed_decides_all():
    one, again, other = train(), train(), train(seed=1)
    for ours, theirs in zip(jax.tree.leaves(one), jax.tree.leaves(again), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert any(
        np.abs(np.asarray(ours) - theirs).max() > 1e-3
        for ours, theirs in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    )


@pytest.mark.parametrize("after", [0, 1])
def test_it_stops_between_epochs_when_it_is_asked_to(after):
    asked = []

    def stop():
        asked.append(1)
        return len(asked) > after

    assert train(epochs=3, stop=stop) is None
    assert len(asked) == after + 1
