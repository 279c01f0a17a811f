"""Make a set of pen recordings of UNIPEN's isolated digits, split by writer in training and tests.

FOLDER is the public distribution, unpacked: UNIPEN train_r01_v07 of The International Unipen
Foundation, https://doi.org/10.5281/zenodo.1195803 (CC BY 4.0). All files of its category 1a are
read; each digit is scaled so that its longer side is 400, in whole numbers. What cannot be meant
is left out and counted. The file goes into --data-dir, else into the folder that
STROKES_DATA_DIR names, else into the platform's cache folder, where `--source unipen` finds it.

Example:
  python -m scripts.prepare_unipen unipen/CDROM/train_r01_v07
"""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import tyro

from scripts.shared import console
from train.errors import RunError


@dataclasses.dataclass(frozen=True)
class Options:
    """Where from, and where to."""

    folder: Annotated[Path | None, tyro.conf.Positional, tyro.conf.arg(metavar="[FOLDER]")] = None
    """Folder of the unpacked distribution."""
    out: Path | None = None
    """File to write, in place of the one that training finds."""
    data_dir: Path | None = None
    """Folder to write into; training looks only where no --data-dir is needed."""


def _files(folder: Path | None) -> list[Path]:
    """The files to read; where there are none, say where the set is to be had."""
    from datasets.unipen import UNIPEN_ORIGIN, data_files

    files = [] if folder is None else data_files(folder)
    if not files:
        given = "no folder given" if folder is None else f"{folder}: no file .dat below it"
        raise RunError(f"{given}; unpack {UNIPEN_ORIGIN} (CC BY 4.0), and give its folder")
    return files


def _with_progress(files: Sequence[Path]) -> Iterator[Path]:
    with console.ProgressBar(len(files), label="read", unit=" files") as bar:
        for path in files:
            yield path
            bar.advance(1)


def main(args: Sequence[str]) -> int:
    """Read, convert, write, and say what was left out."""
    options = console.parse(Options, args=args)
    if options.folder is not None:
        console.check_there("", options.folder)
    if options.out is not None and not options.out.name.endswith(".ndjson.gz"):
        raise RunError(f"--out {options.out}: expected a file that ends in .ndjson.gz")
    files = _files(options.folder)
    from datasets.download import data_folders
    from datasets.unipen import (
        UNIPEN_FILE,
        collect,
        number_writers,
        to_whole_numbers,
        write_gzipped,
        writer_of,
    )

    out = options.out or data_folders(options.data_dir)[0] / UNIPEN_FILE
    found = collect(_with_progress(files))
    for (kind, reason), messages in sorted(found.left_out.items()):
        print(f"left out, {kind}: {len(messages):,}, {reason}; the first: {messages[0]}")
    if not found.recordings:
        raise RunError(f"{options.folder}: no digit that can be read in {len(files):,} files")
    recordings = [to_whole_numbers(one) for one in number_writers(found.recordings)]
    write_gzipped(recordings, out)
    writers = len({writer_of(one) for one in recordings})
    print(f"{len(recordings):,} pen recordings of {writers:,} writers: {out}")
    return 0


if __name__ == "__main__":
    console.run(main)
