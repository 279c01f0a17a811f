"""A real Ray of two workers on this machine."""

import json

import pytest
import ray

from strokes.files import SUMS_FILE, checksums_hold
from tests.train.export.planned import tiny_writer
from tests.train.export.shares import CHUNK, COUNT, DiesOnce, rows
from tests.train.export.test_sharded import Said, flat
from train.errors import RunError
from train.export import cluster
from train.export.cluster import on_ray
from train.export.sharded import Job, export_in_shards
from train.export.shards import OwnReader, own_work

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def _two_workers():
    """One Ray for all tests of this module, which its exports join."""
    with cluster._joined("local", 2):
        yield


def on_two(pictures, out, read, progress):
    work = own_work(pictures, read, chunk=CHUNK)
    return export_in_shards(tiny_writer(), work, out, on_ray("local", workers=2), progress)


@pytest.mark.parametrize("killed", [False, True])
def test_rows_are_those_of_one_process_also_where_a_worker_is_killed(
    pictures, single, tmp_path, killed
):
    flag, said = tmp_path / "killed", Said()
    read = DiesOnce(flag=flag) if killed else OwnReader()
    scores = on_two(pictures, tmp_path / "out", read, said)
    assert flag.exists() == killed
    assert rows(tmp_path / "out").equals(rows(single[0]))
    assert flat(scores) == pytest.approx(flat(single[1]))
    assert said.done == COUNT
    assert checksums_hold(tmp_path / "out" / SUMS_FILE)
    assert len(list((tmp_path / "out").iterdir())) == 6


def test_what_a_worker_cannot_read_is_one_line_here(pictures, tmp_path):
    (tmp_path / "in").mkdir()
    content = (pictures / "b.tar").read_bytes()
    (tmp_path / "in" / "b.tar").write_bytes(content.replace(b"PNG\r\n", b"GNP\r\n"))
    with pytest.raises(RunError, match=r"b\.tar, row \d+: no picture"):
        on_two(tmp_path / "in", tmp_path / "out", OwnReader(), Said())
    assert list((tmp_path / "out").iterdir()) == []


def test_a_shard_of_which_workers_die_again_and_again_is_given_up(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_TRIES", 2)
    shards, read = own_work(pictures, OwnReader(), chunk=CHUNK)
    job = Job(tiny_writer(), read, tmp_path, 0)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / f"{shards[1].name}.tries").write_bytes(b"..")
    monkeypatch.setenv("PJRT_NPROC", "1")  # which a worker sets: it is to be taken back
    worker = cluster._Worker(job)
    found = worker({"shard": json.dumps(shards[1])})
    assert found["error"].startswith("all-000001: 2 workers died of it; give each more memory")
    assert worker({"shard": json.dumps(shards[0])})["error"] == ""


@pytest.mark.parametrize(("address", "tried"), [("there:1", 1), ("local", 3)])
def test_no_ray_at_the_address(monkeypatch, address, tried):
    """Where it is to be started, that may take longer than it waits."""
    asked = []

    def nobody(address, **_):
        asked.append(address)
        raise Exception(f"nobody\nat {address}")

    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "shutdown", lambda: None)
    monkeypatch.setattr(ray, "init", nobody)
    with pytest.raises(RunError, match=f"--cluster {address}: nobody at {address}"):
        next(on_ray(address)(None, []))
    assert asked == tried * [address]
