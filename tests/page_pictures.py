"""The page's pictures in the documents, taken in a real Chromium.

``python -m tests.page_pictures``. A 3 is written on a desk's screen, a number of three digits on a
phone's.
"""

import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts import serve
from strokes.files import atomic_path
from tests.conftest import ROOT
from tests.scripts.page.conftest import CHROMIUM, ONE, THREE, Server, beside, own_chromium

_PICTURES = ROOT / "docs" / "images"
_SHOWN_AFTER = 4.0  # seconds: the strokes are drawn by then


def _take(browser, address, name, strokes, *, width, height, scale):
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
    page.locator("#said", has_text="certain").wait_for()
    time.sleep(_SHOWN_AFTER)
    with atomic_path(_PICTURES / name) as temporary:
        page.screenshot(path=temporary, type="png")
    page.close()


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), refine=serve.Options.refine)
        try:
            server.wait()
            browser = playwright.chromium.launch(executable_path=own_chromium(), args=CHROMIUM)
            _take(browser, server.address, "page.png", [THREE], width=1000, height=820, scale=1)
            phone = beside(ONE, THREE, ONE)
            _take(browser, server.address, "page-phone.png", phone, width=390, height=844, scale=2)
            browser.close()
        finally:
            server.process.kill()


if __name__ == "__main__":
    main()
