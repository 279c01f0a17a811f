"""How long the page takes to answer once the pen is up, in a real Chromium.

``python -m tests.pen_up``. The package's own recordings are written on the pad with a mouse, at
the pace of a screen. Of each stroke's end the time is taken, in the page, until what was read is
said anew.
"""

import argparse
import random
import statistics
import time

import numpy as np

from datasets.recordings import OWN_RECORDINGS
from scripts import serve
from strokes.formats.recordings import read_recordings
from strokes.resampling import fit_to_box
from tests.scripts.page.conftest import on_pad, served_browser

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
    for stroke in strokes:
        places = [on_pad(page, place) for place in stroke]
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
    with served_browser(refine=refine) as (browser, address):
        page = browser.new_page()
        page.goto(address)
        page.evaluate(_WATCH)
        for recording in recordings:
            paths = fit_to_box(recording.strokes)
            _write(page, [path.tolist() for path in paths if len(path) > 1])
        return page.evaluate("window.taken")


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
