import json
import shutil

import pytest

from datasets import load_thinned, thinned
from datasets.download import ENVIRONMENT_VARIABLE
from scripts import gallery, train_strokes
from tests.conftest import ROOT
from tests.scripts.conftest import TINY
from train.documents.documents import TEMPLATES
from train.documents.templates import fill
from train.errors import RunError
from train.experiments import claims, page
from train.experiments.runs import WHAT_TO_SEE, Run, runs
from train.experiments.tables import document_parts
from train.neural_line import scores
from train.stroke_model.presets import PRESETS


def test_every_experiment_is_a_preset_that_the_command_line_takes():
    todo = runs("small")
    assert len({run.name for run in todo}) == len(todo)
    assert set(WHAT_TO_SEE) < set(PRESETS)
    for run in todo:
        options = train_strokes.parse(run.args)
        assert options.budget == "small"
    seeds = [train_strokes.parse(run.args).config.seed for run in todo if "seed" in run.name]
    assert seeds == [1, 2]
    rows = {run.name for run in todo} | {claims.SHAKY, claims.STEADY}
    assert {row for claim in claims.CLAIMS for row in (claim.first, claim.second)} <= rows


def test_a_gallery_s_run_is_trained_once(run, few, tmp_path, capfd):
    folder = shutil.copytree(run, tmp_path / "tiny")
    tiny = Run("tiny", ("--preset", "standard", "--budget", "full"))
    assert gallery.train(tiny, folder, more=TINY) == 0
    assert "epoch 1/1" not in capfd.readouterr().err
    with pytest.raises(RunError, match="another configuration"):
        gallery.train(tiny, folder)


@pytest.fixture
def tiny_gallery(run, tmp_path, monkeypatch):
    """Makes a gallery of 200 digits, few lines, short animations, and one run copied for all."""
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path))  # no recordings but the package's own
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    few = tuple(array[:200] for array in load_thinned("test"))
    monkeypatch.setattr(thinned, "_read", lambda *_: few)
    monkeypatch.setattr(scores, "HELD_OUT", 100)
    monkeypatch.setattr(page, "_SECONDS", 0.1)

    def copied(one, folder, *, more=()):
        if not folder.exists():  # the first is measured, the others bring its figures
            measured = folder.parent.glob("*/gallery.json")
            shutil.copytree(next((path.parent for path in measured), run), folder)
        return 0

    monkeypatch.setattr(gallery, "train", copied)
    return lambda out: gallery.main(["--out", str(out)])


@pytest.mark.slow
def test_the_page_holds_everything(tiny_gallery, tmp_path):
    out = tmp_path / "gallery"
    assert tiny_gallery(out) == 0
    page, record = (
        (out / "gallery.html").read_text(),
        json.loads((out / "gallery.json").read_text()),
    )
    assert page.count("data:image/gif;base64,") == len(WHAT_TO_SEE)
    assert page.count("<img") == page.count("data:image/")
    assert "http" not in page
    template = ROOT / TEMPLATES / "experiments.md"
    text = fill(template.read_text(), document_parts(record), name="experiments.md")
    for one in runs("small"):
        assert one.command in text
    for name in WHAT_TO_SEE:
        assert f"| {name} | {record['figures'][name]['iou']:.4f} |" in text
    # The same model everywhere: equal figures, so a strict claim does not hold, an even one does.
    rows = [line for line in text.splitlines() if "| not here" in line or "| holds |" in line]
    assert len(rows) == len(claims.CLAIMS)
    assert [row for row in rows if "holds" in row] == [row for row in rows if "Dropout" in row]
    assert record["figures"][claims.SHAKY]["disagreement"] == pytest.approx(0, abs=1e-6)
    assert text.count("docs/") == 0
    assert record["about"]["human recordings"] == "own"
    assert len(record["lines"]) == 3
    kept = (out / "runs" / "box-sum" / "gallery.json").stat().st_mtime_ns
    assert tiny_gallery(out) == 0
    assert (out / "runs" / "box-sum" / "gallery.json").stat().st_mtime_ns == kept


def test_a_training_that_is_stopped_stops_the_gallery(tmp_path, monkeypatch):
    monkeypatch.setattr(gallery, "train", lambda *_, **__: 143)
    assert gallery.main(["--out", str(tmp_path)]) == 143
    assert list(tmp_path.iterdir()) == []
