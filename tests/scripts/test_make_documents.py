import json
import shutil

import pytest

from scripts import make_documents
from tests.conftest import ROOT
from train.documents.documents import DOCUMENTS, FIGURES, TEMPLATES
from train.errors import RunError

BENCHMARKS = {
    "date": "2026-11-25",
    "device": "a machine",
    "versions": {"python": "3.11"},
    "peak_memory_mb": {"process": 100.0},
    "records": [],
}


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A checkout with this one's templates and figures, and no documents yet."""
    for folder in (TEMPLATES, FIGURES):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / FIGURES / "benchmarks.json").write_text(json.dumps(BENCHMARKS))
    monkeypatch.setattr(make_documents, "ROOT", tmp_path)
    return tmp_path


def texts(root):
    return {document.path: (root / document.path).read_text() for document in DOCUMENTS}


def test_documents_are_made_once(root, capsys):
    assert make_documents.main([]) == 0
    names = [f"made: {document.path}" for document in DOCUMENTS]
    assert capsys.readouterr().out.splitlines() == names
    first = texts(root)
    assert all("{{" not in text for text in first.values())
    assert "a machine" in first[DOCUMENTS[1].path]
    assert make_documents.main([]) == 0
    assert capsys.readouterr().out == ""
    assert texts(root) == first


def test_a_check_names_what_is_stale_and_writes_nothing(root, capsys):
    make_documents.main([])
    capsys.readouterr()
    assert make_documents.main(["--check"]) == 0
    edited = root / DOCUMENTS[2].path
    edited.write_text(edited.read_text() + "by hand\n")
    (root / DOCUMENTS[0].path).unlink()
    assert make_documents.main(["--check"]) == 2
    said = capsys.readouterr().out.splitlines()
    assert said == [f"stale: {DOCUMENTS[0].path}", f"stale: {DOCUMENTS[2].path}"]
    assert edited.read_text().endswith("by hand\n")
    assert not (root / DOCUMENTS[0].path).exists()


def test_new_figures_are_kept_and_shown(root, tmp_path, capsys):
    make_documents.main([])
    capsys.readouterr()
    new = tmp_path / "new.json"
    new.write_text(json.dumps(BENCHMARKS | {"device": "another machine"}))
    assert make_documents.main(["--benchmarks", str(new)]) == 0
    assert capsys.readouterr().out.splitlines() == ["made: docs/benchmarks.md"]
    assert "another machine" in texts(root)[DOCUMENTS[1].path]
    record = json.loads((root / FIGURES / "shipped-refined.json").read_text())
    record["about"]["refinement"] = 123
    new.write_text(json.dumps(record))
    assert make_documents.main(["--shipped-refined", str(new)]) == 0
    assert "`--refine 123`" in texts(root)[DOCUMENTS[0].path]


def test_figures_that_are_none_change_nothing(root, tmp_path):
    make_documents.main([])
    before = texts(root)
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(RunError, match=r"bad\.json: no readable file of figures"):
        make_documents.main(["--experiments", str(tmp_path / "bad.json")])
    assert texts(root) == before
