"""Train what tells digits from what is none, and pack it: the head that ships.

It learns from MNIST's training digits, recordings drawn with various pens, and strokes that are
no digit, made by rules: lines, scribbles, lines with arcs, digits turned, mirrored or two in one
place. The threshold is that under which one in a hundred of other training digits lies.

Example:
  python -m scripts.release_refusal --out out/refusal.safetensors
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from scripts.shared import console
from train.errors import RunError

_HELD_OUT = 3000


@dataclasses.dataclass(frozen=True)
class Options:
    """What to learn from, and where to write."""

    out: Path = Path("out/refusal.safetensors")
    """File to write."""
    digits: int = 6000
    """Of MNIST's training digits."""
    others: int = 12_000
    """Pictures of what is no digit."""
    source: str = "unipen"
    """Recordings: a name of datasets/recordings.py, or a file."""
    drawn: int = 2500
    """Of the recordings, drawn."""
    seed: int = 0
    """Of everything that is drawn by lot."""


def main(args: Sequence[str]) -> int:
    """Train, pack, and say what was found."""
    options = console.parse(Options, args=args)
    if options.out.suffix != ".safetensors":
        raise RunError(f"--out {options.out}: expected a name that ends in .safetensors")
    for name in ("digits", "others", "drawn"):
        if not 100 <= getattr(options, name) <= 50_000:
            raise RunError(f"--{name} {getattr(options, name)}: expected 100 to 50000")
    if options.seed < 0:
        raise RunError(f"--seed {options.seed}: expected at least 0")
    import numpy as np

    from datasets.mnist import load_mnist
    from datasets.recordings import SETS, teaching_recordings

    recordings = teaching_recordings(options.source)
    pictures, _ = load_mnist("train")
    generator = np.random.default_rng(options.seed)
    order = generator.permutation(len(pictures))
    from strokes.reading.recognizer import load_recognizer
    from strokes.reading.refusal import save_refusal
    from train.refusal.training import make_examples, train_refusal

    examples = make_examples(
        pictures[order[_HELD_OUT : _HELD_OUT + options.digits]],
        recordings,
        drawn=options.drawn,
        others=options.others,
        generator=generator,
    )
    known = SETS.get(options.source)
    refusal = train_refusal(
        load_recognizer(),
        examples,
        pictures[order[:_HELD_OUT]],
        seed=options.seed,
        facts={"recordings": options.source, "credit": known.credit if known else ""},
    )
    save_refusal(refusal, options.out)
    learned = 1.0 - refusal.refused(examples.others).mean()
    print(f"threshold {refusal.threshold:.3f}; of what is no digit, {learned:.1%} pass")
    print(f"head: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
