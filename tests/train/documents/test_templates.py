import re

import pytest

from train.documents.templates import fill
from train.errors import RunError


def test_every_place_is_filled_wherever_it_is():
    text = fill("{{ one }} and {{ two_more }}, {{ one }}", {"one": "1", "two_more": "2"}, name="x")
    assert text == "1 and 2, 1"
    assert fill("no place", {}, name="x") == "no place"


def test_what_is_filled_in_is_not_a_template():
    parts = {"one": r"\1 {{ two }} \g<0>", "two": "2"}
    assert fill("{{ one }}{{ two }}", parts, name="x") == parts["one"] + "2"


def test_other_braces_stay():
    template = "{one} {{one}} ${{ one.two }} {{ One }}"
    assert fill(template, {}, name="x") == template


def test_places_without_figures_and_figures_without_a_place_are_named():
    message = "a.md: places without figures ['empty', 'gap'], figures without a place ['spare']"
    with pytest.raises(RunError, match=re.escape(message)):
        fill("{{ gap }} {{ one }} {{ empty }}", {"one": "1", "spare": "2"}, name="a.md")
    for template, parts in (("{{ gap }}", {}), ("", {"spare": ""})):
        with pytest.raises(RunError, match=r"a\.md"):
            fill(template, parts, name="a.md")
