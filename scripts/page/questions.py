"""What the page asks: the digits that a pen wrote, or that a picture shows."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.ink import Stroke
from strokes.pictures.digits import prepare_all
from strokes.pictures.files import read_picture
from strokes.pictures.places import WHOLE, Place, filling, place_on
from strokes.pictures.preparation import ENOUGH, Prepared
from strokes.pictures.thinning import thin
from strokes.reading.numbers import separate
from strokes.reading.pen import Pressures, find_digits
from strokes.reading.recognizer import Recognizer

MOST_DIGITS = 12
"""Of a number."""

_CUT_OUT = -3  # the stage of a digit by itself, in its picture


class Digit(NamedTuple):
    """A digit that is to be read and, if it is one, written."""

    prepared: Prepared
    thinned: npt.NDArray[np.uint8]
    """``[28, 28]``, not blank."""
    place: Place
    """Of its canvas on the page's."""


class Question(NamedTuple):
    """Digits from left to right; there are none where nothing is left of the ink."""

    digits: tuple[Digit, ...]
    passing: bool = False
    """The pen goes on: what is written now need not be refined."""


def _digits(found: Sequence[tuple[Prepared, Place]]) -> tuple[Digit, ...]:
    if len(found) > MOST_DIGITS:
        raise DataError(f"{len(found)} digits, expected at most {MOST_DIGITS} at a time")
    if not found:
        return ()
    thinned = thin(np.stack([prepared.picture for prepared, _ in found]))
    return tuple(
        Digit(prepared, lines, place)
        for (prepared, place), lines in zip(found, thinned, strict=True)
        if lines.any()
    )


def of_strokes(
    strokes: Sequence[Stroke],
    pressures: Pressures | None,
    recognizer: Recognizer,
    *,
    passing: bool = False,
) -> Question:
    """What a pen wrote, as a question.

    Args:
      strokes: ``[n, 2]`` or ``[n, 3]`` each, in canvas units.
      pressures: ``[n]`` each, in 0..1, if the pen knows.
      recognizer: finds how many digits there are.
      passing: the pen goes on.

    Raises:
      DataError: there are too many digits.
    """
    return Question(_digits(find_digits(strokes, recognizer, pressures=pressures)), passing)


def of_picture(content: bytes, recognizer: Recognizer) -> Question:
    """The digits in a picture file, as a question.

    Args:
      content: of the file.
      recognizer: finds how many digits there are.

    Raises:
      DataError: it is no picture, there is nothing to be seen, or there are too many digits.
    """
    photo = read_picture(content, name="picture", enough=ENOUGH)
    found = [
        one
        for _, one in prepare_all(
            photo, separate=lambda mask: separate(mask, recognizer), name="picture"
        )
        if isinstance(one, Prepared)
    ]
    if len(found) < 2:
        return Question(_digits([(one, WHOLE) for one in found]))
    masks = [np.asarray(one.stages[_CUT_OUT].picture > 0) for one in found]
    places = [place_on(one, mask) for one, mask in zip(found, masks, strict=True)]
    return Question(_digits(list(zip(found, filling(places, masks), strict=True))))
