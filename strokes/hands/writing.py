"""Writing numbers in hands: any number of them at once."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.hands.hand import CHARACTERS, Hand
from strokes.hands.layout import Place, place
from strokes.hands.timing import move
from strokes.handwriting import Handwriting

MOST_CHARACTERS = 100
"""Of a number."""

RATE = 100.0
"""Points a second, as tablets give them."""

_CARE_SPREAD = 0.35  # of the logarithm of how far one repetition strays


def check_text(text: str) -> None:
    """Refuse what no hand can write.

    Raises:
      DataError: nothing, more than `MOST_CHARACTERS`, or something else than digits, one minus
        at the beginning, and points and commas of which each stands beside a digit.
    """
    if len(text) > MOST_CHARACTERS:
        raise DataError(f"a number of {len(text)} characters, expected at most {MOST_CHARACTERS}")
    if not re.fullmatch(r"-?[.,]?\d+([.,]\d+)*[.,]?", text, re.ASCII):
        raise DataError(
            f"{text!r}: no number; expected digits, with a minus before and points or commas "
            "between them, as -3.14 or 1,000.5"
        )


def write_numbers(
    texts: Sequence[str], hands: Hand | Sequence[Hand], *, seed: int = 0, rate: float = RATE
) -> Handwriting:
    """Write numbers, each character anew.

    Args:
      texts: N of them; see `check_text`.
      hands: one for all, or one for each.
      seed: the same one with the same texts and hands gives the same points.
      rate: points a second; 20 or more.

    Raises:
      DataError: a text is none, or there is none.
      ValueError: hands of another number, or a rate below 20.
    """
    if not texts:
        raise DataError("no number to write")
    for text in texts:
        check_text(text)
    every = [hands] * len(texts) if isinstance(hands, Hand) else list(hands)
    if len(every) != len(texts):
        raise ValueError(f"{len(every)} hands for {len(texts)} numbers")
    if not rate >= 20:
        raise ValueError(f"rate is {rate}, expected at least 20 points a second")
    generator = np.random.default_rng([seed, len(texts)])
    return _written(list(texts), every, generator, rate)


def repetitions(
    hand: Hand, character: int, count: int, *, generator: np.random.Generator
) -> npt.NDArray[np.float64]:
    """One character again and again, never the same: paths ``[count, P, 2]``, in heights."""
    factor = hand.factors[character]
    drawn = generator.standard_normal((count, factor.shape[1])) @ factor.T
    care = np.exp(_CARE_SPREAD * generator.standard_normal((count, 1, 1)))
    moved = drawn.reshape(count, -1, 2) * care * hand.style.unevenness
    return np.asarray(hand.shapes[character] + moved)


def _written(
    texts: list[str], hands: list[Hand], generator: np.random.Generator, rate: float
) -> Handwriting:
    lengths = np.array([len(text) for text in texts])
    number = np.repeat(np.arange(len(texts)), lengths)
    codes = np.array([CHARACTERS.index(one) for text in texts for one in text])
    known = {id(hand): hand for hand in hands}
    keys = {key: index for index, key in enumerate(known)}
    whose = np.array([keys[id(hand)] for hand in hands])[number]
    distinct = list(known.values())

    paths = np.empty((len(codes), *distinct[0].shapes.shape[1:]))
    lifted = np.empty(paths.shape[:2], np.bool_)
    flags = [hand.lifted for hand in distinct]
    pairs, members = np.unique(whose * len(CHARACTERS) + codes, return_inverse=True)
    order = np.argsort(members, kind="stable")
    bounds = np.searchsorted(members[order], np.arange(len(pairs) + 1))
    for pair, start, end in zip(pairs.tolist(), bounds[:-1], bounds[1:], strict=True):
        index, code = divmod(pair, len(CHARACTERS))
        rows = order[start:end]
        paths[rows] = repetitions(distinct[index], code, len(rows), generator=generator)
        lifted[rows] = flags[index][code]

    styles = [hand.style for hand in distinct]
    size, spacing, unevenness, tempo = (
        np.array([getattr(style, name) for style in styles])[whose]
        for name in ("size", "spacing", "unevenness", "tempo")
    )
    placed = place(paths, Place(number, size, spacing, unevenness), generator=generator)
    ends = np.flatnonzero(lifted.ravel()) + 1  # a stroke ends where the pen is lifted
    starts = np.concatenate([[0], ends])
    character = starts[:-1] // lifted.shape[1]
    timed = move(
        placed.reshape(-1, 2),
        starts,
        heights=size[character],
        tempo=tempo[character],
        rate=rate,
        generator=generator,
    )
    firsts = np.concatenate([[0], np.cumsum(lengths)])[:-1]
    number_starts = np.append(np.searchsorted(character, firsts), len(character))
    begun = timed.times[timed.starts[number_starts[:-1]]]
    stroke = np.repeat(np.arange(len(character)), np.diff(timed.starts))
    elapsed = timed.times - begun[number[character]][stroke]
    points = np.concatenate([timed.points, 1000.0 * elapsed[:, None]], axis=1)
    within = character - firsts[number[character]]
    return Handwriting(texts, points.astype(np.float32), timed.starts, number_starts, within)
