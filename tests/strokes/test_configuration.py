import dataclasses
from typing import Literal

import pytest

from strokes.configuration import added, build, require
from strokes.errors import DataError


@dataclasses.dataclass(frozen=True)
class Nib:
    """A part."""

    width: float = 0.5
    shape: Literal["round", "square"] = "round"
    gold: bool = added(True, absent=False)


@dataclasses.dataclass(frozen=True)
class Pen:
    """The whole."""

    nib: Nib
    colour: str = "blue"
    letters: int = 3

    def __post_init__(self):
        """Reject what does not write."""
        if self.letters < 1:
            raise ValueError(f"letters is {self.letters}, expected at least 1")


PEN = Pen(Nib(0.25, "square"), "black", 7)


def test_what_asdict_gives_comes_back():
    assert build(Pen, dataclasses.asdict(PEN)) == PEN
    assert build(Pen, dataclasses.asdict(PEN) | {"nib": {"width": 1, "shape": "round"}}) == Pen(
        Nib(1, "round", gold=False), "black", 7
    )  # an older file, without the field that was added, and a whole number for a float


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ink": 1}, r"config: unknown \['ink'\], missing \[\]"),
        ({"nib": {"shape": "round"}}, r"config.nib: unknown \[\], missing \['width'\]"),
        ({"nib": 3}, "config.nib is 3, expected an object"),
        ({"nib": {"width": True, "shape": "round"}}, "config.nib.width is True, expected float"),
        ({"nib": {"width": 1.0, "shape": "oval"}}, "config.nib.shape is 'oval'"),
        ({"letters": 1.0}, "config.letters is 1.0, expected int"),
        ({"letters": True}, "config.letters is True, expected int"),
        ({"colour": None}, "config.colour is None, expected str"),
        ({"letters": 0}, "config: letters is 0, expected at least 1"),
        ({"letters": 10**400}, r"config.letters is 1000.*\.\.\., expected a number of at most"),
        ({"letters": 2**32}, "config.letters is 4294967296, expected a number of at most"),
        ({"letters": -(10**5000)}, "config.letters is an endless number, expected a number of"),
        ({"nib": {"width": float("nan"), "shape": "round"}}, "width is nan, expected a number"),
        ({"nib": {"width": 1e300, "shape": "round"}}, "width is 1e.300, expected a number"),
        ({"nib": {"width": 10**400, "shape": "round"}}, "width is 1000.*expected a number"),
        ({"nib": {"width": 1.0, "shape": ["round"]}}, r"shape is \['round'\]"),
        ({"letters": "x" * 10_000}, r"config.letters is 'xxx.{0,60}\.\.\., expected int"),
    ],
)
def test_what_is_wrong_is_named(change, message):
    with pytest.raises(DataError, match=message):
        build(Pen, dataclasses.asdict(PEN) | change)


def test_a_missing_field_is_named():
    with pytest.raises(DataError, match=r"config: unknown \[\], missing \['colour', 'letters'\]"):
        build(Pen, {"nib": dataclasses.asdict(PEN.nib)})


def test_ranges():
    require(PEN, letters=7)
    require(PEN, letters=(1, 7))
    for bounds, message in ((8, "at least 8"), ((1, 6), "at most 6"), ((7.5, 9), "at least 7.5")):
        with pytest.raises(ValueError, match=f"letters is 7, expected {message}"):
            require(PEN, letters=bounds)
    with pytest.raises(ValueError, match="width is nan, expected at least 0"):
        require(Nib(float("nan")), width=0)
