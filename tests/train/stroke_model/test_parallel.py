"""The same run on one device, on eight virtual ones and in two processes."""

import json
import shutil
import socket

import jax
import numpy as np
import pytest

from tests import processes
from tests.train.stroke_model import together
from train.errors import RunError
from train.stroke_model import loop
from train.stroke_model.parallel import Devices

EPOCH = 4  # steps: the commonest of 400 digits is there 52 times, 16 make a step


def finish(process):
    return processes.finish(process, timeout=240)


def assert_alike(folder, other):
    """Two runs lose alike, but for the order of sums, which grows as training goes on."""
    found, expected = (
        [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
        for run in (folder, other)
    )
    assert len(found) == len(expected) == 2 * EPOCH
    losses, others = ([line["loss"] for line in lines] for lines in (found, expected))
    np.testing.assert_allclose(losses[:EPOCH], others[:EPOCH], rtol=1e-5)
    for one, two in zip(found, expected, strict=True):
        assert one == pytest.approx(two, rel=1e-3, abs=1e-4)


def free_address():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("together") / "alone"
    together.train_together(folder)
    return folder


@pytest.mark.slow
def test_eight_devices_lose_as_one_does(alone, tmp_path):
    said = finish(together.start(tmp_path / "run", devices=8))
    assert "8 devices" in said
    assert_alike(tmp_path / "run", alone)


@pytest.mark.slow
def test_two_processes_go_on_with_what_one_device_began(alone, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(alone, folder)
    first, last = (EPOCH, 2 * EPOCH)
    assert sorted(path.name for path in (folder / "checkpoints").iterdir()) == [
        str(first),
        str(last),
    ]
    shutil.rmtree(folder / "checkpoints" / str(last))
    address = free_address()
    both = [together.start(folder, coordinator=address, process=index) for index in (0, 1)]
    for process in both:
        assert "2 devices" in finish(process)
    assert_alike(folder, alone)
    together.train_together(folder)  # what they wrote goes on alone, as it is
    assert {path.name for path in folder.iterdir()} >= {
        "recovery.safetensors",
        "writer.safetensors",
    }


def test_devices_that_are_not_there_are_refused():
    with pytest.raises(RunError, match=f"--devices 9000: there are {len(jax.devices())}"):
        Devices(9000)


def test_examples_that_cannot_be_shared_out_are_refused(monkeypatch):
    monkeypatch.setattr(Devices, "count", 7)
    with pytest.raises(RunError, match="7 devices: each decoder's 24 examples"):
        loop.check_shares(together.CONFIG, Devices())
