"""The page in a real browser."""

import json
import time
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest

from datasets.recordings import teaching_recordings
from datasets.synthetic import on_paper
from strokes.formats.numbers.ndjson import read_numbers_ndjson
from strokes.pictures.pen import draw_ink
from tests.scripts.page.conftest import (
    ONE,
    SCRIBBLE,
    THREE,
    beside,
    on_pad,
    write_by_mouse,
)

SECOND = 1000
PATIENCE = 30 * SECOND


@pytest.fixture
def page(browser, server):
    context = browser.new_context(viewport={"width": 1000, "height": 900}, has_touch=True)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.complaints = []
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on(
        "console",
        lambda message: opened.complaints.append(message.text) if message.type == "error" else None,
    )
    opened.goto(server.address)
    yield opened
    context.close()
    assert opened.complaints == []


def expect_read(page, digit):
    page.locator("#said", has_text="certain").wait_for()
    assert page.locator("#said").text_content().startswith(f"{digit}, ")
    assert page.locator("#top b").all_text_contents()[0] == str(digit)
    page.get_by_role("img", name=f"The digit {digit} in ").wait_for()


def ink_of(page, canvas):
    """Share of a canvas that is written on."""
    return page.evaluate(
        """id => {
            const canvas = document.getElementById(id);
            const data = canvas.getContext("2d")
                .getImageData(0, 0, canvas.width, canvas.height).data;
            let inked = 0;
            for (let i = 3; i < data.length; i += 4) inked += data[i] > 128;
            return inked / (data.length / 4);
        }""",
        canvas,
    )


def test_a_three_is_read_and_written_again(page):
    write_by_mouse(page, THREE)
    expect_read(page, 3)
    early, written_by = ink_of(page, "model"), time.monotonic() + 2.6
    names = [text.split("\n")[0] for text in page.locator("#stages li").all_inner_texts()]
    assert names == ["binarised", "digit", "28x28", "thinned"]
    for kind, start in (("svg", b"<svg"), ("gif", b"GIF89a"), ("points", b'{"digit":3')):
        with page.expect_download() as download:
            page.locator(f"#save-{kind}").click()
        assert Path(download.value.path()).read_bytes().startswith(start)
    page.wait_for_timeout(max(0.0, written_by - time.monotonic()) * SECOND)
    assert 0.02 < ink_of(page, "model") < 0.2
    assert early < ink_of(page, "model")  # stroke by stroke


def points_saved(page):
    with page.expect_download() as download:
        page.locator("#save-points").click()
    return download.value.suggested_filename, Path(download.value.path())


def test_another_likely_way_is_chosen_by_key_and_taken_away(page):
    """The server's answer, written backwards too, and very unlikely in a third way."""
    seen = {}

    def answer(route):
        given = route.fetch()
        found = given.json()
        for digit in found.get("digits", []):  # none where it says to come again
            for best in digit["ways"][:1]:
                first = best | {"probability": 0.78}
                back = first | {"probability": 0.214, "points": first["points"][::-1]}
                back["pen_up"] = [*first["pen_up"][-2::-1], True]
                digit["ways"] = [first, back, first | {"probability": 0.004}]
                seen.update(first=first["points"], back=back["points"])
        route.fulfill(response=given, json=found)

    def saved():
        name, path = points_saved(page)
        return name, json.loads(path.read_bytes())["points"]

    page.route("**/api/strokes", answer)
    write_by_mouse(page, THREE)
    expect_read(page, 3)
    ways = page.get_by_role("group", name="Ways in which").get_by_role("button")
    assert ways.all_text_contents() == ["so: 78%", "or so: 21%"]
    assert saved() == ("digit-3.json", seen["first"])
    page.get_by_role("button", name="or so: 21%, in 1 stroke").focus()
    page.keyboard.press("Enter")
    pressed = [ways.nth(index).get_attribute("aria-pressed") for index in range(2)]
    assert pressed == ["false", "true"]
    assert saved() == ("digit-3-2.json", seen["back"])
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Clear").click()
    assert ways.count() == 0
    page.unroute_all(behavior="ignoreErrors")


