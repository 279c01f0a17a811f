"""Layout: characters side by side on a line, as unevenly as people place them.

Characters are paths in units of a digit's height, standing on y = 0; what is placed is in mm, y
down, the line at y = 0 and the first ink at x = 0.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

SIZE_SPREAD = 0.05
"""Standard deviation of the logarithm of a character's size, within a number."""
BASELINE_SPREAD = 0.025
"""Standard deviation of a character's height above the line, in heights."""
SPACING_SPREAD = 0.06
"""Standard deviation of the paper between two characters, in heights."""
SLOPE_SPREAD = 0.8
"""Standard deviation of the line's slope, in degrees."""

_BANDS = np.linspace(-1.05, 0.25, 14)  # in which the paper between two characters is measured
_OPTICAL = 0.6  # how much that counts beside the paper between their boxes
_NARROWEST = 0.12  # from line to line, in heights, anywhere: pens are up to 0.1 wide


class Place(NamedTuple):
    """What is asked for of C characters."""

    number: Indices
    """``[C]``: which number each belongs to, ascending."""
    size: Floats
    """``[C]``: of its hand, in mm."""
    spacing: Floats
    """``[C]``: of its hand, in heights."""
    unevenness: Floats
    """``[C]``: of its hand."""


def place(paths: Floats, asked: Place, *, generator: np.random.Generator) -> Floats:
    """Place characters on their numbers' lines.

    Args:
      paths: ``[C, P, 2]``.
      asked: whose each is, and how its hand places it.
      generator: of unevenness.

    Returns:
      ``[C, P, 2]`` in mm.
    """
    count = len(paths)
    uneven = asked.unevenness
    scale = np.exp(SIZE_SPREAD * uneven * generator.normal(size=count))
    sized = paths * scale[:, None, None]
    sized[..., 1] += (BASELINE_SPREAD * uneven * generator.normal(size=count))[:, None]
    spacing = asked.spacing + SPACING_SPREAD * uneven * generator.normal(size=count)
    left, right = _profiles(sized)
    needed = _advance(left, right, np.maximum(spacing, _NARROWEST), step=1)
    # A sign is low or small: the digit behind it must not meet the one before it.
    beyond = _advance(left, right, np.full(count, _NARROWEST), step=2)
    apart = np.maximum(needed[2:], beyond[2:] - needed[1:-1])
    needed[2:] = np.where(asked.number[2:] == asked.number[:-2], apart, needed[2:])
    starts = np.flatnonzero(np.diff(asked.number, prepend=-1))
    needed[starts] = 0.0
    total = np.cumsum(needed)
    begun = np.repeat(starts, np.diff(np.append(starts, count)))
    first = total[begun] + sized[begun, :, 0].min(axis=1)
    sized[..., 0] += (total - first)[:, None]
    slope = np.tan(np.deg2rad(SLOPE_SPREAD) * uneven[starts] * generator.normal(size=len(starts)))
    sized[..., 1] += np.repeat(slope, np.diff(np.append(starts, count)))[:, None] * sized[..., 0]
    return sized * asked.size[:, None, None]


def _profiles(paths: Floats) -> tuple[Floats, Floats]:
    """The leftmost and the rightmost ink of each character in each band, ``[C, bands]``."""
    x, band = paths[..., 0], np.searchsorted(_BANDS, paths[..., 1])
    left = np.full((len(paths), len(_BANDS) + 1), np.inf)
    right = np.full_like(left, -np.inf)
    for index in range(left.shape[1]):
        inside = band == index
        left[:, index] = np.where(inside, x, np.inf).min(axis=1)
        right[:, index] = np.where(inside, x, -np.inf).max(axis=1)
    return left, right


def _advance(left: Floats, right: Floats, spacing: Floats, *, step: int) -> Floats:
    """How far each character is from where the one so many before it is, ``[C]``."""
    near = right[:-step].copy()  # ink in the bands above and below is in the way too
    near[:, 1:] = np.maximum(near[:, 1:], right[:-step, :-1])
    near[:, :-1] = np.maximum(near[:, :-1], right[:-step, 1:])
    optical = (near - left[step:]).max(axis=1, initial=-np.inf)
    boxes = right[:-step].max(axis=1) - left[step:].min(axis=1)
    optical = np.where(np.isfinite(optical), optical, boxes - spacing[step:])
    wanted = spacing[step:] + _OPTICAL * optical + (1.0 - _OPTICAL) * boxes
    found = np.maximum(wanted, optical + _NARROWEST)
    return np.concatenate([np.zeros(min(step, len(left))), found])
