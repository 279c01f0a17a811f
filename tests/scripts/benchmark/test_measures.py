import json
import re
import time

import jax
import pytest

from scripts.benchmark import measures
from tests.conftest import ROOT


def test_every_part_can_be_measured_by_itself():
    named = [name for name, _ in measures.jobs((4, 8), (20,), repeats=1)]
    assert set(named) == {
        "raster/capsule+max",
        "raster/capsule+sum",
        "raster/box+max",
        "raster/box+sum",
        "train/standard",
        "train/demo",
        "inference/standard",
        "inference/demo",
        "quality",
        "export",
        "thinning",
    }
    assert named.count("raster/box+sum") == 2  # one for each batch
    assert named.count("train/standard") == 1


def test_the_least_time_counts_and_the_first_call_only_warms_up(monkeypatch):
    now, lengths = [0.0], iter([9.0, 0.5, 0.2, 0.4])
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def call():
        now[0] += next(lengths)
        return jax.numpy.zeros(())

    assert measures.seconds(call, 3) == pytest.approx(0.2)


def test_documents_name_benchmarks_that_there_are():
    known = {name for name, _ in measures.jobs([1], [1], repeats=1)}
    kept = json.loads((ROOT / "docs/figures/benchmarks.json").read_text())["records"]
    text = (ROOT / "docs/templates/benchmarks.md").read_text()
    said = re.findall(r"`((?:raster|train|inference|quality)/[a-z+/]+)`", text)
    for name in [*said, *(record["name"] for record in kept)]:
        assert any(name.startswith(one) for one in known), name
