"""Sheets of many digits: cut into single ones, in reading order.

Grey is float32 ``[H, W]`` in [0, 1], 0 black and 1 white.
"""

from typing import NamedTuple

import cv2
import numpy as np

from strokes.errors import DataError
from strokes.pictures.binarising import binarise
from strokes.pictures.paper import find_ink
from strokes.pictures.stages import Floats, Mask

_TRIMMED = 0.06  # of a ruled cell's side, where its rules are
_LEAST_HEIGHT = 0.35  # of the median blob: smaller ones are parts, of a 5 or of nothing
_NEAR = 0.45  # of a digit's height: parts so near to a digit belong to it
_MARGIN = 0.25  # of paper around a digit, of its longer side


class Piece(NamedTuple):
    """A digit cut out of a sheet."""

    grey: Floats
    row: int
    column: int


class _Box(NamedTuple):
    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def joined(self, other: "_Box") -> "_Box":
        return _Box(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )


def _overlap(first: tuple[int, int], second: tuple[int, int]) -> int:
    return min(first[1], second[1]) - max(first[0], second[0])


def split_grid(grey: Floats, *, rows: int, columns: int, name: str = "sheet") -> list[Piece]:
    """Cut a ruled sheet into equal cells, leaving out blank ones and the rules between them.

    Raises:
      DataError: it has fewer pixels than the grid needs.
    """
    height, width = grey.shape
    if min(height / rows, width / columns) < 10:
        raise DataError(f"{name}: {width}x{height} pixels are too few for {rows}x{columns} cells")
    ink = find_ink(grey)
    clear = 0.3 * float(np.percentile(ink, 99.8))
    pieces = []
    for row in range(rows):
        for column in range(columns):
            top, bottom = row * height // rows, (row + 1) * height // rows
            left, right = column * width // columns, (column + 1) * width // columns
            down, across = round(_TRIMMED * (bottom - top)), round(_TRIMMED * (right - left))
            inner = slice(top + down, bottom - down), slice(left + across, right - across)
            if (ink[inner] > clear).mean() > 0.002:
                pieces.append(Piece(grey[inner], row, column))
    return pieces


def _boxes(mask: Mask) -> list[_Box]:
    """Boxes of the blobs, parts joined to the digit that they lie beside or above."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    found = [_Box(y, x, y + h, x + w) for x, y, w, h, _ in stats[1:].tolist()]
    if not found:
        return []
    tall = float(np.median([box.height for box in found]))
    whole = [box for box in found if box.height >= _LEAST_HEIGHT * tall]
    parts = [box for box in found if box.height < _LEAST_HEIGHT * tall]
    for part in parts:
        gaps = [
            max(
                -_overlap((part.left, part.right), (box.left, box.right)),
                -_overlap((part.top, part.bottom), (box.top, box.bottom)),
                0,
            )
            for box in whole
        ]
        nearest = int(np.argmin(gaps))
        if gaps[nearest] <= _NEAR * tall:
            whole[nearest] = whole[nearest].joined(part)
    return _merged(whole)


def _merged(boxes: list[_Box]) -> list[_Box]:
    """Join boxes that lie over one another: the strokes of one digit."""
    boxes = list(boxes)
    index = 0
    while index < len(boxes):
        one = boxes[index]
        for other in boxes[index + 1 :]:
            across = _overlap((one.left, one.right), (other.left, other.right))
            down = _overlap((one.top, one.bottom), (other.top, other.bottom))
            narrow = min(one.right - one.left, other.right - other.left)
            if across > 0.5 * narrow and down > 0.3 * min(one.height, other.height):
                boxes.remove(other)
                boxes[index] = one.joined(other)
                index = -1  # begin again: the larger box may reach others
                break
        index += 1
    return boxes


def _lines_of_writing(boxes: list[_Box]) -> list[list[_Box]]:
    """Boxes in reading order: lines from top to bottom, each from left to right."""
    lines: list[list[_Box]] = []
    for box in sorted(boxes, key=lambda box: box.top + box.bottom):
        middle = 0.5 * (box.top + box.bottom)
        for line in lines:
            top = float(np.median([one.top for one in line]))
            bottom = float(np.median([one.bottom for one in line]))
            if top < middle < bottom:
                line.append(box)
                break
        else:
            lines.append([box])
    return [sorted(line, key=lambda box: box.left) for line in lines]


def split_free(grey: Floats, *, name: str = "sheet") -> list[Piece]:
    """Cut a sheet without rules into its digits, which must not touch one another.

    Raises:
      DataError: nothing stands out from the paper.
    """
    ink = find_ink(grey)
    pieces = []
    for row, line in enumerate(_lines_of_writing(_boxes(binarise(ink, name=name)))):
        for column, box in enumerate(line):
            margin = max(4, round(_MARGIN * max(box.height, box.right - box.left)))
            canvas = np.pad(grey, margin, mode="edge")
            piece = canvas[box.top : box.bottom + 2 * margin, box.left : box.right + 2 * margin]
            pieces.append(Piece(_alone(piece, margin, box), row, column))
    return pieces


def _alone(piece: Floats, margin: int, box: _Box) -> Floats:
    """Put paper over what lies outside the digit's own box: its neighbours."""
    reach = max(2, margin // 3)
    inner = slice(margin - reach, margin + (box.right - box.left) + reach)
    keep = np.zeros(piece.shape, bool)
    keep[margin - reach : margin + box.height + reach, inner] = True
    paper = float(np.median(piece[~keep])) if (~keep).any() else 1.0
    return np.where(keep, piece, np.float32(paper)).astype(np.float32)
