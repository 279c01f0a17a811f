"""Make the file of thinned digits from raw MNIST, equal to the one that is shipped in datasets/.

Raw MNIST is looked for in --data-dir, then in the folder that STROKES_DATA_DIR names,
then in the platform's cache folder; what is missing is downloaded and checked.
Training needs none of this: the thinned digits come with the code.

Example:
  python -m scripts.prepare_mnist --data-dir ~/mnist --out out/thinned-mnist.npz
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from scripts.shared import console
from train.errors import RunError

_CHUNK = 5000


@dataclasses.dataclass(frozen=True)
class Options:
    """Where from, and where to."""

    data_dir: Path | None = None
    """Folder with MNIST's four IDX files, raw or gzipped; downloads go there too."""
    out: Path = Path("out/thinned-mnist.npz")
    """File to write."""
    mirrors: tuple[str, ...] = ()
    """Addresses to download from, in place of those that are known."""
    timeout: float = 20.0
    """Seconds without an answer after which a download is tried again."""


def main(args: Sequence[str]) -> int:
    """Thin all digits and write them."""
    options = console.parse(Options, args=args)
    if options.timeout <= 0:
        raise RunError(f"--timeout {options.timeout}: expected more than 0 seconds")
    import numpy as np

    from datasets import load_mnist
    from datasets.mnist import MIRRORS, Split
    from datasets.thinned import Digits, save_thinned
    from strokes.pictures.thinning import thin

    mirrors = options.mirrors or MIRRORS
    splits: tuple[Split, ...] = ("train", "test")
    raw = {
        split: load_mnist(
            split, data_dir=options.data_dir, mirrors=mirrors, timeout=options.timeout
        )
        for split in splits
    }
    thinned: dict[Split, Digits] = {}
    total = sum(len(images) for images, _ in raw.values())
    with console.ProgressBar(total, label="thinning") as bar:
        for split, (images, labels) in raw.items():
            parts = []
            for start in range(0, len(images), _CHUNK):
                parts.append(thin(images[start : start + _CHUNK]))
                bar.advance(len(parts[-1]))
            thinned[split] = (np.concatenate(parts), labels)
    save_thinned(thinned, options.out)
    print(f"thinned {total:,} digits: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
