"""The stages of a preparation, to be looked at."""

from collections.abc import Sequence

import cv2
import numpy as np

from strokes.figures.cells import Cell, grid
from strokes.pictures.stages import Stage, resized

_CELL = 140  # pixels of a stage's picture


def stage_strip(stages: Sequence[Stage]) -> Cell:
    """All stages of a preparation side by side, each in a square of its own."""
    cells = []
    for stage in stages:
        how = cv2.INTER_AREA if max(stage.picture.shape) > _CELL else cv2.INTER_NEAREST
        shown = resized(stage.picture, _CELL, interpolation=how)
        height, width = shown.shape
        cell = np.full((_CELL, _CELL, 3), 200, np.uint8)
        top, left = (_CELL - height) // 2, (_CELL - width) // 2
        levels = np.round(255 * np.clip(shown, 0, 1)).astype(np.uint8)
        cell[top : top + height, left : left + width] = levels[..., None]
        cells.append(cell)
    return grid([cells])
