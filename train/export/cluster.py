"""Shards of an export, written by Ray's workers: processes of this machine or of many.

Every machine sees the same files under the same paths, the checkout among them. A worker holds the
model, one chunk of pictures and one core. Only which shards there are and what was measured of them
travels, no picture and no stroke. When a worker dies, Ray starts another and gives it the shard.
"""

import contextlib
import json
import logging
import os
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import jax
import ray
import ray.data
from ray.exceptions import RayError

from datasets.folders import Part
from strokes.errors import DataError
from train.errors import RunError
from train.export.sharded import Job, Report, Run
from train.export.shards import Shard

_STORE = 128 << 20  # bytes: whatever travels is small
_STARTS = 3  # Ray gives itself 30 s to start, which on a busy machine may not do
_TRIES = 8  # of a shard whose workers die: Ray would try for ever


class _Worker:
    """Writes one shard after the other."""

    def __init__(self, job: Job):
        jax.config.update("jax_platforms", "cpu")
        os.environ["PJRT_NPROC"] = "1"  # threads of XLA: a worker has one core
        self._job = job

    def __call__(self, row: dict[str, str]) -> dict[str, str]:
        """Write the shard of a row; gives its report, or why there is none, as JSON."""
        split, place, first, part = json.loads(row["shard"])
        shard = Shard(split, place, first, Part(*part))
        try:
            self._count_try(shard)
            return {"report": json.dumps(self._job.write(shard)), "error": ""}
        except (DataError, RunError) as error:
            return {"report": "", "error": str(error)}
        except OSError as error:
            if error.filename is None:
                raise
            return {"report": "", "error": f"{error.filename}: {error.strerror}"}

    def _count_try(self, shard: Shard) -> None:
        with _tries_of(self._job, shard).open("ab") as file:
            file.write(b".")
            if file.tell() > _TRIES:
                advice = "give each more memory (fewer --workers)"
                raise RunError(f"{shard.name}: {_TRIES} workers died of it; {advice}")


def _tries_of(job: Job, shard: Shard) -> Path:
    """A file as long as how often a shard was begun."""
    return job.report_of(shard).with_suffix(".tries")


@contextlib.contextmanager
def _joined(address: str, workers: int | None) -> Iterator[None]:
    """Ray at work: as this process has it already, or else as long as the block lasts."""
    if ray.is_initialized():
        yield
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address == "local":
        options |= {"include_dashboard": False, "object_store_memory": _STORE, "num_cpus": workers}
    for left in reversed(range(_STARTS if address == "local" else 1)):
        try:
            ray.init(address, **options)
            break
        except Exception as error:  # as which Ray raises it, no other
            ray.shutdown()
            if not left:
                reason = " ".join(str(error).split())[:300]
                raise RunError(f"--cluster {address}: {reason}") from error
    try:
        yield
    finally:
        ray.shutdown()


def _reports(job: Job, shards: Sequence[Shard], workers: int) -> Iterator[Report]:
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    for shard in shards:
        _tries_of(job, shard).unlink(missing_ok=True)
    rows = ray.data.from_items(
        [{"shard": json.dumps(shard)} for shard in shards], override_num_blocks=len(shards)
    )
    rows.context.enable_progress_bars = False
    rows.context.execution_options.preserve_order = True
    written = rows.map(
        _Worker,
        fn_constructor_args=(job,),
        compute=ray.data.ActorPoolStrategy(size=workers, max_tasks_in_flight_per_actor=1),
        num_cpus=1,
    )
    for row in written.iter_rows():
        if row["error"]:
            raise RunError(row["error"])
        report: Report = json.loads(row["report"])
        yield report


def on_ray(address: str, *, workers: int | None = None) -> Run:
    """Have shards written by Ray's workers.

    Args:
      address: "local" to start Ray on this machine, "auto" or "host:port" to join a cluster; where
        this process has joined one already, that is taken.
      workers: how many there are; one for each core if not given.

    Returns:
      what `train.export.sharded.export_in_shards` takes; it raises RunError where Ray is not to be
      had, a worker cannot read or write, or one after the other dies of the same shard.
    """

    def run(job: Job, shards: Sequence[Shard]) -> Generator[Report, None, None]:
        with _joined(address, workers):
            count = workers or int(ray.cluster_resources().get("CPU", 1))
            try:
                yield from _reports(job, shards, max(1, min(count, len(shards))))
            except RayError as error:
                reason = " ".join(str(error).split())[-300:]
                raise RunError(f"--cluster {address}: {reason}") from error

    return run
