"""How many numbers pasted from MNIST's test digits are counted and read.

``python -m tests.pasted_numbers``. Two to six digits stand side by side, 0 to 12 pixels apart, as
the lot falls.
"""

import argparse
from pathlib import Path

import numpy as np

from datasets import load_mnist
from strokes.pictures.preparation import binarised, prepare_mask
from strokes.reading.numbers import separate
from strokes.reading.recognizer import load_recognizer


def pasted(digits, gaps):
    """MNIST's digits, cut to their boxes, side by side."""
    parts = [np.zeros((28, 4), np.uint8)]
    for digit, gap in zip(digits, gaps, strict=True):
        inked = np.flatnonzero((digit > 60).any(axis=0))
        parts += [digit[:, inked[0] : inked[-1] + 1], np.zeros((28, gap), np.uint8)]
    return 1 - np.concatenate([*parts, parts[0]], axis=1).astype(np.float32) / 255


def read_right(images, labels, count, *, generator):
    """How many of so many numbers have all their digits found and read."""
    recognizer = load_recognizer()
    right = 0
    for _ in range(count):
        chosen = generator.integers(0, len(images), generator.integers(2, 7))
        line = pasted(images[chosen], generator.integers(0, 13, len(chosen)))
        digits = separate(binarised(line).mask, recognizer)
        pictures = np.stack([prepare_mask(digit).picture for digit in digits])
        right += recognizer.read(pictures).tolist() == labels[chosen].tolist()
    return right


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir", type=Path, help="folder of MNIST's four files")
    given = parser.parse_args()
    found = read_right(
        *load_mnist("test", data_dir=given.data_dir),
        given.count,
        generator=np.random.default_rng(given.seed),
    )
    print(f"{found} of {given.count} numbers, {found / given.count:.1%}")
