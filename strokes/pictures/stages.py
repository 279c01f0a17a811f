"""Steps from a photo to a digit: each a pure function on a picture, each to be looked at.

A picture on its way is colours, uint8 ``[H, W, 3]``; grey, float32 ``[H, W]`` in [0, 1], 0 black
and 1 white; or ink, float32 ``[H, W]``: how much each pixel differs from the paper towards the ink,
0 paper, negative where noise is brighter than the paper.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Photo = npt.NDArray[Any]
"""Colours, uint8 ``[H, W, 3]``, or grey, float32 ``[H, W]``."""


class Outcome(NamedTuple):
    """What a step made of a picture."""

    picture: Photo
    done: str = ""
    """What was done, where that is worth a word."""
    skipped: str = ""
    """Why nothing was done, where nothing was."""


class Stage(NamedTuple):
    """A step of the preparation, to be looked at."""

    name: str
    picture: Floats
    """``[H, W]`` in [0, 1]; what it shows follows from the step."""
    done: str = ""
    """What was done, where that is worth a word: "page straightened"."""
    skipped: str = ""
    """Why nothing was done, where nothing was: "no rules"."""


Step = tuple[str, Callable[[Photo], Outcome]]


def run_steps(picture: Photo, steps: Sequence[Step]) -> tuple[Photo, tuple[Stage, ...]]:
    """A picture after some steps, and each of them to be looked at."""
    stages = []
    for name, step in steps:
        picture, done, skipped = step(picture)
        stages.append(Stage(name, shown(picture), done, skipped))
    return picture, tuple(stages)


def shown(picture: Photo) -> Floats:
    """Any picture on its way as grey in [0, 1]: ink, whatever its contrast, from 0 to 1."""
    if picture.ndim == 3:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32) / np.float32(255)
    if picture.min() >= 0.0 and picture.max() <= 1.0:
        return np.asarray(picture, np.float32)
    return np.asarray(np.clip(picture / max(float(picture.max()), 1e-6), 0.0, 1.0), np.float32)


def resized(picture: Photo, longest: int, *, interpolation: int) -> Photo:
    """A picture with its longest side at so many pixels, the other at least one."""
    height, width = picture.shape[:2]
    scale = longest / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=interpolation), picture.dtype)


def shrunk(picture: Photo, longest: int) -> Photo:
    """A picture whose longest side is at most so many pixels."""
    if max(picture.shape[:2]) <= longest:
        return picture
    return resized(picture, longest, interpolation=cv2.INTER_AREA)
