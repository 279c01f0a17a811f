"""Skeleton tracing: strokes from a thinned picture without any learning.

In the manner of E. de Jong, *The MNIST digits stroke sequence data* (2016): the pen goes
from ink pixel to neighbouring ink pixel, begins at the end point nearest to the top left,
and is lifted where no unvisited neighbour is left. It is the floor that a model must beat.
"""

import cv2
import numpy as np
import numpy.typing as npt

from strokes.ink import Flags, Points
from train.evaluation.hard_drawing import Pictures

POINTS = 20
_NEIGHBOURS = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]
_TOLERANCES = (0.0, *np.geomspace(0.3, 12.0, 16).tolist())

Pixel = tuple[int, int]


def _neighbours(pixel: Pixel, pixels: set[Pixel]) -> list[Pixel]:
    row, column = pixel
    around = [(row + r, column + c) for r, c in _NEIGHBOURS]
    return [other for other in around if other in pixels]


def _next_pixel(path: list[Pixel], left: set[Pixel]) -> Pixel | None:
    """The unvisited neighbour that turns least from the last few steps; sides before corners."""
    here = path[-1]
    options = _neighbours(here, left)
    if not options:
        return None
    back = path[max(0, len(path) - 4)]
    heading = np.subtract(here, back)

    def cost(pixel: Pixel) -> tuple[float, float]:
        step = np.subtract(pixel, here)
        length = float(np.linalg.norm(step))
        norm = float(np.linalg.norm(heading)) * length
        return (-float(heading @ step) / norm if norm else 0.0, length)

    return min(options, key=cost)


def trace_pixels(picture: npt.NDArray[np.uint8]) -> list[list[Pixel]]:
    """Order the ink pixels of one thinned picture ``[H, W]`` as strokes of (row, column)."""
    ink = {(int(row), int(column)) for row, column in np.argwhere(picture)}
    left = set(ink)
    strokes: list[list[Pixel]] = []
    while left:
        ends = [pixel for pixel in left if len(_neighbours(pixel, left)) <= 1] or list(left)
        start = min(ends, key=lambda pixel: (sum(pixel), pixel))
        path = [start]
        left.discard(start)
        while (following := _next_pixel(path, left)) is not None:
            path.append(following)
            left.discard(following)
        touching = [p for p in _neighbours(path[-1], ink) if p not in path[-3:]]
        if len(path) > 2 and touching:  # close a loop, or join the stroke it runs into
            path.append(min(touching))
        strokes.append(path)
    return strokes


def _simplified(strokes: list[list[Pixel]], most: int) -> list[npt.NDArray[np.generic]]:
    """Strokes as polygons of at most ``most`` points in all, by Douglas and Peucker.

    The longest strokes are kept, in their order, where there are too many.
    """
    longest = sorted(range(len(strokes)), key=lambda k: -len(strokes[k]))[: most // 2]
    kept = [np.array(strokes[k], np.int32)[:, None] for k in sorted(longest)]
    for tolerance in _TOLERANCES:
        polygons: list[npt.NDArray[np.generic]]
        polygons = [cv2.approxPolyDP(stroke, tolerance, False)[:, 0] for stroke in kept]
        polygons = [p if len(p) > 1 else np.repeat(p, 2, axis=0) for p in polygons]
        if sum(map(len, polygons)) <= most:
            return polygons
    return [polygon[[0, -1]] for polygon in polygons]


def trace(pictures: Pictures, *, points: int = POINTS) -> tuple[Points, Flags]:
    """Trace thinned pictures.

    Args:
      pictures: uint8 ``[N, H, W]`` of 0 and 1.
      points: T, at most so many points; the last one is repeated, its pen lifted.

    Returns:
      float32 ``[N, T, 2]`` in canvas units, and pen-up, bool ``[N, T]``.
    """
    paths = np.full((len(pictures), points, 2), 0.5, np.float32)
    lifted = np.ones((len(pictures), points), np.bool_)
    scale = np.array(pictures.shape[:0:-1], np.float64)  # width, height
    for index, picture in enumerate(pictures):
        at = 0
        for polygon in _simplified(trace_pixels(picture), points):
            size = len(polygon)
            paths[index, at : at + size] = (polygon[:, ::-1].astype(np.float64) + 0.5) / scale
            lifted[index, at : at + size - 1] = False
            at += size
        if 0 < at < points:
            paths[index, at:] = paths[index, at - 1]
    return paths, lifted
