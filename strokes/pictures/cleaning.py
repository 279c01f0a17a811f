"""From a photo to dark ink on even white paper, with nothing but what was written."""

from typing import NamedTuple

import numpy as np

from strokes.errors import DataError
from strokes.pictures.colours import grey_step
from strokes.pictures.frames import frame_step
from strokes.pictures.page import page_step
from strokes.pictures.paper import ink_step
from strokes.pictures.rules import rules_step
from strokes.pictures.stages import Floats, Photo, Stage, run_steps, shown

_SMALLEST = 8  # shorter sides hold no digit
_LONGEST_ASPECT = 40.0

_FIRST = (("page", page_step), ("grey", grey_step), ("ink", ink_step))
_FRAME = ("frame", frame_step)
_RULES = ("rules", rules_step)


class Cleaned(NamedTuple):
    """A photo of which only the ink is left."""

    ink: Floats
    """``[H, W]``, as `strokes.pictures.stages` has it."""
    stages: tuple[Stage, ...]

    @property
    def grey(self) -> Floats:
        """The same as a picture of dark ink on white paper."""
        return np.asarray(1.0 - self.ink, np.float32)


def clean(photo: Photo, *, framed: bool = True, name: str = "picture") -> Cleaned:
    """Find the page, the colour that shows the ink, the ink; remove rules and frames.

    Args:
      photo: colours, uint8 ``[H, W, 3]``, or grey, float32 ``[H, W]`` in [0, 1].
      framed: a frame around all that is written is removed too, and its inside straightened.
      name: what messages call it.

    Raises:
      DataError: too small, or a strip, to hold a digit.
    """
    height, width = photo.shape[:2]
    if min(height, width) < _SMALLEST:
        raise DataError(f"{name}: {width}x{height} pixels, expected at least {_SMALLEST} each way")
    if max(height, width) > _LONGEST_ASPECT * min(height, width):
        raise DataError(f"{name}: a strip as thin as a hair, no picture of a digit")
    steps = (*_FIRST, _FRAME, _RULES) if framed else (*_FIRST, _RULES)
    ink, stages = run_steps(photo, steps)
    return Cleaned(ink, (Stage("picture", shown(photo)), *stages))
