"""The site of the documents builds without a warning, and needs nothing from elsewhere."""

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", "docs", "."]
    done = subprocess.run([*build, out], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out


def test_every_document_is_a_page_and_the_readme_the_first(site):
    documents = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("*.ipynb")]
    for path in documents:
        assert (site / "docs" / f"{path.stem}.html").is_file(), path
    assert (site / "index.html").read_text() == (site / "README.html").read_text()
    first = (site / "index.html").read_text()
    assert all(f'href="docs/{path.stem}.html"' in first for path in documents)
    tour = (site / "docs" / "tour.html").read_text()
    assert tour.count('<img alt="" src="data:image/') >= 3  # what the notebook's cells showed
    assert "<svg " in tour


def test_docstrings_are_pages(site):
    api = {path.stem: path.read_text() for path in (site / "docs" / "api").glob("*.html")}
    for page, name in (
        ("strokes", "strokes.Writer.write"),
        ("strokes", "strokes.read"),
        ("rasterizer", "rasterizer.render"),
    ):
        assert f'id="{name}"' in api[page], name
    assert "Union[" not in api["strokes"]  # types as the source has them
    assert "Alias for field number" not in "".join(api.values())


def test_pages_load_nothing_from_elsewhere(site):
    loading = re.compile(
        r'(?:\bsrc="|<link[^>]*\bhref="|@import "|url\()["\']?(?:https?:)?//[^"\')]*'
    )
    for path in [*site.rglob("*.html"), *site.rglob("*.css")]:
        assert loading.findall(path.read_text()) == [], path


def test_the_search_knows_the_words_of_the_pages(site):
    index = (site / "searchindex.js").read_text()
    assert all(word in index for word in ("capsul", "unipen", "handwritten"))  # stems of words
    titles = ("How it works", "Numbers in a hand", "A tour in ten minutes")
    assert all(title in index for title in titles)
