"""The page in a real browser, and its server against what a network may bring."""

import concurrent.futures
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest

from datasets.made_photos import on_paper
from datasets.pen_ink import draw_ink
from datasets.recording_files import read_recordings
from scripts.serve import Options, allowed_hosts
from tests.conftest import ROOT
from train.config import RecordingsConfig
from train.recordings import recordings_of

# As a person writes it, in shares of the pad.
THREE = [
    (0.30, 0.25), (0.40, 0.17), (0.52, 0.15), (0.63, 0.20), (0.67, 0.30), (0.61, 0.40),
    (0.46, 0.46), (0.61, 0.51), (0.69, 0.62), (0.65, 0.76), (0.52, 0.84), (0.38, 0.82),
    (0.29, 0.74),
]  # fmt: skip
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECOND = 1000
PATIENCE = 30 * SECOND


class Server:
    """The real program, in a process of its own."""

    def __init__(self, folder):
        self.recordings = folder / "kept.ndjson"
        command = [sys.executable, "-m", "scripts.serve", "--port", "0", "--refine", "0"]
        self.process = subprocess.Popen(
            [*command, "--recordings", str(self.recordings)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        said = self.process.stdout.readline()
        self.address = re.search(r"http://\S+", said)[0]
        self.port = int(self.address.rsplit(":", 1)[1])
        self.ask("GET", "/")  # answered when all is compiled

    def ask(self, method, path, body=None, **headers):
        """Status, headers and content of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read()
        finally:
            connection.close()

    def post(self, path, entry, **headers):
        """Status of an answer, and the object in it."""
        body = entry if isinstance(entry, bytes) else json.dumps(entry)
        kind = headers.pop("content_type", "application/json")
        status, _, content = self.ask("POST", path, body, content_type=kind, **headers)
        return status, json.loads(content)

    def megabytes(self):
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGESIZE") / 1e6


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    started = Server(tmp_path_factory.mktemp("page"))
    yield started
    started.process.send_signal(signal.SIGINT)
    _, complaints = started.process.communicate(timeout=60)
    assert "Traceback" not in complaints


# ------------------------------------------------------------------ in a browser


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api")
    own = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
    with api.sync_playwright() as playwright:
        if own is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium: install it, or run python -m playwright install chromium")
        started = playwright.chromium.launch(executable_path=own, args=CHROMIUM)
        yield started
        started.close()


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


def on_pad(page, place):
    box = page.locator("#pad").bounding_box()
    return box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"]


def write_by_mouse(page, path):
    page.mouse.move(*on_pad(page, path[0]))
    page.mouse.down()
    for place in path[1:]:
        page.mouse.move(*on_pad(page, place), steps=3)
    page.mouse.up()


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
    early = ink_of(page, "model")
    page.wait_for_timeout(2.6 * SECOND)
    assert 0.02 < ink_of(page, "model") < 0.2
    assert early < ink_of(page, "model")  # stroke by stroke
    names = page.locator("#stages li").all_text_contents()
    assert names == ["picture", "ink", "binarised", "digit", "28x28", "thinned"]
    for kind, start in (("svg", b"<svg"), ("gif", b"GIF89a"), ("points", b'{"digit":3')):
        with page.expect_download() as download:
            page.locator(f"#save-{kind}").click()
        assert Path(download.value.path()).read_bytes().startswith(start)


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
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("Undo", "Clear", "Write once more", "SVG", "GIF", "Points"):
        assert page.get_by_role("button", name=name, exact=True).is_disabled()
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
    (recording,) = recordings_of(RecordingsConfig(source=str(server.recordings)).source)
    assert recording.label == 8
    assert len(recording.strokes) == 1
    places = recording.strokes[0][:, :2]
    np.testing.assert_allclose(places[0], THREE[0], atol=0.01)
    np.testing.assert_allclose(places[-1], THREE[-1], atol=0.01)
    assert len(places) > 20


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


# ------------------------------------------------------------------ on the wire


def strokes():
    return {"strokes": [[[x, y, 10 * i] for i, (x, y) in enumerate(THREE)]]}


def test_strokes_are_answered_with_all_that_the_page_shows(server):
    status, found = server.post("/api/strokes", strokes())
    assert status == 200
    assert found["digit"] == 3
    assert found["top"][0]["certainty"] > 0.9
    assert len(found["points"]) == len(found["pen_up"]) == 20
    assert sum(found["thinned"]) > 20
    assert found["svg"].startswith("<svg")


def test_only_the_page_s_own_host_and_origin_are_answered(server):
    own = f"127.0.0.1:{server.port}"
    for host in ("evil.example", f"evil.example:{server.port}", "127.0.0.1:1", ""):
        status, _, content = server.ask("GET", "/", host=host)
        assert status in (400, 403)
        assert b"<html" not in content
    for origin in ("http://evil.example", "null", f"http://localhost:{server.port}"):
        status, found = server.post("/api/recording", strokes(), origin=origin)
        assert (status, found) == (403, {"error": "requests from other sites are refused"})
    assert server.post("/api/strokes", strokes(), sec_fetch_site="cross-site")[0] == 403
    assert server.post("/api/strokes", strokes(), origin=f"http://{own}")[0] == 200


def test_headers_forbid_what_the_page_does_not_need(server):
    for path in ("/", "/app.js", "/nothing-there"):
        _, headers, _ = server.ask("GET", path)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "body", "kind", "status", "reason"),
    [
        ("strokes", b"{", "application/json", 400, "no JSON"),
        ("strokes", b"[]", "application/json", 400, "expected an object, got list"),
        ("strokes", b"{}", "application/json", 422, "strokes: expected a list"),
        ("strokes", b"{}", "text/plain", 415, "expected application/json"),
        ("strokes", b" " * 1_000_001, "application/json", 413, "too large"),
        ("strokes", b"[" * 100_000, "application/json", 400, "no JSON"),
        ("strokes", b'{"strokes": [[[0, 0], [1e400, 0]]]}', "application/json", 422, "not finite"),
        ("strokes", b'{"strokes": [[[0, 0], [9, 9]]]}', "application/json", 422, "far off"),
        (
            "strokes",
            b'{"strokes": [[[0, 0], [1, 1]]], "pressures": [[[2], 0]]}',
            "application/json",
            422,
            "pressures",
        ),
        ("picture", b"", "image/png", 422, "no picture"),
        ("picture", b"\x89PNG\r\n\x1a\n", "image/png", 422, "picture"),
        ("gif", b'{"points": 3}', "application/json", 422, "points: expected numbers of shape"),
        ("gif", b'{"points": [[1]]}', "application/json", 422, "shape [20, 3]"),
        ("recording", b'{"strokes": []}', "application/json", 422, "consent"),
    ],
)
def test_what_means_nothing_is_one_clear_line(server, path, body, kind, status, reason):
    found_status, found = server.post(f"/api/{path}", body, content_type=kind)
    assert found_status == status
    assert set(found) == {"error"}
    assert reason in found["error"]
    assert "Traceback" not in found["error"]


def test_a_recording_without_a_proper_label_is_not_kept(server):
    before = server.recordings.read_bytes() if server.recordings.exists() else b""
    for label in (None, 10, "3", True):
        entry = strokes() | {"consent": True, "label": label}
        status, found = server.post("/api/recording", entry)
        assert status == 422
        assert "label" in found["error"]
    assert (server.recordings.read_bytes() if server.recordings.exists() else b"") == before


def test_clients_at_once_and_malformed_bodies_leave_it_answering(server, rng):
    good = json.dumps(strokes()).encode()

    def malformed(index):
        generator = np.random.default_rng(index)
        body = bytearray(good)
        for place in generator.integers(0, len(good), 1 + index % 40):
            body[place] = generator.integers(0, 256)
        path = ("strokes", "recording", "gif", "picture")[index % 4]
        kind = "image/png" if path == "picture" else "application/json"
        content = bytes(body[: generator.integers(1, len(good))])
        return server.post(f"/api/{path}", content, content_type=kind)[0]

    def right(_):
        status, found = server.post("/api/strokes", good)
        return status, found["digit"]

    with concurrent.futures.ThreadPoolExecutor(100) as pool:
        assert set(pool.map(right, range(100))) == {(200, 3)}
        size = server.megabytes()
        statuses = set(pool.map(malformed, range(1000)))
        assert statuses <= {200, 400, 415, 422}
        assert set(pool.map(right, range(100))) == {(200, 3)}
    assert server.megabytes() < size + 60
    if server.recordings.exists():
        read_recordings(server.recordings)  # whatever was kept is whole


def test_names_that_are_answered():
    options = Options(name=("digits.example",))
    allowed = allowed_hosts(options, 8028)
    assert allowed[0] == "127.0.0.1:8028"
    assert {"localhost:8028", "digits.example:8028"} <= set(allowed)
    assert "localhost" in allowed_hosts(options, 80)
