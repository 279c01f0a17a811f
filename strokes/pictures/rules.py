"""Lined and squared paper, and the cells of forms: rules that run off the picture."""

import cv2
import numpy as np

from strokes.errors import DataError
from strokes.pictures.binarising import box_of, inked, stroke_width, without_specks
from strokes.pictures.lines import Traced, straight_ways, thickest, trace, without
from strokes.pictures.stages import Floats, Mask, Outcome, Photo

_COVERED = 0.8  # of a rule's way through the picture
_END = 0.03  # of the way, at either end
_THINNER = 0.75  # than the pen: what is so thin is a rule
_FAINTER = 0.7  # than the ink
_MANY = 4  # parallel ones are rules, however thick
_MARGIN = 0.04  # of the picture's width between its border and what is written
_DOT = 4.0  # of the square of a rule's thickness: the largest dot where two cross
_SMALLEST = 48  # pixels: in less a rule cannot be told from a stroke


def _rules(mask: Mask) -> list[Traced]:
    """Lines that run through the picture from side to side."""
    end = max(3, round(_END * mask.shape[1]))
    traced = [trace(mask, rows) for rows in straight_ways(mask)]
    return [
        line
        for line in traced
        if line.covered.mean() > _COVERED
        and line.thickness <= thickest(mask)
        and min(line.covered[:end].mean(), line.covered[-end:].mean()) > 0.5
    ]


def _are_rules(lines: list[Traced], written: Mask, ink: Floats) -> bool:
    """Whether lines are the paper's, and not bars of a digit that fills the picture."""
    if len(lines) >= _MANY:
        return True
    rows, columns = box_of(written)
    thickness = float(np.median([line.thickness for line in lines]))
    if thickness < _THINNER * stroke_width(written[rows, columns]):
        return True
    of_lines = np.logical_or.reduce([line.itself for line in lines])
    if np.median(ink[of_lines]) < _FAINTER * np.median(ink[written]):
        return True
    margin = _MARGIN * ink.shape[1]
    return bool(columns.start > margin and columns.stop < ink.shape[1] - margin)


def _found(lines: list[Traced], shape: tuple[int, ...]) -> Mask:
    masks = [np.zeros(shape, bool), *(line.itself for line in lines)]
    return np.asarray(np.logical_or.reduce(masks))


def find_rules(ink: Floats) -> Mask:
    """Ink of rules, ``[H, W]``, but for what crosses them: across, down, or both.

    Raises:
      DataError: nothing stands out from the paper.
    """
    mask = inked(ink)
    across = _rules(mask)
    down = _rules(np.ascontiguousarray(mask.T))
    of_both = _found(across, ink.shape) | _found(down, ink.T.shape).T
    written = without_specks(mask & ~of_both)
    if not written.any():
        return np.zeros_like(mask)
    rules = np.zeros_like(mask)
    if across and _are_rules(across, written, ink):
        rules |= _found(across, ink.shape)
    if down and _are_rules(down, np.ascontiguousarray(written.T), np.ascontiguousarray(ink.T)):
        rules |= _found(down, ink.T.shape).T
    return rules | _crossings(mask & ~rules, across + down) if rules.any() else rules


def _crossings(left: Mask, lines: list[Traced]) -> Mask:
    """Dots that are left where rules cross: too thick to belong to either."""
    largest = _DOT * max(line.thickness for line in lines) ** 2
    _, blobs, stats, _ = cv2.connectedComponentsWithStats(left.astype(np.uint8), connectivity=8)
    dots = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] <= largest)
    return np.asarray(np.isin(blobs, dots[dots > 0]))


def rules_step(ink: Photo) -> Outcome:
    """Take the rules out of the ink; digits that cross them stay whole."""
    if min(ink.shape) < _SMALLEST:
        return Outcome(ink, skipped="too small for rules")
    try:
        rules = find_rules(ink)
    except DataError:
        return Outcome(ink, skipped="nothing stands out")
    if not rules.any():
        return Outcome(ink, skipped="no rules")
    return Outcome(without(ink, rules), done="rules removed")
