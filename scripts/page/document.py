"""The page's document: its words, and what it offers, follow the classes."""

import html
import string
from pathlib import Path

from strokes.classes import DIGITS, Classes

STATIC = Path(__file__).with_name("static")
"""The page's files."""

_MOST_IN_A_LIST = 60  # classes to choose from; of more the name is typed, and found while one types

_OF_DIGITS = {
    "what": "digit",
    "What": "Digit",
    "title": "Write a number",
    "heading": "Write a digit, or a number",
    "picture": "a digit or a number",
}
_OF_OTHERS = {
    "what": "character",
    "What": "Character",
    "title": "Write a character",
    "heading": "Write a character",
    "picture": "a character",
}


def page_document(classes: Classes, *, training: str) -> str:
    """The document as HTML.

    Args:
      classes: what is read and written. Numbers, and what else was learned from digits alone, are
        offered of digits.
      training: the command that trains on what is kept, without the file's name.
    """
    digits = classes == DIGITS
    words = _OF_DIGITS if digits else _OF_OTHERS
    return string.Template((STATIC / "index.html").read_text("utf-8")).substitute(
        words,
        range="" if digits else html.escape(f" as {classes.described}"),
        labels=_labels(classes),
        training=html.escape(training),
        dictation=(STATIC / "dictation.html").read_text("utf-8").strip() if digits else "",
    )


def _labels(classes: Classes) -> str:
    """What a person says by what was written."""
    names = [html.escape(name) for name in classes.names]
    if len(names) <= _MOST_IN_A_LIST:
        options = "".join(f'<option value="{name}">{name}</option>' for name in names)
        return f'<select id="label">{options}</select>'
    options = "".join(f'<option value="{name}">' for name in names)
    return (
        '<input id="label" list="labels" size="12" autocomplete="off" spellcheck="false" '
        f'autocapitalize="off"><datalist id="labels">{options}</datalist>'
    )
