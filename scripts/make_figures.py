"""Draw the figures of docs/how-it-works.md: the rasterizer, stage by stage.

Example:
  python -m scripts.make_figures --out docs/images/how-it-works
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from scripts.shared import console
from strokes.files import atomic_path


@dataclasses.dataclass(frozen=True)
class Options:
    """Where to."""

    out: Path = Path("out/how-it-works")
    """Folder to write into, a PNG for each figure."""


def main(args: Sequence[str]) -> int:
    """Draw all of them."""
    out = console.parse(Options, args=args).out
    from train.documents.explanations import FIGURES
    from train.figures.html import png

    for name, draw in FIGURES.items():
        path = out / f"{name}.png"
        with atomic_path(path) as temporary:
            temporary.write_bytes(png(draw()))
        print(f"drawn: {path}")
    return 0


if __name__ == "__main__":
    console.run(main)
