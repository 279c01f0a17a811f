"""How like people hands are: how much repetitions differ within a hand and between hands.

Two digits are compared as `strokes.likeness` does, at MNIST's size: mean distance along the best
warping path, in pixels of 28. Means are over digits, of means over pairs.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from datasets.unipen import writer_of
from strokes.classes import DIGITS
from strokes.hands.hand import Hand
from strokes.hands.imitation import hand_of_recordings
from strokes.hands.registration import stroke_slices
from strokes.hands.writing import repetitions
from strokes.handwriting import Handwriting
from strokes.ink import Recording, Stroke
from strokes.likeness import inked_path, warping_distance
from strokes.pictures.pen import draw_as_mnist
from strokes.reading.recognizer import Recognizer
from strokes.resampling import fit_to_canvas
from train.errors import RunError

Digits = Sequence[Sequence[Sequence[Stroke]]]
"""Of one person, of each digit, the strokes of each repetition."""

_PAIRS = 60  # of a digit, within and between


class Differences(NamedTuple):
    """Mean distances, in pixels of 28."""

    within: float
    """Of two digits by one person."""
    between: float
    """Of two digits by two people."""


def people_of(recordings: Sequence[Recording]) -> dict[str, Digits]:
    """Recordings by who made them."""
    found: dict[str, list[list[list[Stroke]]]] = defaultdict(
        lambda: [[] for _ in range(len(DIGITS))]
    )
    for recording in recordings:
        found[writer_of(recording)][recording.label].append(
            [stroke[:, :2] for stroke in recording.strokes]
        )
    return {**found}


def digits_of(hand: Hand, each: int, *, generator: np.random.Generator) -> Digits:
    """So many repetitions of each digit in a hand."""
    found = []
    for digit in range(len(DIGITS)):
        paths = repetitions(hand, digit, each, generator=generator)
        parts = stroke_slices(hand.counts[digit])
        found.append([[path[part] for part in parts] for path in paths])
    return found


def differences(people: Sequence[Digits], *, generator: np.random.Generator) -> Differences:
    """How much digits differ within and between people, by pairs drawn at random.

    Raises:
      RunError: there are no two digits by one person, or no two people.
    """
    within, between = [], []
    for digit in range(len(DIGITS)):
        known = [person[digit] for person in people if person[digit]]
        several = [one for one in known if len(one) > 1]
        if not several or len(known) < 2:
            continue
        same, other = [], []
        for _ in range(_PAIRS):
            mine = several[int(generator.integers(len(several)))]
            same.append([mine[i] for i in generator.choice(len(mine), 2, replace=False)])
            two = [known[i] for i in generator.choice(len(known), 2, replace=False)]
            other.append([one[int(generator.integers(len(one)))] for one in two])
        within.append(_mean_distance(same))
        between.append(_mean_distance(other))
    if not within:
        raise RunError("to compare hands, two digits by one person and two people are needed")
    return Differences(float(np.mean(within)), float(np.mean(between)))


def imitation(people: Sequence[Digits], *, generator: np.random.Generator) -> tuple[float, float]:
    """Hands made of every second digit of each person, beside the others of the same person.

    Returns:
      mean distance of a written digit to one that the hand was not made of; and of two digits
      of one person, one of either half.
    """
    written, own = [], []
    for person in people:
        shown = [
            Recording(digit, list(strokes), "px")
            for digit, all_of_it in enumerate(person)
            for strokes in all_of_it[::2]
            if len(all_of_it) > 1
        ]
        if not shown:
            continue
        hand = hand_of_recordings(shown)
        again = digits_of(hand, 1, generator=generator)
        for digit, all_of_it in enumerate(person):
            if len(all_of_it) > 1:
                kept = all_of_it[1::2][int(generator.integers(len(all_of_it) // 2))]
                written.append([again[digit][0], kept])
                own.append([all_of_it[0], kept])
    if not written:
        raise RunError("to imitate people, two digits by one person are needed")
    return _mean_distance(written), _mean_distance(own)


def read_digits(
    handwriting: Handwriting, recognizer: Recognizer
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """The digits of numbers, each drawn by itself as MNIST's are: what they are read as, and are.

    Args:
      handwriting: of numbers with at least one digit.
      recognizer: of grey digits.
    """
    pictures, labels = [], []
    for index in range(len(handwriting.texts)):
        number = handwriting.number(index)
        by_character: dict[int, list[Stroke]] = defaultdict(list)
        for stroke, character in zip(number.strokes, number.characters, strict=True):
            by_character[character].append(stroke[:, :2])
        for character, strokes in by_character.items():
            if number.text[character].isdigit():
                pictures.append(draw_as_mnist(strokes)[0])
                labels.append(int(number.text[character]))
    return recognizer.read(np.stack(pictures)), np.array(labels, np.int32)


def _mean_distance(pairs: Sequence[Sequence[Sequence[Stroke]]]) -> float:
    ones, others = (np.stack([_path(pair[side]) for pair in pairs]) for side in (0, 1))
    return float(warping_distance(ones, others).mean())


def _path(strokes: Sequence[Stroke]) -> npt.NDArray[np.float64]:
    return inked_path(fit_to_canvas(Recording(0, list(strokes), "px")))
