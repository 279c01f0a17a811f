"""Configurations, frozen dataclasses, from nested plain values: checked, and able to age."""

import dataclasses
import typing
from typing import Any, TypeVar

from strokes.errors import DataError

Config = TypeVar("Config")

MOST = 2**32 - 1
"""No number of a configuration is larger, whole or not: seeds are of 32 bits."""

_ABSENT = "absent"
_SHOWN = 60


def added(default: Any, *, absent: Any) -> Any:
    """A field that older files do not have.

    Args:
      default: for new configurations.
      absent: what holds for a file without the field: the value that leaves things as they were.
    """
    return dataclasses.field(default=default, metadata={_ABSENT: absent})


def require(config: Any, **ranges: float | tuple[float, float]) -> None:
    """Refuse fields of a configuration that are below what they need to be, or beyond reason.

    Args:
      config: a dataclass.
      ranges: the lowest value of each field, by name; or the lowest and the highest.

    Raises:
      ValueError: a field is lower or higher, or no number to compare; it is named.
    """
    for name, bounds in ranges.items():
        value = getattr(config, name)
        lowest, highest = bounds if isinstance(bounds, tuple) else (bounds, MOST)
        if not value >= lowest:
            raise ValueError(f"{name} is {shown(value)}, expected at least {lowest}")
        if not value <= highest:
            raise ValueError(f"{name} is {shown(value)}, expected at most {highest:,}")


def shown(value: Any) -> str:
    """A value as messages show it, in short."""
    try:
        text = repr(value)
    except ValueError:  # an integer of thousands of digits
        return "an endless number"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def build(kind: type[Config], values: Any) -> Config:
    """A configuration from nested plain values.

    Args:
      kind: a dataclass whose fields are plain values, dataclasses and literals.
      values: as `dataclasses.asdict` gives them.

    Raises:
      DataError: a value is missing, unknown, of another type or out of range; it is named.
    """
    try:
        config = _checked(kind, values, "config")
    except ValueError as error:
        raise error if isinstance(error, DataError) else DataError(f"config: {error}") from error
    assert isinstance(config, kind)
    return config


def _checked(kind: Any, value: Any, name: str) -> Any:
    """A value of type ``kind`` from what JSON gave."""
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, dict):
            raise DataError(f"{name} is {shown(value)}, expected an object")
        hints = typing.get_type_hints(kind)
        value = _absences(kind) | value
        unknown, missing = value.keys() - hints.keys(), hints.keys() - value.keys()
        if unknown or missing:
            raise DataError(f"{name}: unknown {shown(sorted(unknown))}, missing {sorted(missing)}")
        return kind(**{key: _checked(hints[key], value[key], f"{name}.{key}") for key in hints})  # type: ignore[operator]
    if typing.get_origin(kind) is typing.Literal:
        fits = isinstance(value, str) and value in typing.get_args(kind)
    elif kind is float:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    else:
        fits = type(value) is kind
    if not fits:
        wanted = getattr(kind, "__name__", None) or str(kind)
        raise DataError(f"{name} is {shown(value)}, expected {wanted}")
    if kind in (int, float) and not -MOST <= value <= MOST:
        raise DataError(f"{name} is {shown(value)}, expected a number of at most {MOST:,}")
    return value


def _absences(kind: Any) -> dict[str, Any]:
    """What the fields of a dataclass are where a file does not have them, as far as said."""
    fields = dataclasses.fields(kind)
    return {one.name: one.metadata[_ABSENT] for one in fields if _ABSENT in one.metadata}
