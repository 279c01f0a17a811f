"""Imitation: a hand that writes as some recordings show it.

A digit that was recorded keeps the shape of its recordings. One that was not is taken from the
person of the bank who writes the recorded ones most alike, slanted and widened as the recordings
are beside that person's.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from strokes.classes import DIGITS
from strokes.errors import DataError
from strokes.hands.bank import Bank, load_bank
from strokes.hands.hand import Hand, Style, make_hand
from strokes.hands.registration import Paths, stroke_slices
from strokes.hands.shapes import MOST_STROKES, POINTS, Shape, shape_of
from strokes.ink import Recording, Stroke
from strokes.resampling import resample_path

_MOST = 40  # repetitions of a digit that are looked at
_NEAREST = 3  # people, of whom a seed draws one
_UNKNOWN = 0.2  # distance, in heights, of a digit that is not known of a person
_USUAL = 4.0  # repetitions that a person's unevenness has to outweigh
_STEADIEST, _UNSTEADIEST = 0.4, 1.6


def hand_of_recordings(
    recordings: Sequence[Recording],
    *,
    name: str = "recordings",
    seed: int = 0,
    bank: Bank | None = None,
) -> Hand:
    """The hand of one person's recordings.

    Args:
      recordings: of one digit or of several, one of each or more.
      name: whose they are, in words.
      seed: decides what they do not show.
      bank: of the people from whom missing digits are taken; the one that ships if not given.

    Raises:
      DataError: there is none, or a digit is in more strokes than a hand can have.
    """
    if not recordings:
        raise DataError(f"{name}: no recording to imitate")
    bank = load_bank() if bank is None else bank
    digits: dict[int, list[list[Stroke]]] = defaultdict(list)
    for recording in recordings:
        digits[recording.label].append([stroke[:, :2] for stroke in recording.strokes])
    for digit, repetitions in digits.items():
        if min(map(len, repetitions)) > MOST_STROKES:
            raise DataError(f"{name}: a {digit} of more than {MOST_STROKES} strokes")
    known = {
        digit: shape_of([one for one in repetitions if len(one) <= MOST_STROKES][:_MOST])
        for digit, repetitions in sorted(digits.items())
    }
    generator = np.random.default_rng([seed, len(recordings)])
    shapes, counts = _completed(known, bank, generator)
    style = Style(unevenness=1.0)
    hand = make_hand(shapes, counts, style, bank.amplitudes, name=name)
    return hand._replace(style=style._replace(unevenness=_unevenness(known, hand)))


def _completed(
    known: dict[int, Shape], bank: Bank, generator: np.random.Generator
) -> tuple[list[Paths], list[tuple[int, ...]]]:
    """Shapes and segments of all ten digits."""
    apart = _distances(known, bank)
    nearest = np.argsort(apart, kind="stable")
    first = int(generator.choice(nearest[:_NEAREST]))
    order = [first, *(int(one) for one in nearest if one != first)]
    shapes, counts = [], []
    for digit in range(len(DIGITS)):
        if digit in known:
            shapes.append(known[digit].path)
            counts.append(known[digit].counts)
            continue
        person = next(one for one in order if bank.ways[one, digit] >= 0)
        way = int(bank.ways[person, digit])
        shapes.append(bank.shapes[person, digit] @ _bearing(known, bank, person).T)
        counts.append(bank.counts[digit][way])
    return shapes, counts


def _even(path: Paths, counts: Sequence[int]) -> Paths:
    """Points equally spaced along the whole way, which digits in any strokes have."""
    joined = np.concatenate([path[part] for part in stroke_slices(counts)])
    return resample_path(joined, POINTS - 1)


def _distances(known: dict[int, Shape], bank: Bank) -> npt.NDArray[np.float64]:
    """How far each person's digits are from those that are known, in heights: ``[W]``."""
    apart = np.full((len(bank.ways), len(known)), _UNKNOWN)
    for column, (digit, shape) in enumerate(known.items()):
        mine = _even(shape.path, shape.counts)
        for person in np.flatnonzero(bank.ways[:, digit] >= 0):
            counts = bank.counts[digit][bank.ways[person, digit]]
            its = _even(bank.shapes[person, digit], counts)
            apart[person, column] = np.linalg.norm(mine - its, axis=1).mean()
    return np.asarray(apart.mean(axis=1))


def _bearing(known: dict[int, Shape], bank: Bank, person: int) -> npt.NDArray[np.float64]:
    """The slant and width that lead from a person's digits to the known ones, ``[2, 2]``."""
    both = [digit for digit in known if bank.ways[person, digit] >= 0]
    if not both:
        return np.eye(2)
    counts = [bank.counts[digit][bank.ways[person, digit]] for digit in both]
    its = np.concatenate(
        [_even(bank.shapes[person, digit], each) for digit, each in zip(both, counts, strict=True)]
    )
    mine = np.concatenate([_even(known[digit].path, known[digit].counts) for digit in both])
    middle = np.array([0.0, 0.5])
    width, slant = np.linalg.lstsq(its + middle, mine[:, 0], rcond=None)[0]
    return np.array([[np.clip(width, 0.7, 1.4), np.clip(slant, -0.5, 0.5)], [0.0, 1.0]])


def _unevenness(known: dict[int, Shape], hand: Hand) -> float:
    """How far repetitions are apart, as a factor of what is usual, drawn towards 1."""
    seen = usual = _USUAL
    for digit, shape in known.items():
        free = len(shape.repetitions) - 1
        expected = float((hand.factors[digit] ** 2).sum())
        if free:
            rest = shape.repetitions - shape.path
            seen += float((rest**2).sum()) / expected
            usual += free
    return float(np.clip(np.sqrt(seen / usual), _STEADIEST, _UNSTEADIEST))
