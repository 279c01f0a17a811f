"""An export in shards, which many processes write in any order, and again if need be.

A shard's file is named by its place, so whoever writes it, once or twice, writes the same. When it
is whole, a report of it is put beside it; what is reported is not written again, neither by another
process nor by the same export when it was stopped and is begun anew. Files come into their folder
when all are whole.
"""

import contextlib
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypedDict

import jax
import numpy as np

from strokes.files import SUMS_FILE, atomic_path, move_files, read_json, sha256, write_sums, writing
from strokes.formats.parquet import write_parquet
from strokes.writing.writer import Writer
from train.device import versions
from train.evaluation.tally import Scores, Sums, Tally
from train.export.card import dataset_card
from train.export.export import export_metadata, written_digits
from train.export.noticing import notices, reader_of
from train.export.shards import Reader, Shard, Work
from train.export.sources import ExportSource
from train.progress import Progress

_UNFINISHED = ".unfinished-"
_REPORTS = "reports"


class Report(TypedDict):
    """What is kept of a shard that is whole."""

    sha256: str
    notes: list[str]
    """What is odd about its pictures."""
    measured: Sums


class Job(NamedTuple):
    """What a process has to know to write any shard."""

    writer: Writer
    """With NumPy's arrays, which start no device where they arrive."""
    read: Reader
    folder: Path
    """Where shards lie until all are whole."""
    refined: int
    """Steps of refinement."""

    def file_of(self, shard: Shard) -> Path:
        """Where a shard is written."""
        return self.folder / f"{shard.name}.parquet"

    def report_of(self, shard: Shard) -> Path:
        """Where its report is."""
        return self.folder / _REPORTS / f"{shard.name}.json"

    def is_written(self, shard: Shard) -> bool:
        """Whether it is whole."""
        return self.report_of(shard).is_file() and self.file_of(shard).is_file()

    def write(self, shard: Shard) -> Report:
        """Write a shard that is not yet whole, and its report; in bounded memory.

        Raises:
          DataError: its pictures cannot be used.
          OSError: it cannot be written.
        """
        if self.is_written(shard):
            kept: Report = read_json(self.report_of(shard))
            return kept
        notes: list[str] = []
        classes = self.writer.classes
        pictures = self.read(shard, lambda shown: notes.extend(notices(shown, reader_of(classes))))
        tally = Tally(classes)
        chunks = written_digits(
            self.writer,
            ExportSource(shard.split, [pictures]),
            tally,
            refined=self.refined,
            first=shard.first,
        )
        file = self.file_of(shard)
        metadata = export_metadata(self.writer, refined=self.refined)
        write_parquet(chunks, file, metadata=metadata, classes=classes)
        report = Report(sha256=sha256(file), notes=notes, measured=tally.sums())
        with atomic_path(self.report_of(shard)) as temporary:
            temporary.write_text(json.dumps(report))
        return report


Run = Callable[[Job, Sequence[Shard]], Generator[Report, None, None]]
"""Has every shard written by `Job.write`, by whomever; gives the reports in the shards' order."""


def _portable(writer: Writer) -> Writer:
    plans = writer.plans
    return writer._replace(
        parameters=jax.device_get(writer.parameters),
        neural_line=jax.device_get(writer.neural_line),
        plans=None if plans is None else plans._replace(gate=jax.device_get(plans.gate)),
    )


def _fingerprint(writer: Writer, work: Work, refined: int) -> str:
    """Tells exports apart whose shards differ: by weights, options, software and pictures."""
    gate = None if writer.plans is None else writer.plans.gate
    facts = [
        writer.facts,
        writer.classes.facts(),
        writer.step,
        refined,
        repr(work.read),
        versions(),
    ]
    found = hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode())
    for leaf in jax.tree.leaves((writer.parameters, writer.neural_line, gate)):
        found.update(np.ascontiguousarray(leaf).tobytes())
    for shard in work.shards:
        stats = [Path(file).stat() for file in shard.part.files]
        about = [shard, [(one.st_size, one.st_mtime_ns) for one in stats]]
        found.update(json.dumps(about).encode())
    return found.hexdigest()[:16]


@contextlib.contextmanager
def _unfinished(out: Path, name: str, progress: Progress) -> Iterator[Path]:
    """A folder in ``out`` that stays when the block raises after a shard was written."""
    folder = out / f"{_UNFINISHED}{name}"
    with writing(out, folder):
        (folder / _REPORTS).mkdir(parents=True, exist_ok=True)
    for other in set(out.glob(f"{_UNFINISHED}*")) - {folder}:
        progress.line(f"begins anew: {other} is of other pictures, weights or options; removed")
        shutil.rmtree(other)
    try:
        yield folder
    except BaseException:
        if any((folder / _REPORTS).glob("*.json")):
            progress.line("not finished: the same command goes on where this one stopped")
        else:
            shutil.rmtree(folder)
        raise
    shutil.rmtree(folder)


def _remove_others(out: Path, files: dict[str, list[Path]]) -> None:
    """Remove shards of an export before that had more of them."""
    names = {path.name for paths in files.values() for path in paths}
    for split in files:
        for path in out.glob(f"{split}-*.parquet"):
            if re.fullmatch(rf"{split}-\d+\.parquet", path.name) and path.name not in names:
                path.unlink()


def export_in_shards(
    writer: Writer, work: Work, out: Path, run: Run, progress: Progress, *, refined: int = 0
) -> dict[str, Scores]:
    """Write all shards, a card and sums; what was written of the same export before is kept.

    Rows, their order and columns are those of `train.export.export.export`; there is no ``.npz``.

    Args:
      writer: that writes.
      work: the shards.
      out: folder to write into, seen by all that write; files of the same names are replaced, and
        shards of an export before are removed.
      run: has the shards written.
      progress: told of every shard's digits, and of what is odd.
      refined: steps of refinement.

    Returns:
      each split's scores, summed over its shards.

    Raises:
      DataError: pictures cannot be used.
      OSError: something cannot be written; the shards that are whole wait for the next try.
    """
    tallies: dict[str, Tally] = {}
    files: dict[str, list[Path]] = {}
    sums: dict[str, str] = {}
    out = out.absolute()
    with _unfinished(out, _fingerprint(writer, work, refined), progress) as folder:
        job = Job(_portable(writer), work.read, folder, refined)
        before = {shard.name for shard in work.shards if job.is_written(shard)}
        if before:
            progress.line(f"goes on: {len(before)} of {len(work.shards)} shards were there before")
            progress.skip(sum(one.part.size for one in work.shards if one.name in before))
        with contextlib.closing(run(job, work.shards)) as reports:
            for shard, report in zip(work.shards, reports, strict=True):
                tallies.setdefault(shard.split, Tally(writer.classes)).merge(report["measured"])
                file = job.file_of(shard)
                files.setdefault(shard.split, []).append(file)
                sums[file.name] = report["sha256"]
                for note in report["notes"]:
                    progress.line(f"note: {shard.name}: {note}")
                if shard.name not in before:
                    progress.advance(shard.part.size)
        scores = {split: tally.scores() for split, tally in tallies.items()}
        card = folder / "README.md"
        count = sum(shard.part.size for shard in work.shards)
        card.write_text(dataset_card(writer, scores, files, None, count=count, refined=refined))
        write_sums(sums | {card.name: sha256(card)}, folder / SUMS_FILE)
        move_files(folder, out)
        _remove_others(out, files)
    return scores
