"""What the reference says in words, as figures."""

from collections.abc import Callable
from typing import NamedTuple

Figures = dict[str, dict[str, float]]
"""Measures by run."""


SHAKY, STEADY = "box-sum: 2, 3, 5", "box-sum: 0, 1, 7"
"""Rows of the figures that three seeds of box-sum give."""


def _more(first: float, second: float) -> bool:
    return first > second


def _twice(first: float, second: float) -> bool:
    return first >= 2 * second


def _alike(first: float, second: float) -> bool:
    return abs(first - second) < 0.05


class Claim(NamedTuple):
    """A sentence of the reference, and two figures that test it."""

    says: str
    measure: str
    first: str
    second: str
    holds: Callable[[float, float], bool] = _more
    if_not: str = ""
    """What may be behind it where it does not hold."""

    def figures(self, found: Figures) -> tuple[float, float]:
        """The measure of the first and of the second row."""
        return found[self.first][self.measure], found[self.second][self.measure]


CLAIMS = (
    Claim(
        "The neural line is cheated: what the pen draws is not what the reconstruction shows",
        "gap",
        "neural-line",
        "box-sum",
        _twice,
    ),
    Claim(
        "Under the neural line the pen draws segments where the picture has no ink",
        "off_ink",
        "neural-line",
        "box-sum",
    ),
    Claim(
        "The neural line is not black enough: the pen draws lines twice",
        "drawn_twice",
        "neural-line",
        "box-sum",
    ),
    Claim(
        "Under the maximum the pen minds crossings less than under the sum",
        "crossings",
        "box-max",
        "box-sum",
    ),
    Claim(
        "Dropout changes little",
        "iou",
        "box-sum-dropout",
        "box-sum",
        _alike,
        "dropout slows learning, and a small budget ends before that is made up for",
    ),
    Claim(
        "Angle and distance losses make 6 and 8 smoother (degrees of a turn)",
        "turning_6_8",
        "box-sum",
        "box-sum-aux",
    ),
    Claim("More epochs make stairways", "stairway", "box-sum-longer", "box-sum"),
    Claim(
        "Separate models draw better than one",
        "iou",
        "ensemble",
        "box-sum-aux",
        if_not="at the small budget each of ten models 64 wide sees a tenth of the digits eight "
        "times, the single one, 128 wide, all of them four times: it has more steps behind it",
    ),
    Claim("With human samples strokes look human", "human_1nn", "ensemble-human", "ensemble"),
    Claim(
        "From run to run 2, 3 and 5 differ more than 0, 1 and 7 (distance between seeds)",
        "disagreement",
        SHAKY,
        STEADY,
    ),
)
