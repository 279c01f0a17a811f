"""Configurations, frozen dataclasses, from nested plain values: checked, and able to age."""

import dataclasses
import typing
from typing import Any, TypeVar

from strokes.errors import DataError

Config = TypeVar("Config")

_ABSENT = "absent"


def added(default: Any, *, absent: Any) -> Any:
    """A field that older files do not have.

    Args:
      default: for new configurations.
      absent: what holds for a file without the field: the value that leaves things as they were.
    """
    return dataclasses.field(default=default, metadata={_ABSENT: absent})


def require(config: Any, **least: float) -> None:
    """Refuse fields of a configuration that are below what they need to be.

    Args:
      config: a dataclass.
      least: the lowest value of each field, by name.

    Raises:
      ValueError: a field is lower, or no number to compare; it is named.
    """
    for name, lowest in least.items():
        value = getattr(config, name)
        if not value >= lowest:
            raise ValueError(f"{name} is {value}, expected at least {lowest}")


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
            raise DataError(f"{name} is {value!r}, expected an object")
        hints = typing.get_type_hints(kind)
        value = _absences(kind) | value
        unknown, missing = value.keys() - hints.keys(), hints.keys() - value.keys()
        if unknown or missing:
            raise DataError(f"{name}: unknown {sorted(unknown)}, missing {sorted(missing)}")
        return kind(**{key: _checked(hints[key], value[key], f"{name}.{key}") for key in hints})  # type: ignore[operator]
    if typing.get_origin(kind) is typing.Literal:
        fits = value in typing.get_args(kind)
    elif kind is float:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    else:
        fits = type(value) is kind
    if not fits:
        wanted = getattr(kind, "__name__", None) or str(kind)
        raise DataError(f"{name} is {value!r}, expected {wanted}")
    return value


def _absences(kind: Any) -> dict[str, Any]:
    """What the fields of a dataclass are where a file does not have them, as far as said."""
    fields = dataclasses.fields(kind)
    return {one.name: one.metadata[_ABSENT] for one in fields if _ABSENT in one.metadata}
