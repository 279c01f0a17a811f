"""Measure what is refused as no digit: of digits, letters, lines and scribbles.

Digits are MNIST's test digits and those of UNIPEN's test writers, drawn. Letters are read from an
ndjson file of recordings whose labels are letters; those that are written as digits are left out
(O, o, l, I, Z, z, S, s, B, q, g, b).

Example:
  python -m scripts.evaluate_refusal --letters unipen-letters.ndjson.gz
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import tyro

from scripts.shared import console
from strokes.weights import REFUSAL
from train.errors import RunError

RefusalPath = Annotated[Path, tyro.conf.arg(help_behavior_hint="(default: the shipped one)")]


@dataclasses.dataclass(frozen=True)
class Options:
    """What is measured, and on what."""

    letters: Path | None = None
    """File of letters."""
    refusal: Annotated[Path, tyro.conf.arg(help_behavior_hint="(default: the shipped one)")] = (
        REFUSAL
    )
    """Weights that release_refusal wrote."""
    seed: int = 1
    """Of pens, lines and scribbles."""


def main(args: Sequence[str]) -> int:
    """Measure, and say what was found."""
    options = console.parse(Options, args=args)
    if options.seed < 0:
        raise RunError(f"--seed {options.seed}: expected at least 0")
    console.check_file("--letters", options.letters)
    console.check_file("--refusal", options.refusal)
    import numpy as np

    from datasets.mnist import load_mnist
    from datasets.recordings import testing_recordings
    from strokes.reading.refusal import load_refusal
    from train.refusal.measures import read_letters, refused_shares

    digits, _ = load_mnist("test")
    recordings = testing_recordings("unipen")
    letters = read_letters(options.letters) if options.letters is not None else []
    shares = refused_shares(
        load_refusal(options.refusal),
        digits,
        recordings,
        letters,
        generator=np.random.default_rng(options.seed),
    )
    for name, share in shares.items():
        print(f"{name}: {share:.1%} refused")
    return 0


if __name__ == "__main__":
    console.run(main)
