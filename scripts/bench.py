"""Measure speed: rasterizer, training, time to quality, inference, export and thinning.

All in one process, warm, each figure the best of several repeats with everything
computed before the clock is read. The rasterizer stands beside the literal oracle
under plain autodiff, the training step beside the literal reference model, both at
the same batch in the same run, so that ratios mean something on a noisy machine.

Example:
  python -m scripts.bench --json out/bench.json
"""

import dataclasses
import datetime
import json
import resource
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.shared import console
from scripts.shared.memory import use_large_pages
from strokes.files import atomic_path
from train.errors import RunError
from train.figures.tables import text_table

if TYPE_CHECKING:
    from scripts.benchmark.measures import Record


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure, and where to write it."""

    json: Path | None = None
    """File for the figures."""
    only: str = ""
    """Measure only what begins like this, as raster/capsule or train."""
    batches: tuple[int, ...] = (64, 160, 1024)
    """Batches of the rasterizer."""
    train_batches: tuple[int, ...] = (160, 640)
    """Batches of the training step."""
    repeats: int = 10
    """Times that each is measured; the best counts."""


def _check(options: Options) -> None:
    for option, sizes in (
        ("--batches", options.batches),
        ("--train-batches", options.train_batches),
    ):
        for size in sizes:
            if size < 1:
                raise RunError(f"{option} {size}: expected at least 1")
    if options.repeats < 1:
        raise RunError(f"--repeats {options.repeats}: expected at least 1")


def _peak_memory() -> dict[str, float]:
    """Peak memory so far, in MB: of the process and, where it tells, of the device."""
    import jax

    peak = {"process": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    device = jax.devices()[0].memory_stats()
    return peak | ({"device": device["peak_bytes_in_use"] / 2**20} if device else {})


def _table(records: Sequence["Record"]) -> str:
    rows = [
        [
            record.name,
            f"{record.batch:,}",
            f"{record.images_per_s:,.0f}",
            "" if record.ratio is None else f"{record.ratio:.1f}x",
            f"{record.baseline} ({record.baseline_images_per_s:,.0f}/s)" if record.baseline else "",
        ]
        for record in records
    ]
    return text_table(["what", "batch", "images/s", "ratio", "beside"], rows)


def main(args: Sequence[str]) -> int:
    """Measure, print the table, write the file."""
    options = console.parse(Options, args=args)
    _check(options)
    from scripts.benchmark.measures import jobs
    from train.device import device_name, versions

    known = jobs(options.batches, options.train_batches, repeats=options.repeats)
    todo = [(name, job) for name, job in known if name.startswith(options.only)]
    if not todo:
        names = ", ".join(dict.fromkeys(name for name, _ in known))
        raise RunError(f"--only {options.only}: expected the beginning of one of {names}")
    records: list[Record] = []
    with console.ProgressBar(len(todo), label="measured", unit=" kinds") as bar:
        for name, job in todo:
            bar.line(f"measuring {name} ...")
            records += job()
            bar.advance(1)
    memory = _peak_memory()
    print(f"device: {device_name()}\n{_table(records)}")
    for record in records:
        if record.seconds is not None and record.thousands is not None:
            print(
                f"{record.name} after {record.seconds:.0f} s of training: in that time the literal "
                f"reference trains {1000 * record.thousands:,.0f} images"
            )
    print("peak memory: " + ", ".join(f"{name} {mb:,.0f} MB" for name, mb in memory.items()))
    if options.json is not None:
        found = {
            "date": datetime.datetime.now().astimezone().date().isoformat(),
            "device": device_name(),
            "versions": versions(),
            "records": [dataclasses.asdict(record) for record in records],
            "peak_memory_mb": memory,
        }
        with atomic_path(options.json) as temporary:
            temporary.write_text(json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    use_large_pages()
    console.run(main)
