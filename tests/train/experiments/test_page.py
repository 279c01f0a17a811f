import base64
import io
import re

import imageio.v3 as iio
import numpy as np
import pytest

from strokes.figures.animation import StrokeFigure
from train.experiments.claims import CLAIMS, SHAKY, STEADY
from train.experiments.page import Contents, html_page
from train.experiments.runs import WHAT_TO_SEE, runs
from train.experiments.tables import POINTS_HEAD, SHOWN


def some_figure(rng):
    """A digit of three points."""
    return StrokeFigure(
        rng.integers(0, 2, (1, 28, 28)).astype(np.uint8),
        rng.uniform(0.1, 0.9, (1, 3, 3)).astype(np.float32),
        np.array([[False, False, True]]),
        rng.random((1, 28, 28)).astype(np.float32),
    )


@pytest.fixture(scope="module")
def contents():
    rng = np.random.default_rng(0)
    names = {*SHOWN, *POINTS_HEAD[1:], "disagreement"}
    rows = [run.name for run in runs("small")] + [SHAKY, STEADY]
    figure = some_figure(rng)
    return Contents(
        record={
            "about": {"device": "a <fast> one"},
            "commands": {run.name: run.command for run in runs("small")},
            "figures": {row: {name: rng.uniform(0.1, 1) for name in names} for row in rows},
            "lines": {"box": {"mse": 0.25, "iou": 0.5}},
        },
        curves={name: [0.3, 0.2, 0.1] for name in WHAT_TO_SEE},
        drawn=dict.fromkeys(WHAT_TO_SEE, figure),
        probed=dict.fromkeys(("box-sum", "standard"), figure),
        sizes={size: rng.random((4, size, size)).astype(np.float32) for size in (28, 112)},
    )


@pytest.fixture(scope="module")
def page(contents):
    return html_page(contents)


def pictures(page, kind):
    found = re.findall(rf'alt="([^"]*)" src="data:image/{kind};base64,([^"]*)"', page)
    return {alt: base64.b64decode(content) for alt, content in found}


def test_everything_is_in_the_page_itself(page):
    assert page.count("data:image/gif;base64,") == len(WHAT_TO_SEE)
    assert page.count("<img") == page.count("data:image/")
    assert "http" not in page
    assert "a &lt;fast&gt; one" in page


def test_every_preset_has_its_words_its_command_and_its_animation(page, contents):
    animations = pictures(page, "gif")
    for name in WHAT_TO_SEE:
        assert f"<h2>{name}</h2>" in page
        assert f"<code>{contents.record['commands'][name]}</code>" in page
        frames = iio.imread(io.BytesIO(animations[f"{name}: ten digits being drawn"]))
        assert len(frames) > 20
        assert (frames[0] != frames[-1]).any()


def test_every_figure_is_in_a_table(page, contents):
    figures = contents.record["figures"]
    for name in WHAT_TO_SEE:
        row = "".join(f"<td>{figures[name][one]:.4f}</td>" for one in SHOWN)
        assert f"<td>{name}</td>{row}" in page
    for claim in CLAIMS:
        assert f"<td>{claim.first}: {figures[claim.first][claim.measure]:.4f}</td>" in page
    assert "<td>box</td><td>0.25000</td><td>0.5000</td>" in page


def test_curves_probes_and_sizes_are_pictures(page):
    shown = {alt: iio.imread(content) for alt, content in pictures(page, "png").items()}
    assert set(shown) == {
        "Loss curves of all presets",
        "box-sum probed",
        "standard probed",
        "The same strokes on three canvases",
        "Error by points",
    }
    assert all(picture.std() > 1 for picture in shown.values())
    assert shown["The same strokes on three canvases"].shape == (256, 512)
    assert "One drawing at 28, 112 pixels" in page
