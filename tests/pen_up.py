"""How long the page takes to answer once the pen is up, in a real Chromium.

``python -m tests.pen_up``. The package's own recordings are written on the pad with a mouse, at
the pace of a screen. Of each stroke's end the time is taken, in the page, until what was read is
said anew.
"""

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from datasets.recordings import OWN_RECORDINGS
from scripts import serve
from strokes.formats.recordings import read_recordings
from strokes.resampling import fit_to_box
from tests.scripts.page.conftest import CHROMIUM, Server, own_chromium

_FRAME = 1 / 60
_PATIENCE = 30
_WATCH = """
() => {
    window.taken = [];
    let up = null;
    document.getElementById("pad").addEventListener(
        "pointerup", () => { up = performance.now(); }, { capture: true });
    new MutationObserver(() => {
        if (up === null) return;
        window.taken.push(performance.now() - up);
        up = null;
    }).observe(document.getElementById("said"), { childList: true });
}
"""


def _write(page, strokes):
    box = page.locator("#pad").bounding_box()
    for stroke in strokes:
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        seen = page.evaluate("window.taken.length")
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
            time.sleep(_FRAME)
        page.mouse.up()
        deadline = time.monotonic() + _PATIENCE
        while page.evaluate("window.taken.length") == seen:
            assert time.monotonic() < deadline, "no answer"
            time.sleep(0.2)
    page.locator("#clear").click()


def measure(digits, *, refine, seed=0):
    """Milliseconds from each stroke's end to its answer, of so many digits."""
    recordings = random.Random(seed).sample(read_recordings(OWN_RECORDINGS), digits)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), refine=refine)
        try:
            server.wait()
            browser = playwright.chromium.launch(executable_path=own_chromium(), args=CHROMIUM)
            page = browser.new_page()
            page.goto(server.address)
            page.evaluate(_WATCH)
            for recording in recordings:
                paths = fit_to_box(recording.strokes)
                _write(page, [path.tolist() for path in paths if len(path) > 1])
            taken = page.evaluate("window.taken")
            browser.close()
        finally:
            server.process.kill()
    return taken


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--digits", type=int, default=40)
    parser.add_argument("--refine", type=int, default=serve.Options.refine)
    given = parser.parse_args()
    found = measure(given.digits, refine=given.refine)
    print(
        f"{len(found)} strokes: median {statistics.median(found):.0f} ms, 95th percentile "
        f"{np.percentile(found, 95):.0f} ms, at most {max(found):.0f} ms"
    )
