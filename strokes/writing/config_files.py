"""Configurations in files: written with a format number, read from any format so far.

Runs and released weights hold the same nested object; a writer needs its ``networks``,
``drawing`` and ``loss``. A field that is added says what its absence means
(`strokes.configuration.added`); whoever renames or removes one raises `FORMAT` and adds a step
to `_UPGRADES`.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

from strokes.configuration import build
from strokes.errors import DataError
from strokes.writing.config import WriterConfig

FORMAT = 2
"""Of the configurations that are written now."""

Values = dict[str, Any]


def _with_drawing_apart(values: Values) -> Values:
    """Format 1, until 0.1 of November 2026: line, combination and neural line lay in the loss."""
    loss = dict(values["loss"])
    drawing = {name: loss.pop(name) for name in ("line", "combine")}
    return values | {"loss": loss, "drawing": drawing, "neural_line": loss.pop("neural_line")}


_UPGRADES: dict[int, Callable[[Values], Values]] = {1: _with_drawing_apart}
"""What turns a format into the next one."""


def with_format(config: Any) -> Values:
    """A configuration, a dataclass, as nested plain values with its format."""
    return {"format": FORMAT, **dataclasses.asdict(config)}


def upgraded(values: Any) -> Values:
    """What `with_format` wrote, now or long ago, in today's format and without its number.

    Raises:
      DataError: it is no configuration, or of a later version of this package.
    """
    if not isinstance(values, dict):
        raise DataError(f"config is {values!r:.60}, expected an object")
    values = dict(values)
    number = values.pop("format", 1)  # the first format had no number
    if type(number) is not int or number < 1:
        raise DataError(f"config.format is {number!r:.60}, expected a number from 1 to {FORMAT}")
    if number > FORMAT:
        raise DataError(
            f"config.format is {number!r:.60}, expected at most {FORMAT}: "
            "a later version of this package wrote it; update"
        )
    for old in range(number, FORMAT):
        try:
            values = _UPGRADES[old](values)
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"config: damaged, of format {old} without {error!s:.60}") from error
    return dict(values)


def writer_config(values: Any) -> WriterConfig:
    """The writer's part of a configuration that `with_format` wrote. Raises as `build`."""
    whole = upgraded(values)
    names = [field.name for field in dataclasses.fields(WriterConfig)]
    return build(WriterConfig, {name: whole[name] for name in names if name in whole})
