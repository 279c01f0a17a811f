"""UNIPEN's isolated characters: found on disk, split by writer, made from the distribution.

I. Guyon, L. Schomaker, R. Plamondon, M. Liberman and S. Janet, *UNIPEN project of on-line data
exchange and recognizer benchmarks*, ICPR 1994; data of The International Unipen Foundation
(train_r01_v07, CC BY 4.0). Strokes as they were written, with lifts and proportions.

A character's `source` is ``unipen-DONOR-NUMBER``; what stands behind ``unipen-`` is its writer.
Training must not see the writers on whom it is measured: a quarter of them, by the SHA-256 of
the name alone, are for tests only (`is_test_writer`), whatever file a writer's characters are in.
Letters are in `datasets.letters`.
"""

import gzip
import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from datasets.download import find_file
from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.files import atomic_path
from strokes.formats.limits import read_lenient
from strokes.formats.ndjson import format_recording
from strokes.formats.unipen import donor_of, iterate_unipen
from strokes.formats.unipen_files import UnipenError
from strokes.ink import Recording

UNIPEN_FILE = "unipen-digits.ndjson.gz"

UNIPEN_ORIGIN = "UNIPEN train_r01_v07, https://doi.org/10.5281/zenodo.1195803"

UNFIT_DONORS = frozenset({"cea", "ceb", "lou", "tos"})
"""Donors whose numbers of components do not fit their ink."""

DIGIT_CATEGORIES = ("1a",)
"""The distribution's categories of isolated digits."""

_SIDE = 400  # the longer one of a prepared digit


class Split(NamedTuple):
    """Recordings, split by writer."""

    train: list[Recording]
    test: list[Recording]


def find_unipen(data_dir: Path | None = None) -> Path:
    """The prepared file in the first of the folders in which MNIST is looked for too.

    Raises:
      DataError: none has it; the message says how to make it.
    """
    return find_file(
        UNIPEN_FILE, data_dir, hint="make it with: python -m scripts.prepare_unipen FOLDER"
    )


def writer_of(recording: Recording) -> str:
    """The writer's name, as ``aga-005``.

    Raises:
      DataError: the recording's source names none.
    """
    match = re.fullmatch(r"unipen-(\S+)", recording.source)
    if match is None:
        raise DataError(f"source {recording.source!r}: expected unipen-DONOR-WRITER")
    return match[1]


def is_test_writer(writer: str) -> bool:
    """Whether a writer is for tests: the name's SHA-256 begins with a byte under 64."""
    return hashlib.sha256(writer.encode()).digest()[0] < 64


def split_by_writer(recordings: Iterable[Recording]) -> Split:
    """Split recordings so that no writer is on both sides. Raises as `writer_of`."""
    split = Split([], [])
    for recording in recordings:
        side = split.test if is_test_writer(writer_of(recording)) else split.train
        side.append(recording)
    return split


def for_teaching(recordings: list[Recording]) -> list[Recording]:
    """The recordings of the writers that training may see."""
    return split_by_writer(recordings).train


def for_testing(recordings: list[Recording]) -> list[Recording]:
    """The recordings of the writers that training never sees."""
    return split_by_writer(recordings).test


# From here: how the file is made.


class Collected(NamedTuple):
    """What files of the distribution hold."""

    recordings: list[Recording]
    left_out: dict[tuple[str, str], list[str]]
    """Messages by what was left out ("files" or "segments") and the reason."""


def data_files(folder: Path, categories: Collection[str] = DIGIT_CATEGORIES) -> list[Path]:
    """The files below a folder that hold isolated characters, in order.

    Files below ``include`` are read where others include them; where there are several of the
    distribution's categories, only those named are meant.
    """
    found = []
    for path in sorted(folder.rglob("*.dat")):
        folders = path.relative_to(folder).parts[:-1]
        if "include" not in folders and path.is_file():
            found.append((path, not set(categories).isdisjoint(folders)))
    several = any(meant for _, meant in found)
    return [path for path, meant in found if meant or not several]


def collect(paths: Iterable[Path], classes: Classes = DIGITS) -> Collected:
    """Read characters of some classes; what cannot be meant is left out, with the reason."""
    recordings: list[Recording] = []
    left_out: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in paths:
        if donor_of(path) in UNFIT_DONORS:
            left_out["files", "of a donor whose numbering does not fit"].append(str(path))
            continue
        try:
            for found in iterate_unipen(read_lenient(path), path=path, classes=classes):
                if isinstance(found, UnipenError):
                    left_out["segments", found.reason].append(str(found))
                else:
                    recordings.append(_with_writer(found, path))
        except UnipenError as error:
            left_out["files", error.reason].append(str(error))
    return Collected(recordings, dict(left_out))


def _with_writer(recording: Recording, path: Path) -> Recording:
    """Where a file does not say who wrote it, its name stands for the writer."""
    named = recording.source.count("-") > 1
    return recording if named else recording._replace(source=f"{recording.source}-{path.stem}")


def number_writers(recordings: Sequence[Recording]) -> list[Recording]:
    """Give writers numbers in the order of donor and name, for the names may be people's."""
    writers = sorted({writer_of(recording) for recording in recordings})
    sources = {
        writer: f"unipen-{writer.partition('-')[0]}-{number:03d}"
        for number, writer in enumerate(writers)
    }
    return [one._replace(source=sources[writer_of(one)]) for one in recordings]


def to_whole_numbers(recording: Recording, *, side: int = _SIDE) -> Recording:
    """Scale a character so that its longer side is ``side`` and round; drop repeated points."""
    points = np.concatenate(recording.strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0).max()
    strokes = []
    for stroke in recording.strokes:
        whole = np.round((stroke - low) / extent * side)
        moved = (np.diff(whole, axis=0) != 0).any(axis=1)
        strokes.append(whole[np.concatenate([[True], moved])])
    return recording._replace(strokes=strokes)


def write_gzipped(recordings: Iterable[Recording], path: Path, classes: Classes = DIGITS) -> None:
    """Write recordings as gzipped ndjson, atomically; the same ones give the same bytes."""
    with (
        atomic_path(path) as temporary,
        temporary.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed,
    ):
        for recording in recordings:
            packed.write(f"{format_recording(recording, classes)}\n".encode())
