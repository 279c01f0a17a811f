import dataclasses

import numpy as np
import pytest

from train.recognizer.config import RecognitionConfig
from train.recognizer.sampling import class_shares, draw, limited, picture_chances

COUNTS = np.array([1, 10, 100, 10_000])


@pytest.mark.parametrize(
    ("by", "weight"),
    [
        ("uniform", lambda n: n),
        ("square-root", lambda n: n**0.5),
        ("class-balanced", lambda n: 1.0),
        ("effective-number", lambda n: n / sum(0.999**k for k in range(n))),
        ("capped", lambda n: min(n, 500)),
    ],
)
def test_shares_are_their_definitions(by, weight):
    weights = np.array([weight(int(count)) for count in COUNTS])
    np.testing.assert_allclose(class_shares(COUNTS, by), weights / weights.sum(), rtol=1e-9)
    with_none = class_shares(np.array([0, *COUNTS]), by)
    np.testing.assert_allclose(with_none, [0, *class_shares(COUNTS, by)])


def test_effective_numbers_lie_between_balanced_and_uniform():
    for beta, like in ((1e-6, "uniform"), (1 - 1e-9, "class-balanced")):
        found = class_shares(COUNTS, "effective-number", beta=beta)
        np.testing.assert_allclose(found, class_shares(COUNTS, like), rtol=1e-4)


@pytest.mark.parametrize("repeats", [1.0, 1.5, 4.0, 1e6])
def test_no_picture_is_drawn_more_often_than_allowed(repeats):
    shares = class_shares(COUNTS, "class-balanced")
    found = limited(shares, COUNTS, repeats)
    assert found.sum() == pytest.approx(1.0)
    drawn = found * COUNTS.sum() / COUNTS  # of each picture, in an epoch
    assert drawn.max() <= repeats * (1 + 1e-9)
    free = drawn < repeats * (1 - 1e-9)  # what is not held back keeps its proportions
    if free.any():
        ratios = found[free] / shares[free]
        np.testing.assert_allclose(ratios, ratios[0])


def test_pictures_of_a_class_have_the_same_chance(rng):
    labels = rng.permutation(np.repeat([0, 3], [5, 45])).astype(np.int32)
    config = RecognitionConfig(sampling="class-balanced")
    chances = picture_chances(labels, config)
    np.testing.assert_allclose(chances, np.where(labels == 0, 0.5 / 5, 0.5 / 45))
    drawn = labels[draw(labels, 20_000, config, rng)]
    assert (drawn == 0).mean() == pytest.approx(0.5, abs=0.02)
    few = dataclasses.replace(config, sampling_repeats=2.0)
    drawn = labels[draw(labels, 20_000, few, rng)]
    assert (drawn == 0).mean() == pytest.approx(2 * 5 / 50, abs=0.02)


def test_uniform_sampling_draws_each_picture_once(rng):
    assert sorted(draw(np.zeros(9, np.int32), 9, RecognitionConfig(), rng)) == list(range(9))


def test_amounts_that_mean_nothing_are_refused():
    for wrong in ({"sampling_cap": 0}, {"sampling_beta": 1.0}, {"sampling_repeats": 0.5}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            RecognitionConfig(**wrong)
