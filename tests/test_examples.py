import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from datasets import DataError
from datasets.pen_digits import with_pen_lifts
from datasets.recordings import Recording, write_recordings
from tests.test_step import TINY, digits, examples_of, plan_of
from train.config import RecordingsConfig
from train.errors import RunError
from train.examples import make_batch, moved
from train.recordings import (
    in_one_order,
    make_deformer,
    recordings_of,
    with_mnist_proportions,
)


def with_recordings(**change):
    recordings = dataclasses.replace(TINY.recordings, **change)
    return dataclasses.replace(TINY, recordings=recordings)


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


def test_the_same_seed_and_epoch_give_the_same_examples():
    deformer = make_deformer(TINY)
    one, again = (deformer.examples(3, seed=1, epoch=2) for _ in "ab")
    for ours, theirs in zip(one, again, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    other = deformer.examples(3, seed=1, epoch=3)
    assert np.abs(other.points - one.points).max() > 0
    assert one.images.shape == (10, 3, 28, 28)
    assert (one.labels == np.arange(10)[:, None]).all()


def test_a_single_network_sees_every_digit():
    networks = dataclasses.replace(TINY.networks, ensemble=False)
    examples = make_deformer(dataclasses.replace(TINY, networks=networks)).examples(
        3, seed=0, epoch=0
    )
    assert examples.images.shape == (1, 30, 28, 28)
    assert np.bincount(examples.labels[0]).tolist() == [3] * 10


def test_stretched_recordings_get_mnist_s_proportions_back():
    square = np.array([[0.0, 0.0], [100.0, 100.0]])
    given = [Recording(digit, [square], "pen", "test", "") for digit in (0, 1, 7)]
    zero, one, seven = (
        np.ptp(recording.strokes[0], axis=0) for recording in with_mnist_proportions(given)
    )
    assert zero[1] == one[1] == seven[1] == 100.0
    assert one[0] < 40 < seven[0] < 80 < zero[0] < 95
    np.testing.assert_array_equal(square[1], [100.0, 100.0])  # the given ones stay


def test_a_five_is_lifted_before_its_bar_and_one_order_teaches():
    two = np.array([[13, 11], [12, 50], [72, 62], [56, 100], [4, 83], [0, 39], [32, 6], [100, 0]])
    one = np.array([[100, 0], [15, 3], [0, 40], [60, 45], [90, 70], [60, 95], [20, 100], [0, 90]])
    given = [Recording(5, [path.astype(float)], "pen") for path in (two, two, one)]
    given.append(Recording(8, [two.astype(float)], "pen"))
    barred = [[0, 15], [81, 12], [87, 50], [58, 100], [30, 76], [100, 70]]
    plain = [[0, 15], [50, 0], [81, 12], [87, 50], [70, 80], [58, 100]]
    given += [Recording(7, [np.array(path, float)], "pen") for path in (barred, plain)]
    lifted = with_pen_lifts(given)
    assert [len(recording.strokes) for recording in lifted] == [2, 2, 1, 1, 2, 1]
    body, bar = lifted[0].strokes
    np.testing.assert_array_equal(body, two[:5])
    np.testing.assert_array_equal(bar, two[[0, 6, 7]])  # begins where the 5 does
    np.testing.assert_array_equal(lifted[4].strokes[1], barred[4:])
    taught = in_one_order(lifted, 5)
    kept = [(one.label, len(one.strokes)) for one in taught]
    assert kept == [(5, 2), (5, 2), (8, 1), (7, 2), (7, 1)]


def test_recordings_that_do_not_serve(tmp_path):
    path = tmp_path / "one.ndjson"
    stroke = np.array([[0.2, 0.2], [0.8, 0.8]])
    write_recordings([Recording(1, [stroke])], path)
    with pytest.raises(RunError, match="no recording of digit 0, 2, 3"):
        make_deformer(with_recordings(source=str(path)))
    write_recordings([Recording(1, [stroke] * 4)], path)
    with pytest.raises(RunError, match="recording of a 1: 4 strokes do not fit into 6 points"):
        make_deformer(with_recordings(source=str(path)))
    with pytest.raises(DataError, match="no such file"):
        recordings_of(str(tmp_path / "none.ndjson"))
    assert make_deformer(with_recordings(source="none")) is None


def test_pen_digits_that_are_not_there_say_how_to_get_them(tmp_path, monkeypatch):
    monkeypatch.setenv("STROKES_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(DataError, match=r"python -m scripts\.prepare_pendigits"):
        recordings_of("pendigits")


@pytest.mark.parametrize("change", [{"weight": -1.0}, {"share": float("nan")}, {"each": 0}])
def test_what_shows_nothing_is_refused(change):
    with pytest.raises(ValueError, match=next(iter(change))):
        RecordingsConfig(**change)
