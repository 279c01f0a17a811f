"""A bank of three people, for tests."""

import numpy as np

from strokes.hands.bank import Bank
from strokes.hands.shapes import POINTS


def small_bank():
    """Three people, whose digits are arcs, wider ones from the first to the third.

    The second is not known to write a 9, and the third writes a 7 in two strokes.
    """
    along = np.linspace(0, 1, POINTS)
    shapes = np.zeros((3, 10, POINTS, 2))
    for person in range(3):
        for digit in range(10):
            wide = 0.2 + 0.1 * person + 0.02 * digit
            shapes[person, digit] = np.stack([wide * np.sin(np.pi * along), along - 1.0], axis=1)
    ways = np.zeros((3, 10), np.int64)
    ways[1, 9], ways[2, 7] = -1, 1
    counts = [[(POINTS - 1,)] for _ in range(10)]
    counts[7].append((29, 17))
    amplitudes = {"slant": 0.05, "width": 0.08, "waves 0.35": 0.02}
    return Bank(shapes, ways, counts, amplitudes, {"recordings": "made up"})