def test_a_number_is_read_written_in_its_place_and_taken_away(page):
    for stroke in beside(THREE, ONE):
        write_by_mouse(page, stroke)
    page.get_by_role("img", name="The number 31 in ").wait_for()
    page.locator("#said", has_text="31, each digit ").wait_for()
    digits = page.get_by_role("group", name="Digits of the number").get_by_role("button")
    assert digits.all_text_contents() == ["3", "1"]
    assert page.locator("#top b").all_text_contents()[0] == "3"
    digits.nth(1).click()
    assert digits.nth(1).get_attribute("aria-pressed") == "true"
    assert page.locator("#top b").all_text_contents()[0] == "1"
    page.get_by_label("Keep my strokes").check()
    assert page.get_by_role("button", name="Keep this as a recording").is_disabled()
    page.get_by_text("One digit at a time is kept").wait_for()
    name, path = points_saved(page)
    assert name == "number-31.ndjson"
    (number,) = read_numbers_ndjson(path)
    assert number.text == "31"
    three, one = (
        np.concatenate(
            [s for s, whose in zip(number.strokes, number.characters, strict=True) if whose == i]
        )
        for i in (0, 1)
    )
    assert three[:, 0].max() < 15 < one[:, 0].min()  # of the 30 mm of the pad
    assert abs(np.ptp(one[:, 1]) - 30 * 0.75 / 2) < 2


def test_what_is_no_digit_is_said_to_be_none_and_not_written(page):
    write_by_mouse(page, SCRIBBLE)
    page.locator("#said", has_text="looks like no digit").wait_for()
    page.get_by_role("img", name="Nothing written: no digit").wait_for()
    assert ink_of(page, "model") == 0
    assert page.locator("#top li").count() == 0
    assert page.get_by_role("button", name="SVG", exact=True).first.is_disabled()
    page.get_by_role("button", name="Clear").click()
    page.mouse.click(*on_pad(page, (0.5, 0.5)))
    page.locator("#said", has_text="only a dot").wait_for()


def test_a_typed_number_is_written_in_a_hand(page):
    section = page.get_by_role("region", name="Have a number written")
    section.get_by_role("textbox", name="Number").fill("31")
    assert section.get_by_label("my hand").is_disabled()
    page.keyboard.press("Enter")
    section.get_by_role("img", name="31, written in hand 1").wait_for()
    section.get_by_role("button", name="Another hand").click()
    section.get_by_role("img", name="31, written in hand 2").wait_for()
    with page.expect_download() as download:
        section.get_by_role("button", name="Points").click()
    (number,) = read_numbers_ndjson(Path(download.value.path()))
    assert number.text == "31"
    with page.expect_download() as download:
        section.get_by_role("button", name="SVG").click()
    assert Path(download.value.path()).read_bytes().startswith(b"<svg")
    section.get_by_role("textbox", name="Number").fill("3-1")
    page.keyboard.press("Enter")
    section.get_by_text("'3-1': no number").wait_for()
    page.complaints.clear()  # the browser's own note on the status 422


