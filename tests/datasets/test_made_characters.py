import numpy as np
import pytest

from datasets.made_characters import (
    draw_character,
    made_characters,
    made_labels,
    made_pictures,
    zipf_counts,
)

pytestmark = pytest.mark.usefixtures("few_radicals")


def test_counts_follow_zipf_s_law():
    counts = zipf_counts(4000, 200_000)
    assert counts.sum() == 200_000
    assert (np.diff(counts) <= 0).all()
    np.testing.assert_allclose(counts[:100] * np.arange(1, 101) / counts[0], 1, atol=0.01)
    assert zipf_counts(50, 50).tolist() == [1] * 50
    few = zipf_counts(100, 120)
    assert (few.sum(), few.min()) == (120, 1)


def test_characters_differ_and_more_of_them_begin_with_the_same():
    first, more = made_characters(200), made_characters(300)
    assert len({one.path.tobytes() for one in more}) == 300
    assert all(np.array_equal(a.path, b.path) for a, b in zip(first, more, strict=False))
    assert all(one.lifted[-1] for one in first)


def test_pictures_of_a_character_are_nearer_to_one_another_than_to_others():
    characters = made_characters(40)
    pictures = np.concatenate(list(made_pictures(characters, np.full(40, 4), seed=5)))
    flat = pictures.reshape(160, -1) / 255.0
    away = ((flat[:, None] - flat[None]) ** 2).sum(axis=-1)
    np.fill_diagonal(away, np.inf)
    labels = made_labels(np.full(40, 4))
    assert (labels[away.argmin(axis=1)] == labels).mean() > 0.9
    assert len({picture.tobytes() for picture in pictures}) == 160
    assert pictures.any(axis=(1, 2)).all()


def test_any_side_is_drawn(rng):
    (character,) = made_characters(1)
    assert draw_character(character, 2, rng=rng, side=64).shape == (2, 64, 64)
