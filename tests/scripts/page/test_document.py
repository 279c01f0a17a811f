from html.parser import HTMLParser

from scripts.page.document import page_document
from strokes.classes import DIGITS, Classes


class Labels(HTMLParser):
    """The labels that a person may choose, and in what."""

    def __init__(self, document):
        super().__init__()
        self.inside, self.found = [], []
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        if tag in ("select", "datalist"):
            self.inside.append(tag)
        if tag == "option":
            self.found.append(dict(attrs)["value"])


def test_of_digits_it_speaks_of_digits_and_of_numbers():
    document = page_document(DIGITS, training="train")
    assert (Labels(document).inside, Labels(document).found) == (["select"], list("0123456789"))
    assert "<h1>Write a digit, or a number</h1>\n  <p>It is read, and written again" in document
    assert "Have a number written" in document
    assert "$" not in document
    assert "character" not in document


def test_of_others_nothing_that_knows_digits_alone_is_offered():
    names = ("A", "<b>", "a & b", '"$what"', "山")
    document = page_document(Classes(names), training="train --set 'my set'")
    assert (Labels(document).inside, Labels(document).found) == (["select"], list(names))
    assert "<p>It is read as one of A &lt;b&gt; a &amp; b" in document
    assert "<b>" not in document
    said = document.replace('id="digits"', "").lower()
    assert "digit" not in said
    assert "dictat" not in said


def test_of_many_the_name_is_typed():
    names = [f"U+{number:04X}" for number in range(0x4E00, 0x4E00 + 4000)]
    found = Labels(page_document(Classes(tuple(names)), training="train"))
    assert (found.inside, found.found) == (["datalist"], names)
