import dataclasses

import jax
import jax.numpy as jnp
import numpy as np

from tests.train.stroke_model.tiny import TINY, digits, examples_of, plan_of
from train.stroke_model.batches import make_batch, moved, recordings_only, shift


def with_recordings(**change):
    recordings = dataclasses.replace(TINY.recordings, **change)
    return dataclasses.replace(TINY, recordings=recordings)


def test_a_shift_moves_paper_in_and_ink_out(rng):
    pictures = rng.integers(0, 2, (4, 6, 5), np.uint8)
    offsets = np.array([[0, 0], [1, -2], [-2, 2], [2, 1]])
    shifted = shift(jnp.asarray(pictures), jnp.asarray(offsets), most=2)
    for picture, (down, right), found in zip(pictures, offsets, shifted, strict=True):
        for row in range(6):
            for column in range(5):
                r, c = row - down, column - right
                ink = picture[r, c] if 0 <= r < 6 and 0 <= c < 5 else 0
                assert found[row, column] == ink


def test_pictures_and_their_points_move_together():
    images = jnp.zeros((1, 50, 28, 28)).at[:, :, 10, 14].set(1.0)
    centre = jnp.array([14.5, 10.5]) / 28
    points = jnp.broadcast_to(centre, (1, 50, 3, 2))
    shifted, followed = moved(images, points, most=2, key=jax.random.key(0))
    _, _, row, column = np.nonzero(np.asarray(shifted))
    expected = np.stack([column + 0.5, row + 0.5], -1) / 28
    np.testing.assert_allclose(followed[0, :, 0], expected, atol=1e-6)
    assert set(row) == set(range(8, 13))
    assert set(column) == set(range(12, 17))


def test_which_steps_see_recordings_only():
    config = with_recordings(pretraining=3, interleaved=4).recordings
    seen = [step for step in range(14) if recordings_only(config, jnp.int32(step))]
    assert seen == [0, 1, 2, 3, 7, 11]
    assert not recordings_only(with_recordings(pretraining=0).recordings, jnp.int32(0))


def test_recordings_follow_the_pictures_and_take_their_places_at_first(rng):
    config = with_recordings(pretraining=2, share=0.5, interleaved=3)
    data, examples = digits(), examples_of(config)
    chosen = plan_of(data, config, 1, rng)[0]
    shares = []
    for step in range(6):
        batch = make_batch(data, examples, chosen, jnp.int32(step), config)
        assert batch.images.shape == (10, 3, 28, 28)
        np.testing.assert_array_equal(batch.labels, np.repeat(np.arange(10), 3).reshape(10, 3))
        shares.append(np.asarray(batch.recorded).mean(axis=0).tolist())
    alone, added = [1.0, 1.0, 1.0], [0.0, 0.0, 1.0]
    assert shares == [alone, alone, alone, added, added, alone]


def test_without_recordings_and_shift_a_batch_is_the_chosen_digits(rng):
    config = dataclasses.replace(TINY, shift=0)
    data = digits()
    chosen = plan_of(data, config, 1, rng)[0]
    batch = make_batch(data, None, chosen, jnp.int32(5), config)
    np.testing.assert_array_equal(batch.images, np.asarray(data.images)[np.asarray(chosen)])
    np.testing.assert_array_equal(batch.labels, np.asarray(data.labels)[np.asarray(chosen)])
    assert not batch.recorded.any()
    assert batch.points.shape == (10, 2, 6, 2)


def test_a_recording_s_points_lie_on_its_picture(rng):
    config = with_recordings(pretraining=1)
    batch = make_batch(
        digits(), examples_of(config), plan_of(digits(), config, 1, rng)[0], jnp.int32(0), config
    )
    pixels = np.floor(np.asarray(batch.points) * 28).astype(int)
    images = np.asarray(batch.images)
    near = [
        images[n, b, max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].any()
        for n in range(10)
        for b in range(images.shape[1])
        for x, y in pixels[n, b]
    ]
    assert np.mean(near) > 0.93  # thinning shortens ends
