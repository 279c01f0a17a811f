"""Plain values that stand beside weights, checked as they are taken out."""

from typing import Any

from strokes.configuration import MOST, shown

UNUSABLE = (AttributeError, LookupError, OverflowError, TypeError, ValueError)
"""What is raised where facts are not what they should be."""


def number(value: Any, *, lowest: float = -MOST, highest: float = MOST) -> float:
    """A finite number in a range.

    Raises:
      ValueError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{shown(value)}, expected a number")
    if not lowest <= value <= highest:
        raise ValueError(f"{shown(value)}, expected a number from {lowest:g} to {highest:g}")
    return float(value)


def whole(value: Any, *, lowest: int = 0, highest: int = MOST) -> int:
    """A whole number in a range.

    Raises:
      ValueError: it is none.
    """
    if type(value) is not int:
        raise ValueError(f"{shown(value)}, expected a whole number")
    return int(number(value, lowest=lowest, highest=highest))
