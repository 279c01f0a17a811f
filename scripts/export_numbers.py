"""Make a data set of handwritten numbers: text and strokes, in many hands.

Writes numbers.parquet, a row a number, and synthesis/, the arrays that programs of handwriting
synthesis train on: offsets and end of stroke, and the text. docs/numbers.md says what is in them.
Hands are drawn by lot; each writes about as many numbers as the others, one after the other.

Examples:
  python -m scripts.export_numbers --count 100000 --length 1..8
  python -m scripts.export_numbers --count 5000 --length 4 --hands 50 --signs 0.3
"""

import dataclasses
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.shared import console
from train.errors import RunError

if TYPE_CHECKING:
    from strokes.formats.numbers.parquet import HandedNumbers

_MOST_DIGITS = 30
_MOST_HANDS = 30_000
_CHUNK = 2_000  # numbers, about
_TOGETHER = 100  # hands: each takes 600 kB


@dataclasses.dataclass(frozen=True)
class Options:
    """How many numbers, how long, in how many hands."""

    count: int = 10_000
    """Numbers to write."""
    length: str = "1..8"
    """Digits of a number: so many, or from..to, each as often."""
    hands: int = 1000
    """Hands, of the seeds from HANDS * SEED on."""
    signs: float = 0.0
    """Share of numbers that have a minus, and likewise of those with a decimal point or comma."""
    seed: int = 0
    """Of numbers and of how they are written."""
    rate: float = 60.0
    """Points a second."""
    out: Path = Path("out/numbers")
    """Folder to write into; files of the same names are replaced."""


def _lengths(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,4})(?:\.\.(\d{1,4}))?", text, re.ASCII)
    if match:
        low, high = int(match[1]), int(match[2] or match[1])
        if 1 <= low <= high <= _MOST_DIGITS:
            return low, high
    raise RunError(f"--length {text}: expected as 4, or 1..8, from 1 to {_MOST_DIGITS} digits")


def _check(options: Options) -> None:
    if options.count < 1:
        raise RunError(f"--count {options.count}: expected at least 1")
    if not 1 <= options.hands <= _MOST_HANDS:
        raise RunError(f"--hands {options.hands}: expected 1 to {_MOST_HANDS}")
    if not 0.0 <= options.signs <= 1.0:
        raise RunError(f"--signs {options.signs}: expected a share, 0 to 1")
    if options.seed < 0:
        raise RunError(f"--seed {options.seed}: expected at least 0")
    if not 20 <= options.rate <= 1000:
        raise RunError(f"--rate {options.rate}: expected 20 to 1000 points a second")


def _chunks(
    options: Options, lengths: tuple[int, int], bar: console.ProgressBar
) -> Iterator["HandedNumbers"]:
    from strokes.formats.numbers.parquet import HandedNumbers
    from strokes.hands.hand import hand_by_lot
    from strokes.hands.texts import random_numbers
    from strokes.hands.writing import write_numbers

    hands = min(options.hands, options.count)
    first = options.hands * options.seed
    texts: list[str] = []
    written: list[int] = []
    for hand in range(hands):
        each = (hand + 1) * options.count // hands - hand * options.count // hands
        texts += random_numbers(each, lengths, signs=options.signs, seed=first + hand)
        written += [first + hand] * each
        full = len(texts) >= _CHUNK or len(set(written)) >= _TOGETHER
        if full or hand == hands - 1:
            known = {seed: hand_by_lot(seed) for seed in dict.fromkeys(written)}
            mine = [known[seed] for seed in written]
            # Another seed for each chunk, or equal texts would be moved alike.
            found = write_numbers(texts, mine, seed=written[0], rate=options.rate)
            bar.advance(len(texts))
            yield HandedNumbers(found, written)
            texts, written = [], []


def main(args: Sequence[str]) -> int:
    """Write, and say what was written where."""
    options = console.parse(Options, args=args)
    lengths = _lengths(options.length)
    _check(options)
    from strokes.formats.numbers.parquet import (
        iterate_numbers_parquet,
        numbers_metadata,
        write_numbers_parquet,
    )
    from strokes.formats.numbers.synthesis import write_synthesis
    from strokes.hands.bank import load_bank

    table = options.out / "numbers.parquet"
    metadata = numbers_metadata(
        seed=str(options.seed),
        rate=str(options.rate),
        length=options.length,
        credit=str(load_bank().facts.get("credit", "")),
    )
    with console.ProgressBar(options.count, label="writing", unit=" numbers") as bar:
        count = write_numbers_parquet(_chunks(options, lengths, bar), table, metadata=metadata)
    print(f"numbers: {table}, {count:,}")
    write_synthesis(lambda: iterate_numbers_parquet(table), options.out / "synthesis")
    print(f"arrays: {options.out / 'synthesis'}")
    return 0


if __name__ == "__main__":
    console.run(main)
