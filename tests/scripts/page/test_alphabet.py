"""The page of a model of three characters that are no digits."""

import io
import json

import imageio.v3 as iio
import numpy as np
import pytest

from strokes.formats.recordings import read_recordings
from strokes.pictures.pen import draw_ink
from strokes.resampling import fit_to_box
from tests.alphabet import CLASSES, SHAPES
from tests.scripts.page.conftest import write_by_mouse


def pad(name):
    """The strokes of a character, in shares of the pad."""
    paths = fit_to_box([np.array(stroke, float) for stroke in SHAPES[CLASSES.number(name)]])
    return [path.tolist() for path in paths]


def test_what_is_written_is_read_by_name_and_written_again(alphabet_server):
    for name in CLASSES.names:
        status, found = alphabet_server.post("/api/strokes", {"strokes": pad(name)})
        assert (status, found["number"]) == (200, name)
        (one,) = found["digits"]  # of however many strokes
        assert (one["digit"], one["is_digit"], one["place"]) == (name, True, [0, 0, 1])
        chances = {row["digit"]: row["certainty"] for row in one["top"]}
        assert set(chances) == set(CLASSES.names)
        assert sum(chances.values()) == pytest.approx(1)
        assert len(one["ways"]) == 1


def test_a_picture_is_one_character(alphabet_server):
    grey = draw_ink(list(map(np.array, pad("山"))), side=300, width=0.05)
    file = io.BytesIO()
    iio.imwrite(file, np.round(255 * grey).astype(np.uint8), extension=".png")
    status, found = alphabet_server.post("/api/picture", file.getvalue(), content_type="image/png")
    assert (status, found["number"], len(found["digits"])) == (200, "山", 1)


def test_what_knows_digits_alone_is_not_there(alphabet_server):
    entry = {"text": "12", "own": False, "hand": 1, "seed": 1}
    assert alphabet_server.post("/api/number", entry)[0] == 404
    assert alphabet_server.ask("GET", "/dictation.js")[0] == 404


def test_what_is_kept_is_read_back_by_name(alphabet_server):
    entry = {"strokes": pad("山"), "consent": True}
    for label in (2, "b", None):
        status, found = alphabet_server.post("/api/recording", entry | {"label": label})
        assert (status, found["error"]) == (422, f"label {label!r}, expected one of A a 山")
    status, found = alphabet_server.post("/api/recording", entry | {"label": "山"})
    assert (status, found["tally"]) == (200, [0, 0, 1])
    assert json.loads(alphabet_server.recordings.read_text())["label"] == "山"
    (recording,) = read_recordings(alphabet_server.recordings, classes=CLASSES)
    assert (recording.label, len(recording.strokes)) == (2, 2)
    assert alphabet_server.post("/api/recording/undo", {})[1]["kept"] == 0


def test_what_is_taken_away_is_named_as_its_class(alphabet_server):
    entry = {"text": "山", "pen": 1, "strokes": [[[0, 0, 0], [0, 9, 300]]]}
    status, _, content = alphabet_server.ask(
        "POST", "/api/svg", json.dumps(entry), content_type="application/json"
    )
    assert status == 200
    assert "<title>山</title>" in content.decode()
    status, found = alphabet_server.post("/api/gif", entry | {"text": "7"})
    assert (status, found["error"]) == (422, "label '7', expected one of A a 山")


def test_the_page_speaks_of_characters(browser, alphabet_server):
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(alphabet_server.address)
    for stroke in pad("山"):
        write_by_mouse(page, stroke)
    page.get_by_role("img", name="The character 山 in ").wait_for()
    assert page.locator("#top b").all_text_contents()[0] == "山"
    assert page.get_by_role("region", name="Have a number written").count() == 0
    label = page.get_by_label("This is a")
    assert label.input_value() == "山"
    for key in ("a", "A", "a"):
        label.press(key)
        assert label.input_value() == key
    page.get_by_label("Keep my strokes").check()
    page.get_by_role("button", name="Keep this as a recording").click()
    page.locator("#kept", has_text="1 in kept.ndjson").wait_for()
    tally = page.get_by_role("list", name="Kept recordings of each character")
    assert tally.inner_text().split() == ["A", "0", "a", "1", "山", "0"]
    command = "python -m scripts.train_strokes --set alphabet.npz --source kept.ndjson"
    assert page.locator("#command").text_content() == command
    with page.expect_response("**/api/recording/undo"):
        page.get_by_role("button", name="Take the last back").click()
    page.close()
    assert complaints == []
