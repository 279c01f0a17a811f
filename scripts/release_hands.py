"""Gather the bank of hands that ships: how many people write each digit, made of their recordings.

Takes the recordings of UNIPEN's training writers; the writers on whom hands are measured
(scripts.evaluate_hands) are not among them. It takes about a minute.

Example:
  python -m scripts.release_hands --out out/hands.safetensors
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from scripts.shared import console
from train.errors import RunError


@dataclasses.dataclass(frozen=True)
class Options:
    """What to gather, and where to."""

    out: Path = Path("out/hands.safetensors")
    """File to write."""
    seed: int = 0
    """Of the hands that are compared with people, to find how far repetitions stray."""


def main(args: Sequence[str]) -> int:
    """Gather, and say what was found."""
    options = console.parse(Options, args=args)
    if options.out.suffix != ".safetensors":
        raise RunError(f"--out {options.out}: expected a name that ends in .safetensors")
    if options.seed < 0:
        raise RunError(f"--seed {options.seed}: expected at least 0")
    from datasets.recordings import SETS, teaching_recordings
    from strokes.hands.bank import save_bank
    from train.hands.people import calibrate, gather_bank

    recordings = teaching_recordings("unipen")
    facts = {"recordings": "unipen", "credit": SETS["unipen"].credit, "seed": options.seed}
    bank = calibrate(gather_bank(recordings, facts), recordings, seed=options.seed)
    save_bank(bank, options.out)
    ways = ", ".join(f"{digit}: {len(counts)}" for digit, counts in enumerate(bank.counts))
    print(f"{len(bank.ways)} people, ways of each digit {ways}")
    print(f"bank: {options.out}, {options.out.stat().st_size / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    console.run(main)
