"""Measure how like people hands are: repetitions within a hand, between hands, and reading.

Compares hands drawn by lot with UNIPEN's test writers, whom the bank of hands never saw; hands
made of every second recording of these writers with their other ones; and lets the shipped
recogniser read single digits of numbers.

Example:
  python -m scripts.evaluate_hands --hands 60 --json
"""

import dataclasses
import json
from collections.abc import Sequence

from scripts.shared import console
from train.errors import RunError

_EACH = 4  # repetitions of each digit by a hand


@dataclasses.dataclass(frozen=True)
class Options:
    """How much is compared."""

    hands: int = 60
    """Hands, of the seeds from 0 on."""
    numbers: int = 400
    """Numbers of eight digits that are read."""
    seed: int = 0
    """Decides which digits are compared."""
    json: bool = False
    """Print a JSON object instead of lines."""


def _measured(options: Options) -> dict[str, float]:
    import numpy as np

    from datasets.recordings import testing_recordings
    from strokes.hands.hand import hand_by_lot
    from strokes.hands.texts import random_numbers
    from strokes.hands.writing import write_numbers
    from strokes.reading.recognizer import load_recognizer
    from train.hands.measures import differences, digits_of, imitation, people_of, read_digits

    recordings = testing_recordings("unipen")
    generator = np.random.default_rng(options.seed)
    people = list(people_of(recordings).values())
    theirs = differences(people, generator=generator)
    hands = [hand_by_lot(seed) for seed in range(options.hands)]
    drawn = [digits_of(hand, _EACH, generator=generator) for hand in hands]
    ours = differences(drawn, generator=generator)
    imitated, own = imitation(people, generator=generator)
    texts = random_numbers(options.numbers, (8, 8), signs=0.0, seed=options.seed)
    written = write_numbers(texts, [hands[i % len(hands)] for i in range(len(texts))])
    read, labels = read_digits(written, load_recognizer())
    return {
        "within, people": theirs.within,
        "within, hands": ours.within,
        "between, people": theirs.between,
        "between, hands": ours.between,
        "one person's halves": own,
        "imitation and person": imitated,
        "read": float((read == labels).mean()),
    }


def main(args: Sequence[str]) -> int:
    """Measure, and say what was found."""
    options = console.parse(Options, args=args)
    if options.hands < 2 or options.numbers < 1 or options.seed < 0:
        raise RunError(
            f"--hands {options.hands} --numbers {options.numbers} --seed {options.seed}: "
            "expected at least 2, 1 and 0"
        )
    found = _measured(options)
    if options.json:
        print(json.dumps({name: round(value, 4) for name, value in found.items()}))
    else:
        for name, value in found.items():
            print(f"{name}: {value:.3f}")
    return 0


if __name__ == "__main__":
    console.run(main)
