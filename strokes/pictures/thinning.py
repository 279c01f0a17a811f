"""Thinning: grey pictures to one-pixel-wide skeletons, many pictures at a time.

Pictures are uint8 ``[N, H, W]``. Grey pictures run from 0 (paper) to 255 (ink);
binary ones hold 0 and 1. Everything outside a picture counts as paper.

A digit is first binarised by a ladder of thresholds, which separates strokes that
only faint grey joins, and then thinned (Zhang and Suen, "A fast parallel algorithm
for thinning digital patterns", CACM 27(3), 1984). Together they give the thinned
MNIST of de Jong (2016).
"""

import cv2
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.int64]

LADDER = tuple(range(0, 251, 25))
"""Thresholds of the ladder; ink is what is brighter than the threshold."""

_CHUNK = 4096  # pictures thinned together: their working set stays in the cache


def count_components(binary: Bytes, *, connectivity: int) -> Counts:
    """Count the connected ink components of every picture.

    Args:
      binary: uint8 ``[N, H, W]``, ink where non-zero.
      connectivity: 4 or 8.

    Returns:
      int64 ``[N]``.
    """
    counts = (
        cv2.connectedComponents(picture, connectivity=connectivity, ltype=cv2.CV_16U)[0] - 1
        for picture in binary
    )
    return np.fromiter(counts, np.int64, len(binary))


def ladder_thresholds(grey: Bytes) -> Bytes:
    """Choose each picture's binarisation threshold by the ladder 0, 25, 50, ...

    Climbs while the numbers of 4-connected and of 8-connected ink components stay
    those of ``pixel > 0``, the ink keeps at least half its pixels and the threshold
    is below 250; then steps back one rung, never below 0.

    Args:
      grey: uint8 ``[N, H, W]``.

    Returns:
      uint8 ``[N]``; ink is ``grey > threshold``.
    """
    inked = (grey > 0).astype(np.uint8)
    area = inked.sum((1, 2), dtype=np.int64)
    components = [count_components(inked, connectivity=c) for c in (4, 8)]
    rung = np.zeros(len(grey), np.int64)
    climbing = np.arange(len(grey))
    for level, threshold in enumerate(LADDER[1:], start=1):
        rung[climbing] = level
        inked = (grey[climbing] > threshold).astype(np.uint8)
        keeps = 2 * inked.sum((1, 2), dtype=np.int64) >= area[climbing]
        for known, connectivity in zip(components, (4, 8), strict=True):
            keeps &= count_components(inked, connectivity=connectivity) == known[climbing]
        climbing = climbing[keeps]
        if not len(climbing):
            break
    return np.asarray(LADDER, np.uint8)[np.maximum(rung - 1, 0)]


def _removal_tables() -> tuple[Bytes, Bytes]:
    """For each of the 256 neighbourhoods, whether each sub-iteration deletes the pixel."""
    codes = np.arange(256)
    # Neighbours clockwise from north, P2..P9 in the paper, one bit each.
    n = [(codes >> bit) & 1 for bit in range(8)]
    north, east, south, west = n[0], n[2], n[4], n[6]
    ink = sum(n)
    rises = sum((n[i] == 0) & (n[(i + 1) % 8] == 1) for i in range(8))
    common = (ink >= 2) & (ink <= 6) & (rises == 1)
    first = common & (north * east * south == 0) & (east * south * west == 0)
    second = common & (north * east * west == 0) & (north * south * west == 0)
    return first.astype(np.uint8), second.astype(np.uint8)


_TABLES = _removal_tables()


def _neighbour_codes(padded: Bytes) -> Bytes:
    """Eight neighbours of each inner pixel of ``[n, H+2, W+2]`` as a byte, clockwise from north."""
    height, width = padded.shape[1] - 2, padded.shape[2] - 2
    codes = np.zeros((len(padded), height, width), np.uint8)
    offsets = ((0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))
    for bit, (row, column) in enumerate(offsets):
        codes |= padded[:, row : row + height, column : column + width] << np.uint8(bit)
    return codes


def _thin_chunk(binary: Bytes) -> Bytes:
    padded = np.pad(binary, ((0, 0), (1, 1), (1, 1)))
    active = np.arange(len(binary))
    while len(active):
        before = padded[active]
        after = before.copy()
        ink = after[:, 1:-1, 1:-1]
        for table in _TABLES:
            ink &= ~table[_neighbour_codes(after)]  # tables hold 0 and 1, so ~ keeps bit 0
        changed = (after != before).any((1, 2))
        erased = changed & ~after.any((1, 2))
        for index in np.flatnonzero(erased):  # a bare 2x2 blob: keep its first pixel
            after[index].flat[np.argmax(before[index])] = 1
        padded[active] = after
        active = active[changed & ~erased]
    return padded[:, 1:-1, 1:-1]


def zhang_suen(binary: Bytes) -> Bytes:
    """Thin binary pictures to convergence.

    The result is a subset of the input. Zhang-Suen erases a bare 2x2 blob; a picture
    that would end up empty keeps one pixel instead.

    Args:
      binary: uint8 ``[N, H, W]`` of 0 and 1.

    Returns:
      uint8 ``[N, H, W]`` of 0 and 1.

    Raises:
      ValueError: another shape, type or other values.
    """
    if binary.ndim != 3 or binary.dtype != np.uint8:
        raise ValueError(f"expected uint8 [N, H, W], got {binary.dtype} {list(binary.shape)}")
    if binary.size and binary.max() > 1:
        raise ValueError(f"expected 0 and 1, got {binary.max()}: binarise the pictures first")
    thinned = np.empty_like(binary)
    for start in range(0, len(binary), _CHUNK):
        thinned[start : start + _CHUNK] = _thin_chunk(binary[start : start + _CHUNK])
    return thinned


def thin(grey: Bytes) -> Bytes:
    """Binarise grey pictures by the threshold ladder and thin them.

    Args:
      grey: uint8 ``[N, H, W]``, 0 paper to 255 ink.

    Returns:
      uint8 ``[N, H, W]`` of 0 and 1. A blank picture stays blank.

    Raises:
      ValueError: another shape or type.
    """
    if grey.ndim != 3 or grey.dtype != np.uint8:
        raise ValueError(f"expected uint8 [N, H, W], got {grey.dtype} {list(grey.shape)}")
    thinned = np.empty_like(grey)
    for start in range(0, len(grey), _CHUNK):
        chunk = grey[start : start + _CHUNK]
        thresholds = ladder_thresholds(chunk)[:, None, None]
        thinned[start : start + _CHUNK] = zhang_suen((chunk > thresholds).astype(np.uint8))
    return thinned
