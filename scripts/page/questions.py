"""What the page asks: the digits, or the one character, that a pen wrote or a picture shows."""

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.ink import Stroke
from strokes.pictures.digits import prepare_all
from strokes.pictures.files import read_picture
from strokes.pictures.names import Form
from strokes.pictures.places import WHOLE, Place, filling, place_on
from strokes.pictures.preparation import ENOUGH, Prepared
from strokes.pictures.thinning import thin
from strokes.reading.numbers import separate
from strokes.reading.pen import Pressures, find_digits
from strokes.reading.recognizer import Recognizer

MOST_DIGITS = 12
"""Of a number."""

_CUT_OUT = -3  # the stage of a digit by itself, in its picture


class Finder(NamedTuple):
    """What finds digits, or other characters, and prepares them."""

    form: Form = Form()
    """What they are prepared as."""
    separator: Recognizer | None = None
    """Finds how many digits there are; without one, one character is written at a time."""


class Digit(NamedTuple):
    """A digit, or another character, that is to be read and, if it is one, written."""

    prepared: Prepared
    thinned: npt.NDArray[np.uint8]
    """As its picture, ``[S, S]``, not blank."""
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
    finder: Finder,
    *,
    passing: bool = False,
) -> Question:
    """What a pen wrote, as a question.

    Args:
      strokes: ``[n, 2]`` or ``[n, 3]`` each, in canvas units.
      pressures: ``[n]`` each, in 0..1, if the pen knows.
      finder: of what was written.
      passing: the pen goes on.

    Raises:
      DataError: there are too many digits.
    """
    found = find_digits(strokes, finder.separator, pressures=pressures, form=finder.form)
    return Question(_digits(found), passing)


def of_picture(content: bytes, finder: Finder) -> Question:
    """The digits in a picture file, as a question.

    Args:
      content: of the file.
      finder: of what it shows.

    Raises:
      DataError: it is no picture, there is nothing to be seen, or there are too many digits.
    """
    photo = read_picture(content, name="picture", enough=ENOUGH)
    separator = finder.separator
    cut = None if separator is None else functools.partial(separate, recognizer=separator)
    found = [
        one
        for _, one in prepare_all(photo, form=finder.form, separate=cut, name="picture")
        if isinstance(one, Prepared)
    ]
    if len(found) < 2:
        return Question(_digits([(one, WHOLE) for one in found]))
    masks = [np.asarray(one.stages[_CUT_OUT].picture > 0) for one in found]
    places = [place_on(one, mask) for one, mask in zip(found, masks, strict=True)]
    return Question(_digits(list(zip(found, filling(places, masks), strict=True))))
