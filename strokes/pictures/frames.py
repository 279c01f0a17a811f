"""Frames around what is written: closed rings, or four lines that enclose all else."""

import cv2
import numpy as np

from strokes.errors import DataError
from strokes.pictures.binarising import box_of, inked, without_specks
from strokes.pictures.lines import Rows, Traced, straight_ways, thickest, trace, without
from strokes.pictures.page import Corners, four_cornered, ordered, straightened
from strokes.pictures.rings import find_rings
from strokes.pictures.stages import Floats, Mask, Outcome, Photo

_COVERED = 0.85  # of each side
_LEAST = 0.35  # of the frame's height is written on
_JUTTING = 0.12  # of the picture's longer side: how far a digit juts out of its frame
_SMALLEST_AREA = 64  # pixels
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
        if _goes_on(line, padding):
            return None
        sides |= np.rot90(line.itself, -turns)
    return sides


def _goes_on(line: Traced, padding: int) -> bool:
    """Whether a side runs on beyond its corners, as rules do."""
    near = round(line.thickness) + 3
    far = near + max(3, padding // 4)
    covered = line.covered
    ends = covered[padding - far : padding - near], covered[near - padding : far - padding]
    return any(end.mean() > 0.5 for end in ends)


def _within_rings(ink: Floats, mask: Mask) -> tuple[Floats, int] | None:
    """What closed frames enclose, of a single one straightened, and how many there are, or None."""
    inside, corners = find_rings(mask)
    if not corners:
        return None
    written = without(ink, ~inside)
    if len(corners) == 1:
        return np.asarray(straightened(written, corners[0])), 1
    return np.ascontiguousarray(written[box_of(inside)]), len(corners)


def _within_lines(ink: Floats, mask: Mask) -> tuple[Floats, int] | None:
    """What four lines enclose, straightened, or None where there are none."""
    mask = without_specks(mask)
    rows, columns = np.nonzero(mask)
    around = four_cornered(np.stack([columns, rows], axis=-1).astype(np.int32))
    # Around all ink, or, where what is written juts out of its frame, where lines meet.
    for corners in (around, _meeting(mask)):
        if corners is None or cv2.contourArea(corners) < _SMALLEST_AREA:
            continue
        if (inside := _enclosed(ink, mask, corners)) is not None:
            return inside, 1
    return None


def _enclosed(ink: Floats, mask: Mask, corners: Corners) -> Floats | None:
    """What is written in the frame with these corners, and across it; None if there is none."""
    padding = max(12, round(_JUTTING * max(ink.shape)))
    moved = (corners + padding).astype(np.float32)  # beyond the picture there is paper
    flat = np.asarray(straightened(np.pad(ink, padding), moved, padding=padding))
    padded = np.pad(mask, padding).astype(np.float32)
    straight = np.asarray(straightened(padded, moved, padding=padding) > 0.5)
    sides = _sides(straight, padding)
    if sides is None:
        return None
    inner = np.zeros_like(sides)
    inner[padding:-padding, padding:-padding] = True
    _, blobs = cv2.connectedComponents((straight & ~sides).astype(np.uint8), connectivity=8)
    written = np.isin(blobs, np.setdiff1d(blobs[inner], [0]))
    inside = without_specks(written & inner)
    if not inside.any():
        return None
    rows_written, _ = box_of(inside)
    if rows_written.stop - rows_written.start < _LEAST * (len(flat) - 2 * padding):
        return None  # a digit of straight lines: what its sides enclose is a bar, or nothing
    outside = ~inner & ~(cv2.dilate(written.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
    return np.ascontiguousarray(without(flat, sides | outside)[box_of(inner | written)])


def _meeting(mask: Mask) -> Corners | None:
    """Where the clearest lines above, below, on the left and on the right meet; None without."""
    rows, columns = box_of(mask)
    top, bottom = _outer(straight_ways(mask), 0.5 * (rows.start + rows.stop))
    turned = np.ascontiguousarray(mask.T)
    left, right = _outer(straight_ways(turned), 0.5 * (columns.start + columns.stop))
    if top is None or bottom is None or left is None or right is None:
        return None
    return ordered(np.array([_crossing(y, x) for y in (top, bottom) for x in (left, right)]))


def _outer(ways: list[Rows], middle: float) -> tuple[Rows | None, Rows | None]:
    """The clearest way before the middle, and that behind it."""
    before = next((way for way in ways if way.mean() < middle), None)
    return before, next((way for way in ways if way.mean() >= middle), None)


def _crossing(across: Rows, down: Rows) -> tuple[float, float]:
    """Where a way across, its row in each column, meets one down: x and y."""
    rise = (across[-1] - across[0]) / max(len(across) - 1, 1)
    run = (down[-1] - down[0]) / max(len(down) - 1, 1)
    x = (down[0] + run * across[0]) / (1.0 - run * rise)
    return float(x), float(across[0] + rise * x)


def frame_step(ink: Photo) -> Outcome:
    """Take frames away, one after the other from the outside."""
    if min(ink.shape) < _SMALLEST:
        return Outcome(ink, skipped="too small for frames")
    frames = 0
    try:
        for _ in range(_MOST_FRAMES):
            mask = inked(ink)
            if (found := _within_rings(ink, mask) or _within_lines(ink, mask)) is None:
                break
            ink, frames = found[0], frames + found[1]
    except DataError:
        pass
    if not frames:
        return Outcome(ink, skipped="no frame")
    return Outcome(ink, done="frame removed" if frames == 1 else f"{frames} frames removed")
