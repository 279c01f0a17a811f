import json
from pathlib import Path

import pytest

from tests.conftest import ROOT
from train.documents.documents import DOCUMENTS, FIGURES, TEMPLATES, Document, made, take_in
from train.errors import RunError


def counted(apples, pears):
    return {"apples": str(apples["count"]), "pears": str(pears["count"])}


FRUIT = Document(Path("docs/fruit.md"), ("apples", "pears"), counted)


@pytest.fixture
def root(tmp_path):
    """A checkout with one document."""
    (tmp_path / FIGURES).mkdir(parents=True)
    (tmp_path / TEMPLATES).mkdir()
    (tmp_path / TEMPLATES / "fruit.md").write_text("{{ apples }} apples, {{ pears }} pears\n")
    for name, count in (("apples", 3), ("pears", 4)):
        (tmp_path / FIGURES / f"{name}.json").write_text(json.dumps({"count": count}))
    return tmp_path


def test_a_document_is_its_template_with_figures(root):
    assert made(FRUIT, root) == "3 apples, 4 pears\n"
    swapped = FRUIT._replace(figures=("pears", "apples"))
    assert made(swapped, root) == "4 apples, 3 pears\n"  # figures come in the order named
    assert not (root / FRUIT.path).exists()


@pytest.mark.parametrize("content", [None, "no json", ""])
def test_figures_that_are_missing_or_damaged_are_named(root, content):
    place = root / FIGURES / "pears.json"
    place.unlink() if content is None else place.write_text(content)
    with pytest.raises(RunError, match=r"pears\.json: no readable file of figures"):
        made(FRUIT, root)


@pytest.mark.parametrize("record", [{}, [], {"number": 4}, "four"])
def test_figures_of_another_kind_are_to_be_measured_anew(root, record):
    (root / FIGURES / "pears.json").write_text(json.dumps(record))
    with pytest.raises(RunError, match=r"docs/fruit\.md: its figures lack .*; measure them anew"):
        made(FRUIT, root)


def test_a_template_that_asks_for_more_or_less_is_named(root):
    (root / TEMPLATES / "fruit.md").write_text("{{ apples }} {{ plums }}")
    message = r"fruit\.md: places without figures \['plums'\].*without a place \['pears'\]"
    with pytest.raises(RunError, match=message):
        made(FRUIT, root)


def test_new_figures_are_taken_in(root, tmp_path):
    new = tmp_path / "new.json"
    new.write_text('{"count": 7}')
    take_in(new, "pears", root)
    assert made(FRUIT, root) == "3 apples, 7 pears\n"
    new.write_text("{")
    with pytest.raises(RunError, match=r"new\.json: no readable file"):
        take_in(new, "pears", root)
    assert made(FRUIT, root) == "3 apples, 7 pears\n"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.path.name)
def test_the_documents_of_this_checkout_are_as_they_would_be_made(document):
    assert (ROOT / TEMPLATES / document.path.name).is_file()
    assert (ROOT / document.path).read_text() == made(document, ROOT)
