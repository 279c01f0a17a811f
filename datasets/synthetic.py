"""Digits as a person would bring them: blown up, off-centre, on uneven paper, by any pen.

Made from pictures whose labels are known, to measure how well preparation and reading hold.
"""

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def as_photo(digit: npt.NDArray[np.uint8], rng: np.random.Generator) -> Floats:
    """An MNIST digit, uint8 ``[28, 28]``, as a grey photo of 64 to 400 pixels.

    Zoomed to half or all of the picture, off the middle, with a thinner or thicker pen,
    dark on light or light on dark, on unevenly lit paper with noise.
    """
    side = int(rng.integers(64, 401))
    edge = max(20, round(side * rng.uniform(0.5, 1.0)))
    large = cv2.resize(digit.astype(np.float32) / 255, (edge, edge), interpolation=cv2.INTER_CUBIC)
    inked = large > 0.5
    reach = rng.integers(-1, 3) * edge / 56
    if reach > 0:
        away = cv2.distanceTransform((~inked).astype(np.uint8), cv2.DIST_L2, 5)
        inked = np.asarray(away <= reach)
    elif reach < 0:
        depth = cv2.distanceTransform(inked.astype(np.uint8), cv2.DIST_L2, 5)
        thin = np.asarray(depth > -0.8 * reach)
        inked = thin if thin.sum() > 0.2 * inked.sum() else inked
    canvas = np.zeros((side, side), np.float32)
    top, left = rng.integers(0, side - edge + 1, 2)
    canvas[top : top + edge, left : left + edge] = inked
    canvas = np.asarray(cv2.GaussianBlur(canvas, (0, 0), 0.6))
    return on_paper(canvas, rng)


def on_paper(ink: Floats, rng: np.random.Generator) -> Floats:
    """Ink in [0, 1] on paper that is lit unevenly, with noise; now and then light on dark."""
    height, width = ink.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    tilt = rng.uniform(-1, 1, 3)
    paper = 0.8 + 0.12 * tilt[0] * x + 0.12 * tilt[1] * y + 0.08 * tilt[2] * x * y
    grey = paper * (1 - ink) + rng.uniform(0.05, 0.35) * ink + rng.normal(0, 0.02, ink.shape)
    grey = 1 - grey if rng.random() < 0.3 else grey
    return np.clip(grey, 0, 1).astype(np.float32)
