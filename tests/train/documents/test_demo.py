import dataclasses
import json

import pytest

from train.documents.demo import demo_run, demo_table, with_run
from train.errors import RunError
from train.stroke_model.presets import demo
from train.stroke_model.run_folder import RunFolder


def run(epochs, seed, iou, date="2026-11-26"):
    means = {"iou": iou, "chamfer_px": 0.1, "mse_soft": 0.00512, "mse_hard": 1.0}
    return {"epochs": epochs, "seed": seed, "date": date, "all": means}


def rows(table):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def test_a_row_for_each_length_with_the_span_of_its_seeds():
    whole = demo().epochs
    runs = [run(1, 0, 0.55), run(whole, 0, 0.88), run(whole, 2, 0.9, date="2026-11-27")]
    head, _, short, long = rows(demo_table(runs))
    assert head == ["", "seeds", "`iou`", "`chamfer_px`", "`mse_soft`", "date"]
    assert short == ["`scripts.demo --epochs 1`", "0", "0.55", "0.1", "0.00512", "2026-11-26"]
    assert long[:3] == ["`make demo`", "0, 2", "0.89 (0.88 to 0.9)"]
    assert long[-1] == "2026-11-27"


def test_a_run_takes_the_place_of_its_like():
    runs = [run(1, 0, 0.5), run(6, 0, 0.8)]
    assert with_run(runs, run(6, 0, 0.9)) == [run(1, 0, 0.5), run(6, 0, 0.9)]
    assert with_run(runs, run(1, 1, 0.6)) == [run(1, 0, 0.5), run(1, 1, 0.6), run(6, 0, 0.8)]


def test_a_run_is_read_from_beside_its_scores(tmp_path):
    scores = tmp_path / "scores.json"
    scores.write_text(json.dumps({"all": {"iou": 0.9}}))
    with pytest.raises(RunError, match=str(tmp_path / "run")):
        demo_run(scores, {})
    config = dataclasses.replace(demo(), epochs=2, seed=3)
    RunFolder(tmp_path / "run").create(config, dataset="")
    found = demo_run(scores, json.loads(scores.read_text()))
    assert (found["epochs"], found["seed"], found["all"]) == (2, 3, {"iou": 0.9})
