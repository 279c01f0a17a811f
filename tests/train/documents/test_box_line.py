import jax.numpy as jnp
import numpy as np
import pytest

from rasterizer import render
from train.documents.box_line import box_stages

SEGMENTS = [((0.15, 0.22), (0.84, 0.66)), ((0.7, 0.1), (0.45, 0.95)), ((0.9, 0.8), (0.2, 0.3))]


@pytest.mark.parametrize(("start", "end"), SEGMENTS)
@pytest.mark.parametrize("softness", [30.0, 200.0])
def test_the_last_stage_is_what_the_rasterizer_draws(start, end, softness):
    stages = box_stages(start, end, softness=softness, side=8)
    points = jnp.array([[*start, softness], [*end, softness]])
    drawing = render(points, height=8, width=8, line="box")
    np.testing.assert_allclose(stages.segment, drawing, atol=2e-5)


def test_a_crisp_band_holds_one_pixel_of_each_column():
    stages = box_stages((0.0, 0.1), (1.0, 0.6), softness=1e5, side=10)
    np.testing.assert_allclose(stages.columns.crossings, 0.1 + 0.5 * (np.arange(10) + 0.5) / 10)
    assert stages.columns.both.sum(axis=0).round(6).tolist() == [1.0] * 10
    assert (stages.columns.before[0] == 1).all()  # the top row begins above every crossing
    assert (stages.columns.after[-1] == 1).all()
    assert stages.rows.before[:, 0].tolist() == [0.0, *[1.0] * 9]  # row 0 is crossed left of it
