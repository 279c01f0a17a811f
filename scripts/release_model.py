"""Pack the model of a run into one file of weights, in half precision and eight bits.

Wherever a program takes --checkpoint RUN, it takes such a file too. The one that ships with
the code (strokes/weights/strokes.safetensors) was packed so.

Example:
  python -m scripts.release_model --checkpoint out/run --out out/strokes.safetensors
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from scripts.shared import console
from train.errors import RunError
from train.stroke_model.run_folder import RunFolder


@dataclasses.dataclass(frozen=True)
class Options:
    """What to pack, and where to."""

    checkpoint: Path
    """Folder of the run."""
    out: Path = Path("out/strokes.safetensors")
    """File to write."""


def main(args: Sequence[str]) -> int:
    """Pack, and say where the file is."""
    options = console.parse(Options, args=args)
    if options.out.suffix != ".safetensors":
        raise RunError(f"--out {options.out}: expected a name that ends in .safetensors")
    record = RunFolder(options.checkpoint).record()
    from strokes.writing.writer import save_writer
    from train.stroke_model.model import load_writer

    writer = load_writer(options.checkpoint)
    known = {name: record[name] for name in ("dataset", "versions", "device")}
    save_writer(writer._replace(facts=writer.facts | known), options.out)
    print(f"packed: {options.out}, {options.out.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    console.run(main)
