"""What the page is shown."""

import json

import numpy as np
import pytest

from scripts.page.answers import Answers, Readers
from scripts.page.questions import of_strokes
from strokes.reading.recognizer import load_recognizer
from strokes.reading.refusal import load_refusal
from tests.scripts.page.conftest import ONE, SCRIBBLE, THREE, beside
from tests.train.evaluation.written import shipped_writer
from tests.train.export.planned import tiny_writer


@pytest.fixture(scope="module")
def answers():
    refusal = load_refusal()
    return Answers(Readers(refusal.recognizer, refusal), tiny_writer(), refined=3)


def asked(answers, *strokes, **options):
    return of_strokes(list(map(np.array, strokes)), None, answers.finder, **options)


def test_strokes_are_answered_with_all_that_the_page_shows(server, strokes):
    status, found = server.post("/api/strokes", strokes)
    assert status == 200
    assert found["number"] == "3"
    (digit,) = found["digits"]
    assert digit["is_digit"]
    assert digit["top"][0]["certainty"] > 0.9
    assert digit["place"] == [0, 0, 1]
    assert 1 <= len(digit["ways"]) <= 3
    for way in digit["ways"]:
        assert len(way["points"]) == len(way["pen_up"]) == shipped_writer().config.written_points
    assert [stage["name"] for stage in digit["stages"]] == [
        "binarised",
        "digit",
        "28x28",
        "thinned",
    ]


def test_a_digit_is_answered_in_three_ways_the_best_first(answers):
    question = asked(answers, THREE)
    (found,) = answers.to([question])[0]["digits"]
    writer = tiny_writer()
    written = writer.write(question.digits[0].thinned, 3, refine=3, alternatives=3)
    ways = found["ways"]
    assert [way["plan"] for way in ways] == written.plan.tolist()
    assert sorted(written.plan) == [0, 1, 2]
    shares = [way["probability"] for way in ways]
    assert shares == sorted(shares, reverse=True)
    np.testing.assert_allclose(shares, written.plan_probability, atol=1e-4)
    for index, way in enumerate(ways):
        np.testing.assert_allclose(way["points"], written.points[index], atol=1e-4)
        assert way["pen_up"] == written.pen_up[index].tolist()


def test_the_digits_of_a_number_are_answered_each_in_its_place(answers):
    number, scribble, alone = answers.to(
        [asked(answers, *beside(THREE, ONE)), asked(answers, SCRIBBLE), asked(answers, ONE)]
    )
    assert [number["number"], scribble["number"], alone["number"]] == ["31", "?", "1"]
    for index, one in enumerate(number["digits"]):
        x, y, side = one["place"]
        assert abs(x + 0.5 * side - (0.25 + 0.5 * index)) < 0.05
        assert abs(y + 0.5 * side - 0.5) < 0.05
        assert one["ways"]
    (none,) = scribble["digits"]
    assert not none["is_digit"]
    assert none["ways"] == []  # no strokes are invented


def test_what_is_no_digit_in_its_half_is_no_number(answers):
    half, third = answers.to(
        [asked(answers, *beside(SCRIBBLE, ONE)), asked(answers, *beside(ONE, THREE, SCRIBBLE))]
    )
    assert half["number"] == "??"
    assert third["number"] == "13?"
    assert [bool(one["ways"]) for one in third["digits"]] == [True, True, False]


def test_while_the_pen_goes_on_nothing_is_refined(answers):
    passing, lifted = answers.to([asked(answers, THREE, passing=True), asked(answers, THREE)])
    assert passing["digits"][0]["top"] == lifted["digits"][0]["top"]
    points = [one["digits"][0]["ways"][0]["points"] for one in (passing, lifted)]
    assert points[0] != points[1]
    assert passing["digits"][0]["stages"] == []


def test_a_fine_tuned_recogniser_reads_and_the_shipped_one_refuses():
    refusal = load_refusal()
    own = load_recognizer()
    pictures = np.zeros((2, 28, 28), np.uint8)
    pictures[:, 4:24, 12:16] = 255
    same = Readers(refusal.recognizer, refusal).read(pictures)
    other = Readers(own, refusal).read(pictures)
    np.testing.assert_allclose(same[0], other[0], atol=1e-4)
    np.testing.assert_array_equal(same[1], other[1])


@pytest.mark.parametrize(("kind", "start"), [("svg+xml", b"<svg"), ("gif", b"GIF89a")])
def test_a_number_is_taken_away_as_a_file(server, kind, start):
    entry = {"text": "1", "pen": 1.4, "strokes": [[[0, 0, 0], [1, 9, 300], [1, 18, 700]]]}
    path, body = f"/api/{kind.split('+')[0]}", json.dumps(entry)
    status, headers, content = server.ask("POST", path, body, content_type="application/json")
    assert (status, headers["content-type"]) == (200, f"image/{kind}")
    assert content.startswith(start)
