import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from strokes.networks.config import NetworksConfig
from tests.train.stroke_model.tiny import PLAIN, TINY, digits, examples_of, plan_of, teachers_of
from train.stroke_model.batches import make_batch, moved, recordings_only, shift


def with_recordings(config=TINY, **change):
    recordings = dataclasses.replace(config.recordings, **change)
    return dataclasses.replace(config, recordings=recordings)


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
    config = with_recordings(PLAIN, pretraining=2, share=0.5, interleaved=3)
    data, examples = digits(config=PLAIN), examples_of(PLAIN)
    chosen = plan_of(data, config, 1, rng)[0]
    shares = []
    for step in range(6):
        batch = make_batch(data, examples, chosen, jnp.int32(step), config)
        assert batch.images.shape == (10, 3, 28, 28)
        np.testing.assert_array_equal(batch.contexts, np.repeat(np.arange(10), 3).reshape(10, 3))
        shares.append(np.asarray(batch.recorded).mean(axis=0).tolist())
    alone, added = [1.0, 1.0, 1.0], [0.0, 0.0, 1.0]
    assert shares == [alone, alone, alone, added, added, alone]


def test_without_recordings_and_shift_a_batch_is_the_chosen_digits(rng):
    for config in (TINY, PLAIN):
        config = dataclasses.replace(config, shift=0)
        data = digits(config=TINY if config.networks.plans else PLAIN)
        chosen = np.asarray(plan_of(data, config, 1, rng)[0])
        batch = make_batch(data, None, chosen, jnp.int32(5), config)
        np.testing.assert_array_equal(batch.images, np.asarray(data.images)[chosen])
        told = data.plans if config.networks.plans else data.labels
        np.testing.assert_array_equal(batch.contexts, np.asarray(told)[chosen])
        assert not batch.recorded.any()
        assert batch.points.shape == (10, 2, 6, 2)


def test_a_recording_s_points_lie_on_its_picture(rng):
    config = with_recordings(pretraining=1)
    batch = make_batch(
        digits(), examples_of(TINY), plan_of(digits(), config, 1, rng)[0], jnp.int32(0), config
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


def single(config):
    return dataclasses.replace(config, networks=NetworksConfig(TINY.networks.decoder, False, 3))


@pytest.mark.parametrize("ensemble", [True, False])
@pytest.mark.parametrize("step", [0, 5])
def test_decoders_are_told_the_plan_of_each_example_and_its_lifts(rng, step, ensemble):
    config = with_recordings(pretraining=1, share=0.5)
    config = dataclasses.replace(config, shift=0)
    if not ensemble:
        config = single(config)
    data, lifts = digits(), teachers_of(TINY).plans.lifted
    examples = examples_of(TINY)
    chosen = plan_of(data, config, 1, rng)[0]
    if not ensemble:  # one decoder, which sees all
        flat = jax.tree.map(lambda leaf: leaf.reshape(1, -1, *leaf.shape[2:]), examples)
        examples, chosen = flat, chosen.reshape(1, -1)
    batch = make_batch(data, examples, chosen, jnp.int32(step), config)
    contexts = np.asarray(batch.contexts)
    if ensemble:
        labels, plans = np.broadcast_to(np.arange(10)[:, None], contexts.shape), contexts
    else:
        labels, plans = contexts // 3, contexts % 3
        assert len(set(labels.ravel())) > 4
    assert plans.any()
    np.testing.assert_array_equal(batch.lifted, lifts[labels, plans])
    count = chosen.shape[1]
    if step:  # after pre-training
        np.testing.assert_array_equal(plans[:, :count], np.asarray(data.plans)[chosen])
        np.testing.assert_array_equal(labels[:, :count], np.asarray(data.labels)[chosen])
    shown = {
        (image.tobytes(), label, plan)
        for image, label, plan in zip(
            np.asarray(examples.images, np.float32).reshape(-1, 28, 28),
            np.asarray(examples.labels).ravel(),
            np.asarray(examples.plans).ravel(),
            strict=True,
        )
    }
    for network, row in np.argwhere(np.asarray(batch.recorded) > 0):
        image = np.asarray(batch.images[network, row]).tobytes()
        assert (image, labels[network, row], plans[network, row]) in shown
