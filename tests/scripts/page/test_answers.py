"""What the page is shown."""

import json

import imageio.v3 as iio
import numpy as np

from scripts.page.answers import Answers, of_strokes
from strokes.reading.recognizer import load_recognizer
from strokes.weights import GREY_RECOGNIZER
from tests.scripts.page.conftest import THREE
from tests.train.evaluation.written import shipped_writer
from tests.train.export.planned import tiny_writer


def test_strokes_are_answered_with_all_that_the_page_shows(server, strokes):
    status, found = server.post("/api/strokes", strokes)
    assert status == 200
    assert found["digit"] == 3
    assert found["top"][0]["certainty"] > 0.9
    assert len(found["points"]) == len(found["pen_up"])
    assert len(found["points"]) == shipped_writer().config.written_points
    assert sum(found["thinned"]) > 20
    assert found["svg"].startswith("<svg")
    assert 1 <= len(found["alternatives"]) <= 3
    for name in ("points", "pen_up", "svg"):
        assert found["alternatives"][0][name] == found[name]


def test_a_digit_is_answered_in_three_ways_the_best_first():
    writer = tiny_writer()
    answers = Answers(load_recognizer(GREY_RECOGNIZER), writer, refined=3)
    answers.warm_up()
    (found,) = answers.to([of_strokes([np.array(THREE)])])
    thinned = np.array(found["thinned"], np.uint8).reshape(28, 28)
    written = writer.write(thinned, 3, refine=3, alternatives=3)
    ways = found["alternatives"]
    assert [way["plan"] for way in ways] == written.plan.tolist()
    assert sorted(written.plan) == [0, 1, 2]
    shares = [way["probability"] for way in ways]
    assert shares == sorted(shares, reverse=True)
    np.testing.assert_allclose(shares, written.plan_probability, atol=1e-4)
    for index, way in enumerate(ways):
        np.testing.assert_allclose(way["points"], written.points[index], atol=1e-4)
        assert way["pen_up"] == written.pen_up[index].tolist()
        assert way["svg"].count("<path") == way["plan"] + 1
    assert found["points"] == ways[0]["points"]


def test_a_gif_writes_what_was_answered(server, strokes):
    _, found = server.post("/api/strokes", strokes)
    body = json.dumps({name: found[name] for name in ("points", "pen_up", "thinned")})
    status, headers, content = server.ask("POST", "/api/gif", body, content_type="application/json")
    assert (status, headers["content-type"]) == (200, "image/gif")
    frames = iio.imread(content, extension=".gif")
    assert len(frames) == 61  # 2.4 seconds, and the end
    dark = (frames.min(axis=-1) < 100).sum(axis=(1, 2))
    assert dark[0] < dark[30] < dark[-1]
