import jax
import jax.numpy as jnp
import numpy as np

from datasets import load_thinned
from train.recognizer.augmentation import augment
from train.recognizer.config import STRONG, AugmentationConfig

KEY = jax.random.key(0)
COUNT = 200  # the same everywhere: programs are compiled for it once


def digits():
    return jnp.asarray(load_thinned("test")[0][:COUNT], jnp.float32)


def centres(pictures):
    rows, columns = np.mgrid[:28, :28]
    mass = pictures.sum((1, 2))
    return (
        np.stack([(pictures * rows).sum((1, 2)), (pictures * columns).sum((1, 2))], 1)
        / mass[:, None]
    )


def test_shifts_are_whole_pixels_and_no_ink_is_made():
    given = digits()
    changed = np.asarray(augment(given, config=AugmentationConfig(shift=2), key=KEY))
    assert set(np.unique(changed)) == {0.0, 1.0}
    moved = centres(changed) - centres(np.asarray(given))
    inside = changed.sum((1, 2)) == np.asarray(given).sum((1, 2))
    assert inside.mean() > 0.9
    np.testing.assert_allclose(moved[inside], np.round(moved[inside]), atol=1e-4)
    assert set(np.round(moved[inside]).ravel()) == {-2, -1, 0, 1, 2}


def test_nothing_asked_nothing_changed():
    given = digits()
    same = augment(given, config=AugmentationConfig(shift=0), key=KEY)
    np.testing.assert_allclose(same, given, atol=1e-5)


def test_zoom_makes_smaller_and_thickness_changes_ink():
    given = digits()
    ink = np.asarray(given.sum())
    small = augment(given, config=AugmentationConfig(shift=0, smallest=0.6), key=KEY)
    assert 0.6 < np.asarray(small.sum()) / ink < 0.8  # the mean of zoom squared, 0.65
    pens = np.asarray(augment(given, config=AugmentationConfig(shift=0, thickness=1.0), key=KEY))
    share = pens.sum((1, 2)) / np.asarray(given).sum((1, 2))
    assert share.min() < 0.5
    assert share.max() > 2.0
    assert pens.min() >= 0.0
    assert pens.max() <= 1.0


def test_a_rotation_is_one():
    bar = jnp.zeros((COUNT, 28, 28)).at[:, 13:15, 6:22].set(1.0)
    turned = np.asarray(augment(bar, config=AugmentationConfig(shift=0, rotation=30.0), key=KEY))
    rows, columns = np.mgrid[:28, :28] - 13.5
    angles = 0.5 * np.rad2deg(
        np.arctan2(
            2 * (turned * rows * columns).sum((1, 2)),
            (turned * (columns**2 - rows**2)).sum((1, 2)),
        )
    )
    assert 25 < np.abs(angles).max() < 31
    assert abs(angles.mean()) < 4


def test_each_picture_has_its_own_change_and_the_key_decides():
    same = jnp.repeat(digits()[:1], COUNT, axis=0)
    first = np.asarray(augment(same, config=STRONG, key=KEY))
    assert len({picture.tobytes() for picture in first}) == COUNT
    np.testing.assert_array_equal(first, augment(same, config=STRONG, key=KEY))
    assert (first != np.asarray(augment(same, config=STRONG, key=jax.random.key(1)))).any()
