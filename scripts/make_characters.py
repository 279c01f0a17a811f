"""Make a set of thousands of uneven classes, to test scale: characters composed by rule.

How many training pictures a class has follows Zipf's law; test pictures are as many of each class.
`--set FILE` of train_recognizer takes what is written.

Example:
  python -m scripts.make_characters --classes 4000 --pictures 200000 --out out/made.npz
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from scripts.shared import console
from train.errors import RunError

_MOST = 20_000  # classes: the radicals make no more that are surely different
_MOST_PICTURES = 2_000_000


@dataclasses.dataclass(frozen=True)
class Options:
    """What to make."""

    classes: int = 4000
    """Characters."""
    pictures: int = 200_000
    """Training pictures, of all classes together."""
    tests: int = 5
    """Test pictures of each class."""
    side: int = 28
    """Height and width of pictures."""
    seed: int = 0
    """Decides characters and pictures."""
    out: Path = Path("out/made.npz")
    """File to write."""


def main(args: Sequence[str]) -> int:
    """Compose, draw and write."""
    options = console.parse(Options, args=args)
    for name, value, most in (
        ("--classes", options.classes, _MOST),
        ("--pictures", options.pictures, _MOST_PICTURES),
        ("--tests", options.tests, 100),
        ("--side", options.side, 256),
    ):
        least = 8 if name == "--side" else 1
        if not least <= value <= most:
            raise RunError(f"{name} {value}: expected {least} to {most:,}")
    if options.pictures < options.classes:
        raise RunError(f"--pictures {options.pictures}: fewer than --classes {options.classes}")
    if options.seed < 0:
        raise RunError(f"--seed {options.seed}: expected at least 0")
    import numpy as np

    from datasets.made_characters import made_characters, made_labels, made_pictures, zipf_counts
    from datasets.prepared import Part, Split, write_prepared
    from strokes.classes import Classes

    characters = made_characters(options.classes, seed=options.seed)
    counts = zipf_counts(options.classes, options.pictures)
    tests = np.full(options.classes, options.tests)
    side = options.side
    parts: dict[Split, Part] = {
        "train": Part(
            made_labels(counts), made_pictures(characters, counts, seed=2 * options.seed, side=side)
        ),
        "test": Part(
            made_labels(tests),
            made_pictures(characters, tests, seed=2 * options.seed + 1, side=side),
        ),
    }
    names = Classes(tuple(f"made {number}" for number in range(options.classes)))
    facts = {"made": "scripts.make_characters", "seed": options.seed}
    write_prepared(options.out, parts, names, height=side, width=side, facts=facts)
    print(
        f"{options.classes:,} classes of {counts[0]:,} to {counts[-1]:,} training pictures, "
        f"{options.tests} test pictures each: {options.out}"
    )
    return 0


if __name__ == "__main__":
    console.run(main)
