"""How many characters there are in a line, and which: cut in every likely way, read, and compared.

A line is over-segmented into atoms (`strokes.pictures.cuts`); every few neighbours that may be a
digit are read; the way through them that is likeliest is found by dynamic programming, as
LeCun et al. (1998) read amounts on cheques. What is left of a digit that was cut in the wrong place
is read too; that it is no digit is known by the score that refuses what is none
(`strokes.reading.refusal`). The weights were chosen by random search on numbers pasted from MNIST's
training digits, and on recordings drawn so that they touch.

Of other classes no score says what is none, and half an m is an n: their ink is not cut. Parts with
paper between them are put together to characters in the way that the recogniser of these classes is
surest of. These weights were chosen on words of two to four letters of training writers.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.pictures.binarising import box_of
from strokes.pictures.cuts import Atom, atoms, may_be_several, parts_apart
from strokes.pictures.preparation import prepare_mask
from strokes.pictures.stages import Mask
from strokes.reading.recognizer import Recognizer, form_of
from strokes.reading.refusal import load_refusal

_ASPECTS = np.array([-0.11, -0.92, -0.07, -0.22, -0.24, -0.05, -0.36, -0.27, -0.28, -0.40])
"""Mean logarithm of width over height of each of MNIST's digits; below, their spreads."""
_SPREADS = np.array([0.20, 0.48, 0.24, 0.22, 0.22, 0.27, 0.23, 0.23, 0.22, 0.21])
_SHAPE = 0.05  # weight of the shape beside the reading
_LOW, _LOW_SPREAD = -0.33, 0.34  # logarithm of height over the line's: lower ones are unlikely
_PER_CUT = 0.35  # log-likelihood that a stroke width of ink, cut through, costs
_PER_GAP = 24.0  # that a gap as broad as the line is high costs within a digit
_PER_DIGIT = 0.7  # that a further digit gains, or one digit would be read for two
_LIKE, _PER_UNLIKE = 6.2, 0.16  # score of a digit, and what each that it lacks costs
_LEAST_DOUBT = 0.002  # of what the recogniser says is not believed
_BROADEST = 1.9  # of the line's height: no digit is
_MOST_ATOMS = 7  # in a digit
_PER_PART, _PER_CHARACTER = 2.0, 0.5  # as of a gap and a further digit, of other classes
_BROAD_SPREAD = 0.3  # of the logarithm of width over height, of what is broader than high


class _Candidate(NamedTuple):
    """Neighbouring atoms that may be a digit."""

    first: int
    last: int
    """The atom after its last one."""
    mask: Mask


def _gap(mask: Mask) -> int:
    """Columns without ink between columns with ink."""
    inked = np.flatnonzero(mask.any(axis=0))
    return int(inked[-1] - inked[0] + 1 - len(inked))


def _candidates(parts: Sequence[Atom], height: int) -> list[_Candidate]:
    found = []
    for first in range(len(parts)):
        mask = np.zeros_like(parts[0].mask)
        for last in range(first, min(first + _MOST_ATOMS, len(parts))):
            mask = mask | parts[last].mask
            _, columns = box_of(mask)
            broad = columns.stop - columns.start > _BROADEST * height
            if broad and last > first and (first, last + 1) != (0, len(parts)):
                break
            found.append(_Candidate(first, last + 1, mask))
    return found


def _log_likelihoods(
    candidates: Sequence[_Candidate], height: int, recognizer: Recognizer
) -> npt.NDArray[np.float64]:
    """How well each candidate is a digit, or other character, ``[K]``."""
    form = form_of(recognizer)
    pictures, sizes = [], []
    for one in candidates:
        rows, columns = box_of(one.mask)
        sizes.append((rows.stop - rows.start, columns.stop - columns.start, _gap(one.mask)))
        try:
            pictures.append(prepare_mask(one.mask[rows, columns], form=form).picture)
        except DataError:  # a hair: blank, which the recogniser is not sure of
            pictures.append(np.zeros((form.side, form.side), np.uint8))
    high, broad, gap = np.array(sizes, np.float64).T
    shown = np.stack(pictures)
    chances = recognizer.probabilities(shown)
    read = np.log((1 - _LEAST_DOUBT) * chances + _LEAST_DOUBT / chances.shape[1])  # [K, C]
    if not recognizer.classes.of_digits:
        broader = np.maximum(np.log(broad / high), 0.0) / _BROAD_SPREAD
        likely = read.max(axis=1) - 0.5 * broader**2 - _PER_PART * gap / height
        return np.asarray(likely + _PER_CHARACTER)
    unlike = np.maximum(_LIKE - load_refusal().scores(shown), 0.0)
    digits = [int(name) for name in recognizer.classes.names]
    aspect = (np.log(broad / high)[:, None] - _ASPECTS[digits]) / _SPREADS[digits]
    best = (read - 0.5 * _SHAPE * aspect**2).max(axis=1)
    low = np.minimum(np.log(high / height) - _LOW, 0.0) / _LOW_SPREAD
    likely = best - 0.5 * low**2 - _PER_GAP * gap / height - _PER_UNLIKE * unlike
    return np.asarray(likely + _PER_DIGIT)


def separate(mask: Mask, recognizer: Recognizer) -> list[Mask]:
    """The digits, or other characters, of a line, from left to right; one where there is one.

    Args:
      mask: ``[H, W]``, where ink is, without specks, not empty.
      recognizer: of grey pictures. Only what it reads as digits is cut where they touch.

    Returns:
      of each its ink, ``[H, W]``.
    """
    if not may_be_several(mask):
        return [mask]
    parts = atoms(mask) if recognizer.classes.of_digits else parts_apart(mask)
    return separate_atoms(parts, recognizer)


def separate_atoms(parts: Sequence[Atom], recognizer: Recognizer) -> list[Mask]:
    """The characters of a line whose parts are known, from left to right.

    Args:
      parts: of the line, as `atoms` gives them, at least one.
      recognizer: of grey pictures.

    Returns:
      of each its ink, ``[H, W]``.
    """
    rows, _ = box_of(np.asarray(np.any([part.mask for part in parts], axis=0)))
    height = rows.stop - rows.start
    candidates = _candidates(parts, height)
    likely = _log_likelihoods(candidates, height, recognizer)
    cuts = [_PER_CUT * part.cut for part in parts]
    best = np.full(len(parts) + 1, -np.inf)
    best[0] = 0.0
    chosen: dict[int, int] = {}
    for index, one in enumerate(candidates):  # in the order of their first atoms
        score = best[one.first] + likely[index] - cuts[one.first]
        if score > best[one.last]:
            best[one.last], chosen[one.last] = score, index
    found: list[Mask] = []
    place = len(parts)
    while place > 0:
        one = candidates[chosen[place]]
        found.append(one.mask)
        place = one.first
    return found[::-1]
