"""The page's pictures in the documents, taken in a real Chromium.

``python -m tests.page_pictures``. The package's first recording of a 3 is written on a desk's
screen, and of 2, 5 and 7 on a phone's.
"""

import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from datasets.recordings import OWN_RECORDINGS
from scripts import serve
from strokes.files import atomic_path
from strokes.formats.recordings import read_recordings
from strokes.resampling import fit_to_box
from tests.conftest import ROOT
from tests.scripts.page.conftest import CHROMIUM, Server, own_chromium

_PICTURES = ROOT / "docs" / "images"
_SHOWN_AFTER = 9.0  # seconds: the strokes are drawn by then


def _take(browser, address, name, strokes, *, width, height, scale, whole):
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
    page.goto(address)
    box = page.locator("#pad").bounding_box()
    for stroke in strokes:
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=4)
        page.mouse.up()
    page.mouse.move(0, 0)
    page.locator("#said", has_text="certain").wait_for()
    time.sleep(_SHOWN_AFTER)
    with atomic_path(_PICTURES / name) as temporary:
        page.screenshot(path=temporary, type="png", full_page=whole)
    page.close()


def _first(digit):
    """The strokes of the first recording of a digit, in shares of the pad."""
    recordings = read_recordings(OWN_RECORDINGS)
    found = next(one for one in recordings if one.label == digit)
    return [stroke.tolist() for stroke in fit_to_box(found.strokes)]


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), refine=serve.Options.refine)
        try:
            server.wait()
            browser = playwright.chromium.launch(executable_path=own_chromium(), args=CHROMIUM)
            _take(
                browser,
                server.address,
                "page.png",
                _first(3),
                width=1000,
                height=820,
                scale=1,
                whole=True,
            )
            phone = [
                [((place + x) / 3, 0.5 + (y - 0.5) / 3) for x, y in stroke]
                for place, digit in enumerate((2, 5, 7))
                for stroke in _first(digit)
            ]
            _take(
                browser,
                server.address,
                "page-phone.png",
                phone,
                width=390,
                height=844,
                scale=2,
                whole=False,
            )
            browser.close()
        finally:
            server.process.kill()


if __name__ == "__main__":
    main()
