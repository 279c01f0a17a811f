import json
import time

import jax
import pytest

from datasets import load_thinned
from scripts import bench

QUICK = ["--repeats", "1", "--batches", "4", "--train-batches", "20"]


def test_ratios_are_of_figures_of_the_same_run(tmp_path, capsys):
    path = tmp_path / "deep" / "bench.json"
    args = [*QUICK, "--only", "raster/capsule+max", "--json", str(path)]
    assert bench.main(args) == 0
    said = capsys.readouterr()
    found = json.loads(path.read_text())
    assert set(found) == {"date", "device", "versions", "records", "peak_memory_mb"}
    names = [record["name"] for record in found["records"]]
    assert names == [f"raster/capsule+max/{kind}" for kind in ("forward", "forward+backward")]
    for record in found["records"]:
        assert record["batch"] == 4
        ratio = record["images_per_s"] / record["baseline_images_per_s"]
        assert record["ratio"] == pytest.approx(ratio)
        assert f"{record['ratio']:.1f}x" in said.out
    assert found["versions"]["jax"] == jax.__version__
    assert found["peak_memory_mb"]["process"] > 50
    assert "measuring raster/capsule+max ..." in said.err


def test_every_part_can_be_measured_by_itself():
    def named(only):
        options = bench.Options(only=only, batches=(4, 8), train_batches=(20,))
        return [name for name, _ in bench._jobs(options)]

    assert set(named("")) == {
        "raster/capsule+max",
        "raster/capsule+sum",
        "raster/box+max",
        "raster/box+sum",
        "train/standard",
        "inference/standard",
        "export",
        "thinning",
    }
    assert named("raster/box+sum") == ["raster/box+sum"] * 2  # one for each batch
    assert named("train") == ["train/standard"]
    assert named("nothing") == []


def test_the_least_time_counts_and_the_first_call_only_warms_up(monkeypatch):
    now, lengths = [0.0], iter([9.0, 0.5, 0.2, 0.4])
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def call():
        now[0] += next(lengths)
        return jax.numpy.zeros(())

    assert bench._seconds(call, 3) == pytest.approx(0.2)


@pytest.mark.parametrize("only", ["inference", "thinning"])
def test_what_has_no_baseline_has_no_ratio(tmp_path, monkeypatch, only):
    few = tuple(array[:5120] for array in load_thinned("test"))
    monkeypatch.setattr(bench, "load_thinned", lambda _: few)
    path = tmp_path / "bench.json"
    assert bench.main([*QUICK, "--only", only, "--json", str(path)]) == 0
    for record in json.loads(path.read_text())["records"]:
        assert record["images_per_s"] > 0
        assert (record["ratio"], record["baseline"]) == (None, None)
