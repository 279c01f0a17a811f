"""One server and one browser for all tests of the page."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.alphabet import write_models
from tests.conftest import ROOT

# As a person writes it, in shares of the pad.
THREE = [
    (0.30, 0.25), (0.40, 0.17), (0.52, 0.15), (0.63, 0.20), (0.67, 0.30), (0.61, 0.40),
    (0.46, 0.46), (0.61, 0.51), (0.69, 0.62), (0.65, 0.76), (0.52, 0.84), (0.38, 0.82),
    (0.29, 0.74),
]  # fmt: skip
ONE = [(0.52, 0.1), (0.5, 0.45), (0.48, 0.85)]
SCRIBBLE = [(0.1 + 0.05 * i, 0.15 + 0.7 * (i % 2)) for i in range(17)]


def beside(*digits):
    """Strokes of digits side by side on the pad, smaller."""
    share = 1 / len(digits)
    return [
        [(share * (i + x), 0.5 + share * (y - 0.5)) for x, y in digit]
        for i, digit in enumerate(digits)
    ]


CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def own_chromium():
    """The system's, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)


def on_pad(page, place):
    """A place in shares of the pad, in pixels of the page."""
    box = page.locator("#pad").bounding_box()
    return box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"]


def write_by_mouse(page, path):
    page.mouse.move(*on_pad(page, path[0]))
    page.mouse.down()
    for place in path[1:]:
        page.mouse.move(*on_pad(page, place), steps=3)
    page.mouse.up()


class Server:
    """The real program, in a process of its own."""

    def __init__(self, folder, *options, refine=0):
        self.recordings = folder / "kept.ndjson"
        command = [sys.executable, "-m", "scripts.serve", "--port", "0", "--refine", str(refine)]
        self.process = subprocess.Popen(
            [*command, "--recordings", str(self.recordings), *map(str, options)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait(self):
        """Until it answers, which it does when all is compiled."""
        said = self.process.stdout.readline()
        self.address = re.search(r"http://\S+", said)[0]
        self.port = int(self.address.rsplit(":", 1)[1])
        self.ask("GET", "/", seconds=300)

    def ask(self, method, path, body=None, *, seconds=60, **headers):
        """Status, headers and content of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
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


@contextlib.contextmanager
def served_browser(*, refine):
    """A browser and the page's address, of a server of their own, for programs that look at it."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), refine=refine)
        try:
            server.wait()
            browser = playwright.chromium.launch(executable_path=own_chromium(), args=CHROMIUM)
            yield browser, server.address
            browser.close()
        finally:
            server.process.kill()


@pytest.fixture(scope="session")
def starting_server(tmp_path_factory):
    """The server while it still compiles: time in which a browser can start."""
    started = Server(tmp_path_factory.mktemp("page"))
    yield started
    started.process.send_signal(signal.SIGINT)
    _, complaints = started.process.communicate(timeout=60)
    assert "Traceback" not in complaints


@pytest.fixture(scope="session")
def server(starting_server):
    starting_server.wait()
    return starting_server


@pytest.fixture(scope="session")
def alphabet_server(tmp_path_factory):
    """One of three characters that are no digits (`tests.alphabet`), of untrained hands."""
    folder = tmp_path_factory.mktemp("alphabet")
    writer, recognizer = write_models(folder)
    started = Server(folder, "--checkpoint", writer, "--recognizer", recognizer)
    started.wait()
    yield started
    started.process.send_signal(signal.SIGINT)
    _, complaints = started.process.communicate(timeout=60)
    assert "Traceback" not in complaints


@pytest.fixture(scope="session")
def browser(starting_server):
    api = pytest.importorskip("playwright.sync_api")
    own = own_chromium()
    with api.sync_playwright() as playwright:
        if own is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium: install it, or run python -m playwright install chromium")
        started = playwright.chromium.launch(executable_path=own, args=CHROMIUM)
        yield started
        started.close()


@pytest.fixture
def strokes():
    """A body of strokes, as the page sends it."""
    return {"strokes": [[[x, y, 10 * i] for i, (x, y) in enumerate(THREE)]]}
