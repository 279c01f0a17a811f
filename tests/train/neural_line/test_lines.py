import cv2
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from train.neural_line.lines import draw_lines, random_lines


def opencv(start, end):
    picture = np.zeros((28, 28), np.uint8)
    cv2.line(picture, tuple(map(int, start)), tuple(map(int, end)), 1, 1)
    return picture


def test_lines_are_opencv_s_pixel_by_pixel(rng):
    ends = rng.integers(0, 28, (4000, 2, 2))
    ends[:500, 1] = np.clip(ends[:500, 0] + rng.integers(-3, 4, (500, 2)), 0, 27)
    drawn = draw_lines(jnp.asarray(ends[:, 0]), jnp.asarray(ends[:, 1]))
    np.testing.assert_array_equal(drawn, [opencv(*pair) for pair in ends])


def test_a_lot_of_lines():
    segments, pictures = jax.jit(random_lines, static_argnums=0)(5000, key=jax.random.key(1))
    segments, pictures = np.asarray(segments), np.asarray(pictures)
    assert segments.shape == (5000, 6)
    places, pens = segments.reshape(-1, 2, 3)[..., :2], segments.reshape(-1, 2, 3)[..., 2]
    assert places.min() >= 0
    assert places.max() < 1
    np.testing.assert_allclose(np.histogram(places, 10, (0, 1))[0], 2000, rtol=0.1)
    assert set(np.unique(pens)) == {0.0, 1.0}
    assert pens.mean(0) == pytest.approx([0.2, 0.2], abs=0.02)
    np.testing.assert_array_equal(pictures.any((1, 2)), pens[:, 0] == 0)
    for place, pen, picture in zip(places[:200], pens, pictures, strict=False):
        expected = opencv(*(28 * place).astype(int)) * (pen[0] == 0)
        np.testing.assert_array_equal(picture, expected)
