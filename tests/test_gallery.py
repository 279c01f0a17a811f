"""Probe and gallery, on a tiny model and few digits."""

import json
import shutil

import imageio.v3 as iio
import pytest

from datasets import load_thinned
from scripts import evaluate, experiments, gallery, gallery_page, probe, train_strokes
from train.errors import RunError
from train.presets import PRESETS

TINY = ("--width", "8", "--points", "7", "--batch-size", "2560", "--epochs", "1")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gallery") / "run"
    assert train_strokes.main(["--preset", "ensemble", "--out", str(folder), *TINY]) == 0
    return folder


def test_constants_and_wrong_labels_are_drawn(run, tmp_path):
    constants, wrong = tmp_path / "constants.gif", tmp_path / "wrong.png"
    args = ["--checkpoint", str(run), "--size", "28"]
    assert probe.main([*args, "--out", str(constants), "--seconds", "0.2"]) == 0
    assert len(iio.imread(constants)) == 6
    assert probe.main([*args, "--out", str(wrong), "--indices", "3", "4", "5"]) == 0
    sheet = iio.imread(wrong)
    images, _ = load_thinned("test")
    assert sheet.shape[0] > 3 * 3 * 28  # three rows for each of three digits
    ink = (sheet[:, :, 0] < 128).sum()
    assert ink > 10 * images[3:6].sum()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--constants", "1.5"], "--constants 1.5: expected 0"),
        (["--constants"], "--constants: expected at least one"),
        (["--indices", "10000"], "--indices 10000: expected 0 to 9999"),
        (["--out", "x.bmp"], "expected a name that ends in"),
        (["--size", "5"], "--size 5: expected 28"),
    ],
)
def test_a_probe_of_nothing_is_refused(run, tmp_path, monkeypatch, args, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RunError, match=message):
        probe.main(["--checkpoint", str(run), *args])
    assert list(tmp_path.iterdir()) == []


def test_every_experiment_is_a_preset_that_the_command_line_takes():
    todo = experiments.runs("small")
    assert len({run.name for run in todo}) == len(todo)
    assert set(experiments.WHAT_TO_SEE) < set(PRESETS)
    for run in todo:
        options = train_strokes.parse(run.args)
        assert options.budget == "small"
    seeds = [train_strokes.parse(run.args).config.seed for run in todo if "seed" in run.name]
    assert seeds == [1, 2]
    rows = {run.name for run in todo} | {experiments.SHAKY, experiments.STEADY}
    assert {row for claim in experiments.CLAIMS for row in (claim.first, claim.second)} <= rows


def test_a_gallery_s_run_is_trained_once(tmp_path, capfd):
    run = experiments.Run("tiny", ("--preset", "ensemble", "--budget", "small"))
    folder = tmp_path / "tiny"
    assert experiments.train(run, folder, more=TINY) == 0
    assert "epoch 1/1" in capfd.readouterr().err
    assert experiments.train(run, folder, more=TINY) == 0
    assert "epoch 1/1" not in capfd.readouterr().err
    assert len(experiments.loss_curve(folder)) == 1
    with pytest.raises(RunError, match="another configuration"):
        experiments.train(run, folder)


def test_the_page_holds_everything(run, tmp_path, monkeypatch):
    few = tuple(array[:200] for array in load_thinned("test"))
    monkeypatch.setattr(gallery, "load_thinned", lambda _: few)
    monkeypatch.setattr(gallery, "find_humans", lambda _: evaluate.find_humans("own"))
    monkeypatch.setattr(gallery, "line_weights", lambda: None)
    monkeypatch.setattr(gallery, "all_line_scores", lambda _: {"box": {"mse": 0.25, "iou": 0.5}})

    monkeypatch.setattr(gallery_page, "_SECONDS", 0.1)
    monkeypatch.setattr(gallery_page, "_CELL", 28)

    def copied(one, folder, *, more=()):
        if not folder.exists():
            shutil.copytree(run, folder)
        return 0

    monkeypatch.setattr(gallery, "train", copied)
    out, docs = tmp_path / "gallery", tmp_path / "experiments.md"
    assert gallery.main(["--out", str(out), "--docs", str(docs)]) == 0
    page, record = (
        (out / "gallery.html").read_text(),
        json.loads((out / "gallery.json").read_text()),
    )
    assert page.count("data:image/gif;base64,") == len(experiments.WHAT_TO_SEE)
    assert page.count("<img") == page.count("data:image/")
    assert "http" not in page
    text = docs.read_text()
    for one in experiments.runs("small"):
        assert one.command in text
    for name in experiments.WHAT_TO_SEE:
        assert f"| {name} | {record['figures'][name]['iou']:.4f} |" in text
    # The same model everywhere: equal figures, so a strict claim does not hold, an even one does.
    rows = [line for line in text.splitlines() if "| not here" in line or "| holds |" in line]
    assert len(rows) == len(experiments.CLAIMS)
    assert [row for row in rows if "holds" in row] == [row for row in rows if "Dropout" in row]
    assert record["figures"][experiments.SHAKY]["disagreement"] == pytest.approx(0, abs=1e-6)
    assert text.count("docs/") == 0
    kept = (out / "runs" / "box-sum" / "gallery.json").stat().st_mtime_ns
    assert gallery.main(["--out", str(out), "--docs", str(docs)]) == 0
    assert (out / "runs" / "box-sum" / "gallery.json").stat().st_mtime_ns == kept


def test_a_verdict_compares_what_it_says():
    claim = experiments.CLAIMS[0]
    found = {"neural-line": {"gap": 0.2}, "box-sum": {"gap": 0.09}}
    assert claim.figures(found) == (0.2, 0.09)
    assert claim.holds(0.2, 0.09)
    assert not claim.holds(0.2, 0.11)