def test_a_finger_writes(page):
    session = page.context.new_cdp_session(page)

    def touch(kind, places):
        points = [{"x": x, "y": y} for x, y in (on_pad(page, place) for place in places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", THREE[:1])
    for place in THREE[1:]:
        touch("touchMove", [place])
    touch("touchEnd", [])
    expect_read(page, 3)


def test_keys_write_too(page):
    page.locator("#pad").focus()
    for key, count in (("ArrowUp", 15), (" ", 1), ("ArrowDown", 32), (" ", 1)):
        for _ in range(count):
            page.keyboard.press(key)
    expect_read(page, 1)
    page.keyboard.press("z")
    page.locator("#said", has_text="Write something").wait_for()


def test_a_blank_pad_asks_nothing(page):
    page.wait_for_load_state("networkidle")  # it asks at first what is kept
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("Undo", "Clear", "Write once more", "SVG", "GIF", "Points"):
        assert page.get_by_role("button", name=name, exact=True).first.is_disabled()
    page.mouse.click(*on_pad(page, (0.5, 0.5)))  # a dot is no digit
    page.wait_for_timeout(0.5 * SECOND)
    page.get_by_role("button", name="Clear").click()
    assert page.locator("#said").text_content() == "Write something."
    assert ink_of(page, "pad") == 0
    assert asked == []


def test_a_picture_is_read_and_a_text_is_not(page, tmp_path):
    ink = 1 - draw_ink([np.array(THREE)], side=300, width=0.05)
    photo = on_paper(ink, np.random.default_rng(4))
    iio.imwrite(tmp_path / "three.png", np.round(255 * photo).astype(np.uint8))
    page.locator("#file").set_input_files(tmp_path / "three.png")
    expect_read(page, 3)
    assert ink_of(page, "pad") == 1  # the picture is shown there, edge to edge
    (tmp_path / "text.png").write_text("not a picture")
    page.locator("#file").set_input_files(tmp_path / "text.png")
    page.locator("#said", has_text="picture: no picture; expected PNG, JPEG, WEBP").wait_for()
    assert page.locator("#stages li").count() == 0
    assert len(page.complaints) == 1  # the browser's own note on the status 422
    page.complaints.clear()


def test_a_kept_recording_is_what_training_reads(page, server):
    write_by_mouse(page, THREE)
    expect_read(page, 3)
    keep = page.get_by_role("button", name="Keep this as a recording")
    assert keep.is_disabled()
    page.get_by_label("Keep my strokes").check()
    page.get_by_label("This is a").select_option("8")
    keep.click()
    page.locator("#kept", has_text="Kept as a 8: 1 in kept.ndjson").wait_for()
    tally = page.get_by_role("list", name="Kept recordings of each digit")
    counts = " ".join(tally.inner_text().split())
    assert counts == "0 0 1 0 2 0 3 0 4 0 5 0 6 0 7 0 8 1 9 0"
    (recording,) = teaching_recordings(str(server.recordings))
    assert recording.label == 8
    assert len(recording.strokes) == 1
    places = recording.strokes[0][:, :2]
    np.testing.assert_allclose(places[0], THREE[0], atol=0.01)
    np.testing.assert_allclose(places[-1], THREE[-1], atol=0.01)
    assert len(places) > 20
    back = page.get_by_role("button", name="Take the last back")
    back.click()
    page.locator("#kept", has_text="Taken back: 0 in kept.ndjson").wait_for()
    assert back.is_disabled()
    assert server.recordings.read_bytes() == b""


def least_contrast(page):
    """Of all that is written on the model's canvas, beside the paper (WCAG 2.1)."""
    return page.evaluate(
        """() => {
            const canvas = document.getElementById("model");
            const paper = getComputedStyle(canvas).backgroundColor.match(/\\d+/g).map(Number);
            const data = canvas.getContext("2d")
                .getImageData(0, 0, canvas.width, canvas.height).data;
            const linear = (value) => value <= 10.3 ? value / 3294.6
                : ((value / 255 + 0.055) / 1.055) ** 2.4;
            const luminance = ([r, g, b]) =>
                0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) + 0.05;
            let least = Infinity;
            for (let i = 0; i < data.length; i += 4) {
                if (data[i + 3] < 255) continue;
                const [one, other] = [luminance(data.slice(i, i + 3)), luminance(paper)];
                least = Math.min(least, Math.max(one, other) / Math.min(one, other));
            }
            return least;
        }"""
    )


@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [(360, 740, "light"), (740, 360, "dark")],
)
def test_a_phone_shows_the_result_while_one_writes(browser, server, width, height, scheme):
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page.set_default_timeout(PATIENCE)
    page.goto(server.address)
    write_by_mouse(page, THREE)
    expect_read(page, 3)
    assert page.evaluate("[scrollX, scrollY]") == [0, 0]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("pad", "model", "said", "top"):
        box = page.locator(f"#{name}").bounding_box()
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    assert 3 < least_contrast(page) < 21
    page.close()


def test_a_lifted_pen_asks_at_once(page):
    """Though the question of the pen that moved is still on its way."""
    asked = []

    def answer(route):
        asked.append(len(route.request.post_data_json["strokes"][0]))
        if len(asked) > 1:
            route.continue_()  # the first one is never answered

    page.route("**/api/strokes", answer)
    write_by_mouse(page, THREE)
    expect_read(page, 3)
    assert len(asked) == 2
    assert asked[0] < asked[1]
    page.unroute_all(behavior="ignoreErrors")


def test_the_page_fits_a_phone_and_both_schemes(browser, server):
    shades = []
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
        page.goto(server.address)
        wide = "document.documentElement.scrollWidth"
        assert page.evaluate(wide) <= 360
        shades.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert shades[0] != shades[1]
