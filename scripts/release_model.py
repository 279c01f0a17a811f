"""Pack the model of a run into one file of weights in half precision.

Wherever a program takes --checkpoint RUN, it takes such a file too. The one that ships with
the code (train/strokes.safetensors) was packed so.

Example:
  python -m scripts.release_model --checkpoint out/run --out out/strokes.safetensors
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from scripts import console
from train.errors import RunError
from train.model import load_model, save_model
from train.run_folder import RunFolder


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
    model = load_model(options.checkpoint)
    record = RunFolder(options.checkpoint).record()
    facts = {name: record[name] for name in ("dataset", "versions", "device")}
    save_model(model, options.out, facts)
    print(f"packed: {options.out}, {options.out.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    console.run(main)
