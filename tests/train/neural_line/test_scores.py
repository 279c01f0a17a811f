import jax.numpy as jnp
import numpy as np
import pytest

from rasterizer import render
from strokes.weights.files import load_facts
from train.neural_line import scores
from train.neural_line.lines import Lines
from train.neural_line.scores import (
    all_line_scores,
    analytic_scores,
    held_out_lines,
    line_scores,
    neural_scores,
)
from train.neural_line.weights import SHIPPED_LINE, load_line


def test_scores_of_known_drawings():
    pictures = jnp.zeros((2, 28, 28)).at[0, 3, 4:8].set(1.0)  # the second is blank
    drawn = pictures.at[0, 3, 4].set(0.2)
    found = line_scores(drawn, pictures)
    assert found["iou"] == pytest.approx(3 / 4)
    assert found["mse"] == pytest.approx(0.64 / (2 * 784))


def test_held_out_lines_stay_the_same_and_more_of_them_are_other_ones():
    one, again = held_out_lines(50), held_out_lines(50)
    np.testing.assert_array_equal(one.segments, again.segments)
    np.testing.assert_array_equal(one.pictures, again.pictures)


def test_of_what_a_line_drew_itself_its_own_softness_is_the_best():
    ends = held_out_lines(40).segments.reshape(-1, 2, 3)
    middles = (jnp.floor(28 * ends[..., :2]) + 0.5) / 28
    softness = jnp.where(ends[..., 2:] > 0.5, 1.0, jnp.exp(5.5))
    drawn = render(jnp.concatenate([middles, softness], axis=-1), line="capsule")
    log_softness, found = analytic_scores("capsule", Lines(ends.reshape(-1, 6), drawn))
    assert log_softness == 5.5
    assert found["mse"] < 1e-9


@pytest.mark.slow
def test_the_shipped_line_scores_as_its_file_says():
    known = load_facts(SHIPPED_LINE)["held_out"]
    found = neural_scores(load_line(), held_out_lines(known["lines"]))
    assert found == pytest.approx({"mse": known["mse"], "iou": known["iou"]}, rel=1e-4)


def test_all_lines_by_name_the_analytic_ones_with_their_softness(monkeypatch):
    monkeypatch.setattr(scores, "HELD_OUT", 100)
    lines, weights = held_out_lines(100), load_line()
    rows = all_line_scores(weights)
    expected = {"neural": neural_scores(weights, lines)}
    for name in ("box", "capsule"):
        log_softness, row = analytic_scores(name, lines)
        expected[f"{name}, log-softness {log_softness}"] = row
    assert rows == expected
