import base64
import io
import re
from html.parser import HTMLParser

import imageio.v3 as iio
import numpy as np
import pytest
from matplotlib.figure import Figure

from train.figures.html import document, embedded, png, table

_VOID = {"meta", "img", "!doctype"}


class Tree(HTMLParser):
    """Fails on tags that do not close; keeps texts and attributes."""

    def __init__(self, text):
        super().__init__()
        self.open, self.cells, self.images = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.images.append(dict(attributes))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th", "figcaption", "title"):
            self.cells.append(data)


def test_a_table_shows_what_it_is_given_as_text():
    text = table(["digit", "<b>"], [["0", "a & b"], ["all", '"1" < 2']], kind="scores")
    assert Tree(text).cells == ["digit", "<b>", "0", "a & b", "all", '"1" < 2']
    assert text.startswith('<table class="scores">')
    assert text.count("<tr>") == 3


def test_a_picture_is_within_the_page(rng):
    picture = rng.integers(0, 256, (12, 9, 3)).astype(np.uint8)
    text = embedded(png(picture), alt='a "good" <one>', caption="1 < 2")
    tree = Tree(text)
    (image,) = tree.images
    assert image["alt"] == 'a "good" <one>'
    assert tree.cells == ["1 < 2"]
    kind, content = image["src"].split(";base64,")
    assert kind == "data:image/png"
    np.testing.assert_array_equal(iio.imread(base64.b64decode(content)), picture)
    assert "figcaption" not in embedded(b"", alt="")
    assert "data:image/gif;" in embedded(b"", alt="", kind="gif")


def test_a_figure_becomes_a_picture():
    figure = Figure(figsize=(3, 2))
    figure.subplots().plot([0, 1], [0, 1])
    picture = iio.imread(io.BytesIO(png(figure)))
    assert picture.shape[:2] == (220, 330)
    assert picture.std() > 1


@pytest.mark.parametrize("body", ["<p>text</p>", embedded(b"x", alt="x")])
def test_a_document_is_whole_and_loads_nothing(body):
    text = document("a < b", body)
    tree = Tree(text)
    assert tree.cells[0] == "a < b"
    assert body in text
    assert 'charset="utf-8"' in text
    assert not re.search(r"https?:|url\(|@import|<script|<link", text)
