"""How much of what is no digit is refused, and how many digits are."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from strokes.errors import DataError
from strokes.formats.limits import numbered_lines
from strokes.ink import Recording, Stroke, checked_strokes
from strokes.reading.refusal import Refusal
from train.refusal.nondigits import Pictures, draw_fast, line, make_pictures, scribble

LIKE_DIGITS = frozenset("OolIZzSsBqgb")
"""Letters that are written as digits are."""

_MOST = 2500  # letters, drawn by lot
_MADE = 500  # lines, and scribbles


def read_letters(path: Path) -> list[list[Stroke]]:
    """The strokes of letters that are not like digits, from recordings whose labels are letters.

    Raises:
      DataError: the file cannot be read, or a line is none.
    """
    found = []
    for number, text in numbered_lines(path):
        try:
            entry = json.loads(text)
            if entry["label"] not in LIKE_DIGITS:
                found.append(checked_strokes(entry["strokes"]))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{path}, line {number}: no letter ({error})") from error
    if not found:
        raise DataError(f"{path}: no letter in it")
    return found


def drawn(digits: Sequence[Sequence[Stroke]], *, generator: np.random.Generator) -> Pictures:
    """Strokes as pictures, with various pens."""
    flat = [[stroke[:, :2] for stroke in strokes] for strokes in digits]
    return np.array([draw_fast(one, generator=generator) for one in flat], np.uint8)


def refused_shares(
    refusal: Refusal,
    digits: Pictures,
    recordings: Sequence[Recording],
    letters: Sequence[Sequence[Stroke]],
    *,
    generator: np.random.Generator,
) -> dict[str, float]:
    """Share of each kind that is refused.

    Args:
      refusal: to measure.
      digits: pictures, as MNIST's test digits.
      recordings: of digits, by people whom no training saw.
      letters: strokes of letters; of none, their share is left out.
      generator: of pens, lines and scribbles.
    """
    chosen = generator.permutation(len(letters))[:_MOST]
    pictures = {
        "MNIST's digits": digits,
        "recorded digits": drawn([one.strokes for one in recordings], generator=generator),
        "letters": drawn([letters[one] for one in chosen], generator=generator),
        "lines": make_pictures(line, _MADE, generator=generator),
        "scribbles": make_pictures(scribble, _MADE, generator=generator),
    }
    return {
        name: float(refusal.refused(shown).mean()) for name, shown in pictures.items() if len(shown)
    }
