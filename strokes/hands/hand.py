"""A hand: how one person writes the ten digits and a number's signs, and what these have in common.

Hands are drawn by lot (`hand_by_lot`), or taken from recordings (`strokes.hands.imitation`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d

from strokes.classes import DIGITS
from strokes.hands.bank import Bank, load_bank
from strokes.hands.registration import Paths, stroke_slices
from strokes.hands.shapes import POINTS
from strokes.hands.variation import Factor, factor
from strokes.ink import Flags
from strokes.resampling import lifts_of_counts, quadratic_curve

CHARACTERS = "0123456789.,-"
"""What a hand can write, in the order of its shapes."""

_SIGNS = {  # quadratic curves: first point, control, last; see `strokes.hands.shapes`
    ".": ((0.0, -0.03), (0.01, -0.015), (0.015, 0.0)),
    ",": ((0.03, -0.09), (0.07, 0.06), (-0.06, 0.16)),
    "-": ((-0.2, -0.45), (0.0, -0.47), (0.2, -0.46)),
}

_SIGN_VARIATION = 0.4  # of a sign, beside a digit's: it is smaller

_LOT = 0x48414E44  # keeps the numbers that draw a hand apart from those that move its pen
_ROUNDEST = 1.2  # points over which the roundest hand smooths its corners
_PARTNER = (0.3, 0.75)  # of a quarter turn: how much of the second person is in a drawn hand


class Style(NamedTuple):
    """What all digits of a hand have in common."""

    slant: float = 0.0
    """Degrees by which the shapes are slanted, positive to the right."""
    width: float = 1.0
    """Factor of the shapes' width."""
    roundness: float = 0.0
    """How far corners are smoothed, 0 to 1."""
    size: float = 5.0
    """Height of the digits on the mean, in mm."""
    spacing: float = 0.25
    """Paper between digits, as a share of their height."""
    unevenness: float = 1.0
    """Factor of all variation; 1 as people are on the mean, 0 as a machine."""
    tempo: float = 1.0
    """Factor of the pen's speed."""
    pen: float = 0.45
    """Width of the pen in mm."""


class Hand(NamedTuple):
    """How one person writes."""

    shapes: Paths
    """``[13, P, 2]`` of each of `CHARACTERS`, see `strokes.hands.shapes`; the style's slant,
    width and roundness are in them."""
    counts: tuple[tuple[int, ...], ...]
    """Of each character, the segments of each stroke."""
    factors: tuple[Factor, ...]
    """Of each character, the factor of its variation (`strokes.hands.variation`)."""
    style: Style
    name: str
    """Whose it is, in words."""

    @property
    def lifted(self) -> Flags:
        """``[13, P]``: the segment that begins at a point is in the air."""
        return np.stack([lifts_of_counts(counts) for counts in self.counts])


def make_hand(
    shapes: Sequence[Paths],
    counts: Sequence[tuple[int, ...]],
    style: Style,
    amplitudes: dict[str, float],
    *,
    name: str,
) -> Hand:
    """A hand of shapes without its style, which is added to them.

    Args:
      shapes: ``[P, 2]`` of each digit.
      counts: segments of each of their strokes.
      style: of the hand.
      amplitudes: of its variation, as a `Bank` has them.
      name: whose it is, in words.
    """
    every = [*shapes, *(quadratic_curve(*curve, POINTS) for curve in _SIGNS.values())]
    segments = (*counts, *[(POINTS - 1,)] * len(_SIGNS))
    styled = [styled_path(path, each, style) for path, each in zip(every, segments, strict=True)]
    factors = [
        (_SIGN_VARIATION if index >= len(DIGITS) else 1.0) * factor(path, each, amplitudes)
        for index, (path, each) in enumerate(zip(styled, segments, strict=True))
    ]
    return Hand(np.stack(styled), segments, tuple(factors), style, name)


def styled_path(path: Paths, counts: Sequence[int], style: Style) -> Paths:
    """A path with a style's slant, width and roundness."""
    found = path.copy()
    if style.roundness > 0:
        for part in stroke_slices(counts):
            smooth = gaussian_filter1d(path[part], _ROUNDEST * style.roundness, axis=0)
            smooth[[0, -1]] = path[part][[0, -1]]
            found[part] = smooth
    found[:, 0] = style.width * found[:, 0] - np.tan(np.deg2rad(style.slant)) * (found[:, 1] + 0.5)
    return found


def hand_by_lot(seed: int, *, bank: Bank | None = None) -> Hand:
    """Draw a hand.

    A person of the bank is drawn, and a second one who has a smaller part in it: where both
    write a digit by the same way, their shapes' differences from all people's are added, in
    shares whose squares are 1 together, so that drawn hands differ as people do. Digits that
    nobody knows of a person are another one's. Style is drawn beside.

    Args:
      seed: the same one gives the same hand; at least 0.
      bank: to draw from; the one that ships if not given.

    Raises:
      ValueError: a negative seed.
    """
    if seed < 0:
        raise ValueError(f"seed {seed}: expected at least 0")
    bank = load_bank() if bank is None else bank
    generator = np.random.default_rng([_LOT, seed])
    order = _complete_first(bank, generator)
    angle = 0.5 * np.pi * generator.uniform(*_PARTNER)
    shapes, counts = [], []
    for digit in range(len(DIGITS)):
        known = order[bank.ways[order, digit] >= 0]
        way = int(bank.ways[known[0], digit])
        alike = known[bank.ways[known, digit] == way]
        shapes.append(_mixed(bank, digit, way, alike, angle))
        counts.append(bank.counts[digit][way])
    return make_hand(shapes, counts, _drawn_style(generator), bank.amplitudes, name=f"hand {seed}")


def _complete_first(bank: Bank, generator: np.random.Generator) -> npt.NDArray[np.int64]:
    """All people in random order; one of those of whom every digit is known comes first."""
    order = generator.permutation(len(bank.ways))
    whole = order[(bank.ways[order] >= 0).all(axis=1)]
    if not len(whole):
        return order
    return np.concatenate([whole[:1], order[order != whole[0]]])


def _mixed(bank: Bank, digit: int, way: int, alike: npt.NDArray[np.int64], angle: float) -> Paths:
    """The shape of the first person, with something of the second if there is one."""
    mine: Paths = bank.shapes[alike[0], digit]
    if len(alike) == 1:
        return mine
    mean = bank.shapes[bank.people(digit, way), digit].mean(axis=0)
    other = bank.shapes[alike[1], digit]
    return np.asarray(mean + np.cos(angle) * (mine - mean) + np.sin(angle) * (other - mean))


def _drawn_style(generator: np.random.Generator) -> Style:
    normal = generator.normal
    return Style(
        slant=float(np.clip(normal(0.0, 2.0), -6.0, 6.0)),
        width=float(np.exp(np.clip(normal(0.0, 0.05), -0.15, 0.15))),
        roundness=float(generator.uniform(0.0, 1.0)),
        size=float(np.exp(normal(np.log(5.0), 0.2))),
        spacing=float(np.clip(normal(0.25, 0.07), 0.1, 0.45)),
        unevenness=float(np.exp(np.clip(normal(-0.02, 0.2), -0.5, 0.5))),
        tempo=float(np.exp(np.clip(normal(0.0, 0.2), -0.5, 0.5))),
        pen=float(generator.uniform(0.3, 0.6)),
    )
