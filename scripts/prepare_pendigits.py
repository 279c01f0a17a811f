"""Download the UCI Pen-Based Digits: 7,494 recordings of 30 writers (435 kB, CC BY 4.0).

The file goes into --data-dir, else into the folder that STROKES_DATA_DIR names, else into
the platform's cache folder, where `--source pendigits` and the evaluation find it. Its
content is checked.

Example:
  python -m scripts.prepare_pendigits
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from scripts.shared import console
from train.errors import RunError


@dataclasses.dataclass(frozen=True)
class Options:
    """Where from, and where to."""

    data_dir: Path | None = None
    """Folder to download into; training looks only where no --data-dir is needed."""
    mirrors: tuple[str, ...] = ()
    """Addresses to download from, in place of those that are known."""
    timeout: float = 20.0
    """Seconds without an answer after which a download is tried again."""


def main(args: Sequence[str]) -> int:
    """Download, and say where it is."""
    options = console.parse(Options, args=args)
    if options.timeout <= 0:
        raise RunError(f"--timeout {options.timeout}: expected more than 0 seconds")
    from datasets.download import data_folders
    from datasets.pen_digits import PEN_DIGITS_MIRRORS, download_pen_digits

    folder, mirrors = data_folders(options.data_dir)[0], options.mirrors or PEN_DIGITS_MIRRORS
    path = download_pen_digits(folder, mirrors=mirrors, timeout=options.timeout)
    print(f"7,494 pen recordings: {path}")
    return 0


if __name__ == "__main__":
    console.run(main)
