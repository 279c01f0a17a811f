import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from rasterizer import pen_up, render
from strokes.writing.config import DrawingConfig, LossConfig
from strokes.writing.losses import batch_losses
from strokes.writing.refinement import FARTHEST, refine, refinement_loss
from tests.conftest import random_points
from train.evaluation.faithfulness import intersection_over_union
from train.evaluation.hard_drawing import draw_hard

pytestmark = pytest.mark.usefixtures("quick_compiler")

CONFIG = LossConfig()
DRAWING = DrawingConfig()


def disturbed(rng, count=6):
    """Smooth strokes with a lift, their drawings, and the same strokes a little off."""
    t = np.linspace(0, 1, 20)
    radius = rng.uniform(0.2, 0.3, (count, 1))
    x, y = 0.5 + radius * np.cos(5 * t), 0.5 + radius * np.sin(5 * t)
    softness = np.full((count, 20), np.exp(4.8))
    softness[:, 9] = 2.0
    true = np.stack([x, y, softness], -1).astype(np.float32)
    up = np.array(pen_up(true[..., 2]))
    targets = draw_hard(true[..., :2], up)
    moved = true.copy()
    moved[..., :2] += rng.normal(0, 0.03, (count, 20, 2))
    return moved, targets, up


def test_points_come_closer_and_the_guard_holds(rng):
    start, targets, up = disturbed(rng)
    end = np.asarray(
        refine(start, jnp.asarray(targets, jnp.float32), config=CONFIG, drawing=DRAWING, steps=40)
    )
    before = intersection_over_union(draw_hard(start[..., :2], up), targets)
    after = intersection_over_union(draw_hard(end[..., :2], up), targets)
    assert after.mean() > before.mean() + 0.15
    np.testing.assert_array_equal(pen_up(end[..., 2]), up)
    assert np.abs(end - start)[..., :2].max() <= FARTHEST + 1e-6
    np.testing.assert_array_equal(end[:, 9, 2], start[:, 9, 2])


def test_a_box_line_s_pressed_pen_stays_pressed(rng):
    drawing = DrawingConfig(line="box")
    start = random_points(rng, 4, log_softness=(4.05, 4.2))
    targets = jnp.zeros((4, 28, 28))  # no ink: softer is better
    end = refine(start, targets, config=CONFIG, drawing=drawing, steps=30)
    assert not pen_up(end[..., 2], line="box").any()
    assert jnp.abs(end - start).max() > 0.01


def test_no_digit_gets_worse(rng):
    start = random_points(rng, 6)
    targets = jnp.asarray(np.roll(np.asarray(render(start)) > 0.5, 1, axis=0), jnp.float32)
    end = refine(start, targets, config=CONFIG, drawing=DRAWING, steps=3)
    losses = functools.partial(batch_losses, config=refinement_loss(CONFIG), drawing=DRAWING)
    (before, _), (after, _) = map(jax.jit(losses), (start, end), (targets, targets))
    assert (after <= before).all()


def test_a_batch_is_its_digits_one_by_one(rng):
    start, targets, _ = disturbed(rng)
    pictures = jnp.asarray(targets, jnp.float32)
    together = refine(start, pictures, config=CONFIG, drawing=DRAWING, steps=3)
    alone = refine(start[1], pictures[1], config=CONFIG, drawing=DRAWING, steps=3)
    np.testing.assert_allclose(together[1], alone, rtol=1e-3, atol=1e-4)
