import dataclasses
from typing import Literal

import pytest

from strokes.configuration import added, build
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
    ],
)
def test_what_is_wrong_is_named(change, message):
    with pytest.raises(DataError, match=message):
        build(Pen, dataclasses.asdict(PEN) | change)


def test_a_missing_field_is_named():
    with pytest.raises(DataError, match=r"config: unknown \[\], missing \['colour', 'letters'\]"):
        build(Pen, {"nib": dataclasses.asdict(PEN.nib)})
