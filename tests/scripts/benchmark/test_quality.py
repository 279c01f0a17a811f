import json

import pytest

from datasets import load_thinned
from scripts import bench
from scripts.benchmark import measures, quality
from tests.train.stroke_model.tiny import TINY


def test_time_to_quality_stands_beside_the_reference_s_images(monkeypatch, tmp_path, capsys):
    few = tuple(array[:200] for array in load_thinned("test"))
    monkeypatch.setattr(quality, "load_thinned", lambda _: few)
    monkeypatch.setattr(quality, "GOALS", (0.0, 0.99))
    monkeypatch.setattr(measures, "preset", lambda _: TINY)
    monkeypatch.setattr(measures, "_reference_training_speed", lambda *_: 100.0)
    path = tmp_path / "bench.json"
    assert bench.main(["--only", "quality", "--json", str(path)]) == 0
    (record,) = json.loads(path.read_text())["records"]  # .99 was not reached
    assert record["name"] == "quality/iou 0.00"
    assert record["thousands"] == pytest.approx(record["seconds"] / 10)
    assert f"{record['seconds']:.0f} s of training" in capsys.readouterr().out


def test_training_ends_where_the_last_goal_is_reached():
    found = iter(
        [quality.Look(1.0, 10, 0.5), quality.Look(2.0, 20, 0.75), quality.Look(3.0, 30, 0.9)]
    )
    assert {goal: look.seconds for goal, look in quality.first_looks(found).items()} == {
        0.6: 2.0,
        0.7: 2.0,
        0.8: 3.0,
    }
