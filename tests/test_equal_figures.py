"""Figures and files of earlier versions: losses, an export and an evaluation come out the same.

tests/data/README.md says how they were made. On the machine that made them they are equal to the
last bit; on another processor, or with other versions, up to its rounding.
"""

import hashlib
import importlib.metadata
import json
import os
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest

from datasets import load_thinned
from datasets.recordings import OWN_RECORDINGS
from scripts import evaluate, export_dataset, train_strokes
from strokes.formats.parquet import read_metadata, read_parquet
from tests.conftest import ROOT
from train.evaluation.sources import export_config
from train.stroke_model.model import load_writer, training_config

DATA = ROOT / "tests" / "data"
ROUNDING = 1e-3  # relative


def machine():
    """What decides the last bits of a figure."""
    packages = ("jax", "jaxlib", "numpy", "scipy", "opencv-python-headless", "flax", "optax")
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    flags = next((line.split(":")[1].split() for line in lines if line.startswith("flags")), [])
    return {
        "cpu": hashlib.sha256(" ".join(sorted(flags)).encode()).hexdigest()[:16],
        "cores": os.cpu_count(),
        **{name: importlib.metadata.version(name) for name in packages},
    }


EXACT = machine() == json.loads((DATA / "machine-0.1.json").read_text())


def assert_equal(found, expected, name, *, exact=EXACT):
    if exact:
        np.testing.assert_array_equal(found, expected, err_msg=name)
    else:
        np.testing.assert_allclose(found, expected, rtol=ROUNDING, atol=1e-5, err_msg=name)


@pytest.fixture(scope="module")
def old_run(tmp_path_factory):
    """A copy: reading a run may tidy its folder."""
    return shutil.copytree(DATA / "run-0.1", tmp_path_factory.mktemp("old") / "run-0.1")


def own_recordings(folder):
    """File of the package's own recordings that there were then."""
    path = folder / "own.ndjson"
    path.write_text("".join(OWN_RECORDINGS.read_text().splitlines(keepends=True)[:105]))
    return str(path)


def idx(array):
    shape = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, 8, array.ndim]) + shape + array.astype(np.uint8).tobytes()


@pytest.mark.slow
def test_thirty_steps_have_the_same_losses(tmp_path):
    out = tmp_path / "run"
    sizes = ["--width", "8", "--points", "8", "--correction", "4", "--batch-size", "2240"]
    recordings = ["--pretraining", "10", "--each", "40", "--source", own_recordings(tmp_path)]
    sizes += ["--plans", "0", "--rounds", "1", "--curve", "line", "--pieces", "1"]
    recordings += ["--weight", "10", "--share", "0.25"]
    assert train_strokes.main(["--out", str(out), *sizes, "--epochs", "1", *recordings]) == 0
    ours, theirs = (
        [json.loads(line) for line in path.read_text().splitlines()]
        for path in (out / "metrics.jsonl", DATA / "metrics-0.1.jsonl")
    )
    assert [set(line) for line in ours] == [set(line) for line in theirs]
    for name in theirs[0]:
        assert_equal([line[name] for line in ours], [line[name] for line in theirs], name)


def test_an_old_run_exports_the_same_sequences(old_run, tmp_path):
    images, labels = (array[:1000] for array in load_thinned("test"))
    (tmp_path / "images").write_bytes(idx(255 * images))
    (tmp_path / "labels").write_bytes(idx(labels))
    pictures = ["--pictures", str(tmp_path / "images"), "--labels", str(tmp_path / "labels")]
    args = ["--checkpoint", str(old_run), *pictures, "--thinned", "--out", str(tmp_path / "out")]
    assert export_dataset.main(args) == 0
    ours, theirs = (
        read_parquet(path) for path in (tmp_path / "out/all.parquet", DATA / "export-0.1.parquet")
    )
    assert ours.id == theirs.id
    for name in ours._fields[1:]:
        assert_equal(getattr(ours, name), getattr(theirs, name), name)


@pytest.mark.slow
def test_an_old_run_is_evaluated_alike(old_run, tmp_path):
    humans = own_recordings(tmp_path)
    args = ["--checkpoint", str(old_run), "--humans", humans, "--out", str(tmp_path)]
    assert evaluate.main(args) == 0
    ours, theirs = (
        json.loads(path.read_text())
        for path in (tmp_path / "evaluation.json", DATA / "evaluation-0.1.json")
    )
    for part, found in (("all", ours["all"]), *ours["digits"].items()):
        expected = theirs["all"] if part == "all" else theirs["digits"][part]
        assert set(found) == set(expected)
        for name, value in found.items():
            # Chamfer distances were added up in single precision, in no certain order.
            exact = EXACT and name != "chamfer_px"
            assert_equal(value, expected[name], f"{part} {name}", exact=exact)
    assert_equal(*([one["humans"]["all"]["human_distance"]] for one in (ours, theirs)), "humans")


def test_old_configurations_are_read(old_run):
    writer = load_writer(old_run)
    config = training_config(writer)
    assert (config.drawing.line, config.drawing.combine) == ("capsule", "max")
    assert config.neural_line == "shipped"
    assert (config.networks.ensemble, config.networks.decoder.width) == (False, 4)
    assert export_config(DATA / "export-0.1.parquet") == config
    assert "format" not in json.loads(read_metadata(DATA / "export-0.1.parquet")["config"])
