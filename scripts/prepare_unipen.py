"""Make a set of pen recordings of UNIPEN's isolated digits or letters, split by writer.

FOLDER is the public distribution, unpacked: UNIPEN train_r01_v07 of The International Unipen
Foundation, https://doi.org/10.5281/zenodo.1195803 (CC BY 4.0). All files of its category 1a are
read (of letters, 1b and 1c); each digit is scaled so that its longer side is 400 (a letter's 300),
in whole numbers. What cannot be meant is left out and counted. The file goes into --data-dir, else
into the folder that STROKES_DATA_DIR names, else into the platform's cache folder, where
`--source unipen` finds it, and `--set letters`.

Examples:
  python -m scripts.prepare_unipen unipen/CDROM/train_r01_v07
  python -m scripts.prepare_unipen unipen/CDROM/train_r01_v07 --set letters
"""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import tyro

from scripts.shared import console
from train.errors import RunError


@dataclasses.dataclass(frozen=True)
class Options:
    """Where from, and where to."""

    folder: Annotated[Path | None, tyro.conf.Positional, tyro.conf.arg(metavar="[FOLDER]")] = None
    """Folder of the unpacked distribution."""
    set: Literal["digits", "letters"] = "digits"
    """What of it."""
    out: Path | None = None
    """File to write, in place of the one that training finds."""
    data_dir: Path | None = None
    """Folder to write into; training looks only where no --data-dir is needed."""


def _files(folder: Path | None, categories: Sequence[str]) -> list[Path]:
    """The files to read; where there are none, say where the set is to be had."""
    from datasets.unipen import UNIPEN_ORIGIN, data_files

    files = [] if folder is None else data_files(folder, categories)
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
    from datasets import letters
    from datasets.download import data_folders
    from datasets.unipen import (
        DIGIT_CATEGORIES,
        UNIPEN_FILE,
        collect,
        number_writers,
        to_whole_numbers,
        write_gzipped,
        writer_of,
    )
    from strokes.classes import DIGITS

    of_letters = options.set == "letters"
    files = _files(options.folder, letters.LETTER_CATEGORIES if of_letters else DIGIT_CATEGORIES)
    name = letters.LETTERS_FILE if of_letters else UNIPEN_FILE
    classes, side = (letters.LETTERS, letters.LETTER_SIDE) if of_letters else (DIGITS, 400)
    out = options.out or data_folders(options.data_dir)[0] / name
    found = collect(_with_progress(files), classes)
    for (kind, reason), messages in sorted(found.left_out.items()):
        print(f"left out, {kind}: {len(messages):,}, {reason}; the first: {messages[0]}")
    if not found.recordings:
        raise RunError(
            f"{options.folder}: none of the {options.set} can be read in {len(files):,} files"
        )
    numbered = number_writers(found.recordings)
    recordings = [to_whole_numbers(one, side=side) for one in numbered]
    write_gzipped(recordings, out, classes)
    writers = len({writer_of(one) for one in recordings})
    print(f"{len(recordings):,} pen recordings of {writers:,} writers: {out}")
    return 0


if __name__ == "__main__":
    console.run(main)
