import jax
import jax.numpy as jnp
import numpy as np
import pytest

from rasterizer import pen_up
from rasterizer.lines import LINES, Pixels, Segments
from tests.conftest import random_points
from tests.rasterizer.kinds import drawn
from tests.reference import box_line, capsule_line


@pytest.mark.parametrize(("line", "definition"), [("box", box_line), ("capsule", capsule_line)])
def test_a_segment_is_scored_and_inked_as_it_is_defined(rng, line, definition):
    (x1, y1, softness), (x2, y2, _) = random_points(rng, points=2)
    centres = (jnp.arange(28) + 0.5) / 28
    pixels = Pixels(centres[None, :, None], centres[:, None, None])
    assert (pixels.height, pixels.width) == (28, 28)
    model = LINES[line]

    @jax.jit
    def scored_and_inked(*ends):
        score = model.score(model.prepare(Segments(*ends)), pixels)
        return score, model.ink(score)

    ends = (jnp.full(1, value) for value in (x1, y1, x2, y2, softness))
    score, ink = scored_and_inked(*ends)
    expected = jax.jit(definition)(x1, y1, softness, x2, y2)
    np.testing.assert_allclose(ink[..., 0], expected, atol=1e-5)
    ranked = np.asarray(ink).ravel()[np.argsort(np.asarray(score).ravel())]
    assert (np.diff(ranked) >= 0).all()  # ink grows with the score


@pytest.mark.parametrize("line", ["box", "capsule"])
def test_segments_are_ranked_by_their_score(rng, line):
    model = LINES[line]
    points = random_points(rng, points=200)
    points[7, :2] = points[8, :2]  # a segment without length
    x, y, softness = jnp.asarray(points.T[:, :, None, None])
    segments = model.prepare(Segments(x[:-1], y[:-1], x[1:], y[1:], softness[:-1]))
    place = jnp.linspace(0.02, 0.98, 9)
    pixels = Pixels(place[None], place[:, None])
    score = model.score(segments, pixels)
    np.testing.assert_allclose(model.rank(model.once(segments), pixels), score, atol=3e-4)


def test_the_box_line_shows_the_reference_s_faults():
    def lone(y, softness):
        ends = np.float32([[0.2, y, softness], [0.8, y, softness]])
        return np.asarray(drawn(ends, line="box"))

    np.testing.assert_allclose(lone(0.5, 0.0), 1 / 64, atol=1e-6)  # grey everywhere
    on_an_edge, between = lone(14 / 28, 2000.0), lone(14.5 / 28, 2000.0)
    assert on_an_edge[:, 12].max() == pytest.approx(0.25, abs=0.01)
    assert between[:, 12].max() == pytest.approx(1.0, abs=0.01)


def test_the_capsule_has_none_of_them():
    for y in (14 / 28, 14.25 / 28, 14.5 / 28):
        ends = np.float32([[0.2, y, 0.0], [0.8, y, 0.0]])
        assert drawn(ends).max() < 1e-6
        ends[:, 2] = 300.0
        assert drawn(ends)[:, 12].max() > 0.7


@pytest.mark.parametrize("log_softness", np.arange(-2.0, 7.5, 0.25))
def test_a_lifted_pen_is_blank_and_a_pressed_one_visible(log_softness):
    softness = np.float32(np.exp(log_softness))
    points = np.float32([[0.2, 14.5 / 28, softness], [0.8, 14.5 / 28, softness]])
    brightest = float(drawn(points).max())
    assert bool(pen_up(softness)) == (log_softness <= 3.0)
    if log_softness < 2.7:
        assert brightest < 0.1
    elif log_softness > 3.3:
        assert brightest > 0.6
    assert (brightest > 0.5) == (log_softness > 3.0) or abs(brightest - 0.5) < 0.01
