import dataclasses

import jax
import numpy as np
import pytest

from tests.train.recognizer.conftest import thinned
from train.errors import RunError
from train.recognizer import finetuning
from train.recognizer.config import AugmentationConfig, FinetuningConfig
from train.recognizer.finetuning import finetune, split

CONFIG = FinetuningConfig(
    steps=60,
    own=32,
    replayed=64,
    learning_rate=0.003,
    augmentation=AugmentationConfig(shift=1),
)


@pytest.fixture(scope="module")
def recognizer(epochs):
    kept = epochs[-1].recognizer
    return kept._replace(facts=kept.facts | {"data": "grey"})


@pytest.fixture(scope="module")
def own():
    """A hand that mirrors its digits."""
    pictures, labels = thinned("train", 200)
    return 255 * pictures[:, :, ::-1], labels


@pytest.fixture(scope="module")
def replay():
    pictures, labels = thinned("train", 3000)
    return 255 * pictures[200:], labels[200:]


@pytest.fixture(scope="module")
def taught(recognizer, own, replay):
    """What is left when so much may be forgotten: everything, some, or nothing."""
    before = jax.tree.map(np.copy, recognizer.parameters)
    found = {
        share: finetune(recognizer, own, replay, dataclasses.replace(CONFIG, forgotten=share))
        for share in (1.0, 0.1, 0.0)
    }
    assert_same_weights(recognizer, recognizer._replace(parameters=before))
    return found


def assert_same_weights(one, other):
    leaves = (jax.tree.leaves(each.parameters) for each in (one, other))
    for mine, theirs in zip(*leaves, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)


def test_fine_tuning_learns_one_s_own_and_keeps_the_rest(recognizer, taught, replay):
    pictures, labels = thinned("test", 1000)
    mirrored, plainly = (255 * pictures[:, :, ::-1], labels), (255 * pictures, labels)
    better, careful = taught[0.1], taught[0.0]
    assert better.accuracy(*mirrored) > recognizer.accuracy(*mirrored) + 0.1
    assert better.accuracy(*plainly) > recognizer.accuracy(*plainly) - 0.15
    held_out = tuple(array[-280:] for array in replay)
    assert careful.accuracy(*held_out) >= recognizer.accuracy(*held_out)


@pytest.mark.parametrize("forgotten", [0.1, 0.0])
def test_it_goes_as_far_as_may_be_forgotten(recognizer, taught, replay, forgotten):
    held_out = tuple(array[-280:] for array in replay)

    def at(share):
        mixed = jax.tree.map(
            lambda one, other: (1 - share) * one + share * other,
            recognizer.parameters,
            taught[1.0].parameters,
        )
        return recognizer._replace(parameters=mixed)

    least = recognizer.accuracy(*held_out) - forgotten
    shares = [tenths / 10 for tenths in range(11)]
    furthest = max(s for s in shares if s == 0 or at(s).accuracy(*held_out) >= least)
    assert_same_weights(taught[forgotten], at(furthest))


def test_whole_writers_of_others_judge(recognizer, own, replay, monkeypatch):
    pictures, labels = (array[:100] for array in replay)
    config = dataclasses.replace(CONFIG, steps=1, forgotten=1.0)
    seen = []

    def spied(reader, own, replay, replayed, config):
        seen.append(replayed)
        return reader

    monkeypatch.setattr(finetuning, "_taught", spied)
    writers = np.arange(100, dtype=np.int32) % 4
    finetune(recognizer, own, (pictures, labels), config, writers=writers)
    finetune(recognizer, own, (pictures, labels), config)
    assert len(set(writers[seen[0]])) == 3
    np.testing.assert_array_equal(seen[1], np.arange(90))
    with pytest.raises(RunError, match="100 pictures of others, all of them held out"):
        finetune(recognizer, own, (pictures, labels), config, writers=0 * writers)


def test_shares_are_held_out_of_every_digit():
    labels = np.repeat(np.arange(10), 7).astype(np.int32)
    taught, tested = split(labels, 0.3, seed=0)
    assert sorted([*taught, *tested]) == list(range(70))
    assert np.bincount(labels[tested]).tolist() == [2] * 10
