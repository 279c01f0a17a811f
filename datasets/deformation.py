"""Recordings, deformed at random and drawn as thinned pictures: many from a few.

Coordinates are canvas units, x right, y down. Paths are ``[N, K, 2]`` with flags
``[N, K]``, true where the segment that begins at a point is lifted.
"""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from datasets.config import Deformation
from strokes.ink import Flags, Points
from strokes.pictures.pen import FIXED_POINT_BITS, to_fixed_point
from strokes.pictures.thinning import zhang_suen
from strokes.resampling import MNIST_EXTENT

Pictures = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Values = int | npt.NDArray[Any]

_WAVES = 3  # waves that an elastic change is made of


def _elastic(paths: Points, deviation: float, generator: np.random.Generator) -> Points:
    """Displace points by a sum of long waves; neighbours in the picture move together."""
    count = len(paths)
    frequency = generator.normal(0.0, 0.9, (count, _WAVES, 2))  # waves a canvas
    phase = generator.uniform(0.0, 2 * np.pi, (count, _WAVES))
    amplitude = generator.normal(0.0, deviation * np.sqrt(2 / _WAVES), (count, _WAVES, 2))
    angle = 2 * np.pi * np.einsum("nka,nwa->nkw", paths, frequency) + phase[:, None]
    return paths + np.einsum("nkw,nwa->nka", np.sin(angle), amplitude)


def _affine(paths: Points, deformation: Deformation, generator: np.random.Generator) -> Points:
    """Rotate, slant and stretch around the middle."""
    count = len(paths)
    turn = np.deg2rad(generator.normal(0.0, deformation.rotation, count))
    shear = generator.normal(0.0, deformation.shear, count)
    stretch = np.exp(0.5 * generator.normal(0.0, deformation.stretch, count))
    cos, sin = np.cos(turn), np.sin(turn)
    rotation = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2)
    slant = np.zeros((count, 2, 2))
    slant[:, 0, 0], slant[:, 1, 1], slant[:, 0, 1] = stretch, 1 / stretch, -shear
    return np.einsum("nij,nkj->nki", rotation @ slant, paths - 0.5) + 0.5


def _trim(paths: Points, lifted: Flags, most: float, generator: np.random.Generator) -> Points:
    """Begin a little later and end a little earlier; a lift stays where it is.

    Only the first and the last stroke lose length: their points move along the stroke.
    """
    count, points = lifted.shape
    position = np.arange(points, dtype=float)
    first, last = generator.uniform(0.0, most * points, (count, 2)).T[..., None]
    head = lifted.argmax(axis=1)[:, None]
    tail = points - (~lifted[:, ::-1]).argmax(axis=1)[:, None]
    before = np.where(lifted & (position < tail - 1), position, -1.0)
    tail_start = before.max(axis=1, keepdims=True) + 1.0
    span = tail - tail_start
    whole = _even(position, 0, points - 1, first, points - 1 - last)
    begun = _even(position, 0, head, np.minimum(first, 0.5 * head), head)
    ended = _even(position, tail_start, tail, tail_start, tail - np.minimum(last, 0.5 * span))
    wanted = np.where(position <= head, begun, position)
    wanted = np.where((tail_start <= position) & (position <= tail), ended, wanted)
    wanted = np.where(tail_start == 0, whole, wanted)  # one stroke
    index = np.clip(np.floor(wanted), 0, points - 2).astype(np.intp)
    rows = np.arange(count)[:, None]
    here, there = paths[rows, index], paths[rows, index + 1]
    return ((there - here) * (wanted - index)[..., None] + here).astype(paths.dtype)


def _even(position: Floats, start: Values, stop: Values, low: Values, high: Values) -> Floats:
    """``low`` at ``start``, ``high`` at ``stop``, and evenly in between."""
    steps = np.maximum(stop - start, 1)
    return (high - low) / steps * (position - start) + low


def _to_mnist_size(paths: Points, lifted: Flags, scale: npt.NDArray[np.float64]) -> Points:
    """The longer side of each path to MNIST's, times ``scale``, its ink's middle to the middle."""
    inked = ~lifted
    inked[:, 1:] |= ~lifted[:, :-1]
    low = np.where(inked[..., None], paths, np.inf).min(axis=1)
    high = np.where(inked[..., None], paths, -np.inf).max(axis=1)
    factor = MNIST_EXTENT * scale / np.maximum((high - low).max(axis=1), 1e-6)
    steps = np.linalg.norm(np.diff(paths, axis=1), axis=2) * ~lifted[:, :-1]
    centres = 0.5 * (paths[:, 1:] + paths[:, :-1])
    middle = np.einsum("nk,nka->na", steps, centres) / np.maximum(steps.sum(1), 1e-6)[:, None]
    return (paths - middle[:, None]) * factor[:, None, None] + 0.5


def deform(
    paths: Points, lifted: Flags, deformation: Deformation, *, generator: np.random.Generator
) -> Points:
    """Deform every path anew and bring it to MNIST's size and place.

    Args:
      paths: ``[N, K, 2]``.
      lifted: bool ``[N, K]``.
      deformation: how far.
      generator: of randomness.

    Returns:
      float32 ``[N, K, 2]``.
    """
    if deformation.trimmed:
        paths = _trim(paths, lifted, deformation.trimmed, generator)
    if deformation.elastic:
        paths = _elastic(paths, deformation.elastic, generator)
    paths = _affine(paths, deformation, generator)
    scale = np.exp(generator.normal(0.0, deformation.size, len(paths)))
    return _to_mnist_size(paths, lifted, scale).astype(np.float32)


def draw_thinned(
    paths: Points, lifted: Flags, *, generator: np.random.Generator, side: int = 28
) -> Pictures:
    """Draw paths with a pen one to three pixels wide and thin them, as MNIST's digits were.

    Thinning shortens ends and fills narrow loops, as it does to a written digit.

    Returns:
      uint8 ``[N, side, side]`` of 0 and 1.
    """
    pictures = np.zeros((len(paths), side, side), np.uint8)
    fixed = to_fixed_point(paths, height=side, width=side)
    widths = generator.integers(1, 3, len(paths))
    for picture, path, up, width in zip(pictures, fixed, lifted, widths.tolist(), strict=True):
        strokes = np.split(path, np.flatnonzero(up[:-1]) + 1)
        kept = [stroke for stroke in strokes if len(stroke) > 1]
        cv2.polylines(picture, kept, False, 1, width, cv2.LINE_8, FIXED_POINT_BITS)
    return zhang_suen(pictures)
