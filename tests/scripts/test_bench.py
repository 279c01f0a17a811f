import json

import jax
import pytest

from datasets import load_thinned
from scripts import bench
from scripts.benchmark import measures
from train.errors import RunError

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


@pytest.mark.parametrize("only", ["thinning"])
def test_what_has_no_baseline_has_no_ratio(tmp_path, monkeypatch, only):
    few = tuple(array[:5120] for array in load_thinned("test"))
    monkeypatch.setattr(measures, "load_thinned", lambda _: few)
    path = tmp_path / "bench.json"
    assert bench.main([*QUICK, "--only", only, "--json", str(path)]) == 0
    for record in json.loads(path.read_text())["records"]:
        assert record["images_per_s"] > 0
        assert (record["ratio"], record["baseline"]) == (None, None)


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["--only", "nothing"], "--only nothing: expected the beginning of one of raster/capsule"),
        (["--batches", "0"], "--batches 0: expected at least 1"),
        (["--train-batches", "-1"], "--train-batches -1: expected at least 1"),
        (["--repeats", "0"], "--repeats 0: expected at least 1"),
    ],
)
def test_what_cannot_be_measured_is_refused(args, reason):
    with pytest.raises(RunError, match=reason):
        bench.main(args)
