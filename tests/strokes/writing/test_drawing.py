import jax
import numpy as np
import pytest

from rasterizer import initial_neural_line, render
from strokes.writing.config import DrawingConfig
from strokes.writing.drawing import draw
from tests.conftest import random_points


@pytest.mark.parametrize("line", ["box", "capsule"])
@pytest.mark.parametrize("combine", ["sum", "max"])
def test_it_is_the_rasterizer_s(rng, line, combine):
    points = random_points(rng, 2, 3)
    drawn = draw(points, DrawingConfig(line, combine), height=14, width=20)
    expected = render(points, height=14, width=20, line=line, combine=combine)
    np.testing.assert_allclose(drawn, expected, atol=1e-5)


def test_the_neural_line_draws_with_the_weights_that_it_is_given(rng):
    points = random_points(rng, 2, points=4)
    drawing = DrawingConfig("neural", "sum")
    for seed in (0, 1):  # one compiled program, either weights
        weights = initial_neural_line(key=jax.random.key(seed))
        drawn = draw(points, drawing, height=28, width=28, neural_line=weights)
        expected = render(points, line="neural", combine="sum", weights=weights)
        np.testing.assert_allclose(drawn, expected, atol=1e-5)
    with pytest.raises(ValueError, match="weights go with the line 'neural'"):
        draw(points, drawing, height=28, width=28)
