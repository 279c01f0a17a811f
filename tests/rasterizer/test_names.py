from typing import get_args

import numpy as np

from rasterizer.lines import LINES
from rasterizer.names import PEN_UP, CombineName, LineName
from tests.rasterizer.kinds import drawn


def test_every_line_has_a_name_a_pen_up_and_a_model():
    assert set(get_args(LineName)) == set(PEN_UP) == {*LINES, "neural"}


def test_every_combination_draws():
    points = np.float32([[0.2, 0.2, 60.0], [0.8, 0.8, 60.0], [0.8, 0.2, 60.0]])
    pictures = {name: drawn(points, combine=name) for name in get_args(CombineName)}
    assert pictures.keys() == {"sum", "max"}
    assert (pictures["sum"] >= pictures["max"] - 1e-6).all()
    assert pictures["sum"].max() > 1.2 > 1.0 >= pictures["max"].max()
