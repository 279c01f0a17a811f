"""Frames around what is written: found as four straight lines that enclose all else."""

import cv2
import numpy as np

from strokes.errors import DataError
from strokes.pictures.binarising import box_of, inked, without_specks
from strokes.pictures.lines import thickest, trace, without
from strokes.pictures.page import four_cornered, straightened
from strokes.pictures.stages import Floats, Mask, Outcome, Photo

_COVERED = 0.85  # of each side
_LEAST = 0.35  # of the frame's height is written on
_MOST_FRAMES = 3  # around one another
_SMALLEST = 48  # pixels: in less there is no room for a frame and a digit


def _sides(mask: Mask, padding: int) -> Mask | None:
    """Ink of the four sides of a frame that fills the picture but for its padding, or None."""
    sides = np.zeros_like(mask)
    for turns in range(4):
        turned = np.ascontiguousarray(np.rot90(mask & ~sides, turns))
        # The side's ink begins where the padding ends.
        rows = np.full(turned.shape[1], padding + 1.0)
        line = trace(turned, rows)
        if line.covered[padding:-padding].mean() < _COVERED or line.thickness > thickest(mask):
            return None
        sides |= np.rot90(line.itself, -turns)
    return sides


def _without_frame(ink: Floats) -> Floats | None:
    """What a frame encloses, straightened, or None where there is no frame.

    Raises:
      DataError: nothing stands out from the paper.
    """
    mask = without_specks(inked(ink))
    rows, columns = np.nonzero(mask)
    corners = four_cornered(np.stack([columns, rows], axis=-1).astype(np.int32))
    if corners is None or cv2.contourArea(corners) < 64:
        return None
    padding = max(3, max(ink.shape) // 100)
    flat = np.asarray(straightened(ink, corners, padding=padding))
    straight = straightened(mask.astype(np.float32), corners, padding=padding) > 0.5
    sides = _sides(np.asarray(straight), padding)
    if sides is None:
        return None
    inside = without_specks(straight & ~sides)
    if not inside.any():
        return None
    rows_written, _ = box_of(inside)
    if rows_written.stop - rows_written.start < _LEAST * flat.shape[0]:
        return None  # a digit of straight lines: what its sides enclose is a bar, or nothing
    inner = slice(padding, -padding)
    return np.ascontiguousarray(without(flat, sides)[inner, inner])


def frame_step(ink: Photo) -> Outcome:
    """Take frames away, one after the other from the outside."""
    if min(ink.shape) < _SMALLEST:
        return Outcome(ink, skipped="too small for frames")
    frames = 0
    try:
        while frames < _MOST_FRAMES and (inside := _without_frame(ink)) is not None:
            ink, frames = inside, frames + 1
    except DataError:
        pass
    if not frames:
        return Outcome(ink, skipped="no frame")
    return Outcome(ink, done="frame removed" if frames == 1 else f"{frames} frames removed")
