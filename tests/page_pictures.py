"""The page's pictures in the documents, taken in a real Chromium.

``python -m tests.page_pictures``. The package's first recording of a 3 is written on a desk's
screen, and of 2, 5 and 7 on a phone's.
"""

import time

from datasets.recordings import OWN_RECORDINGS
from scripts import serve
from strokes.files import atomic_path
from strokes.formats.recordings import read_recordings
from strokes.resampling import fit_to_box
from tests.conftest import ROOT
from tests.scripts.page.conftest import served_browser, write_by_mouse

_PICTURES = ROOT / "docs" / "images"
_SHOWN_AFTER = 9.0  # seconds: the strokes are drawn by then


def _take(browser, address, name, strokes, *, width, height, scale, whole):
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
    page.goto(address)
    for stroke in strokes:
        write_by_mouse(page, stroke)
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
    number = [
        [((place + x) / 3, 0.5 + (y - 0.5) / 3) for x, y in stroke]
        for place, digit in enumerate((2, 5, 7))
        for stroke in _first(digit)
    ]
    desk = {"width": 1000, "height": 820, "scale": 1, "whole": True}
    phone = {"width": 390, "height": 844, "scale": 2, "whole": False}
    with served_browser(refine=serve.Options.refine) as (browser, address):
        _take(browser, address, "page.png", _first(3), **desk)
        _take(browser, address, "page-phone.png", number, **phone)


if __name__ == "__main__":
    main()
