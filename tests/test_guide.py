"""The examples of CONTRIBUTING.md, docs/library.md and docs/tour.ipynb run as they stand there."""

import importlib
import json
import re
import sys
import tempfile
import types

import pytest

from tests.conftest import ROOT

GUIDE = (ROOT / "CONTRIBUTING.md").read_text()
EXAMPLES = {
    section.splitlines()[0]: re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    for section in GUIDE.split("\n### ")[1:]
}
TABLES = (  # what the examples add to
    ("rasterizer.names", "PEN_UP"),
    ("rasterizer.lines", "LINES"),
    ("strokes.writing.losses", "TERMS"),
    ("strokes.formats.recordings", "READERS"),
    ("datasets.recordings", "SETS"),
    ("train.evaluation.evaluation", "MEASURES"),
)


@pytest.fixture
def tables():
    """The tables, put back afterwards."""
    found = [getattr(importlib.import_module(module), name) for module, name in TABLES]
    before = [table.copy() for table in found]
    yield found
    for table, rows in zip(found, before, strict=True):
        table.clear()
        (table.update if isinstance(table, dict) else table.extend)(rows)


@pytest.mark.parametrize("title", list(EXAMPLES))
def test_an_example_adds_to_its_tables(title, tables, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sizes = [len(table) for table in tables]
    exec(compile(EXAMPLES[title], title, "exec"), {"__name__": title})
    added = [len(table) - size for table, size in zip(tables, sizes, strict=True)]
    assert sum(added) == (2 if title == "A line model" else 1), title


def test_the_guide_names_files_that_exist():
    for name in re.findall(r"`([a-z_]+(?:/[a-z_]+)*/[a-z_]+\.py)`", GUIDE):
        assert (ROOT / name).is_file(), name
    assert len(EXAMPLES) == 5


def test_the_library_s_example_gives_what_it_says():
    page = (ROOT / "docs" / "library.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    found = {}
    exec(compile(example, "library.md", "exec"), found)
    written, ways = found["written"], found["ways"]
    assert written.label.tolist() == [1]
    assert [stroke.shape[1] for stroke in written.strokes[0]] == [2]
    assert found["svg"].startswith("<svg ")
    assert "<animate " in found["svg"]
    assert found["drawing"].shape == (1, 28, 28)
    assert ways.label.tolist() == [8] * len(ways.label)
    assert 1 < len(ways.label) <= 3


def test_the_tour_s_cells_run(tmp_path, monkeypatch):
    """Without Jupyter, of which they need what shows an SVG."""
    display = types.ModuleType("IPython.display")
    display.SVG = str
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = {}
    for cell in json.loads((ROOT / "docs" / "tour.ipynb").read_text())["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"], f"{cell['id']}: run the notebook again"
            exec(compile("".join(cell["source"]), cell["id"], "exec"), found)
    assert [digit.digit for digit in found["digits"]] == [4, 2, 5, 7]
    assert found["written"].label.tolist() == [4, 2, 5, 7]
    assert (found["photo"].parent / "digit.svg").read_text().startswith("<svg ")
    assert len(found["ways"].label) > 1
    assert set(found["ways"].label) == {5}
    assert found["loss"] < 0.1 * found["step"](found["begun"])[1]
