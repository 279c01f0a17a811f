"""Even light: what stands out from the paper. Grey and ink as in `strokes.pictures.stages`."""

import cv2
import numpy as np
import numpy.typing as npt

from strokes.pictures.binarising import stands_out
from strokes.pictures.stages import Floats, Outcome, Photo, shrunk

_ALIKE = 0.25  # grey values so near may be the same paper, lit unevenly
_MAINLY = 0.55  # of a picture: what is so common is paper, whatever its border is
_WRITTEN = 0.005  # of what is within a frame; of a blot nothing is
_SHADE = 64  # pixels that are enough to see light and shade
_BROAD = (0.5, 0.2, 0.1)  # of the shorter side: no stroke is as broad; where light is hard, less


def _surface_terms(height: int, width: int) -> npt.NDArray[np.float64]:
    """1, x, y, xx, xy, yy at every pixel, ``[H * W, 6]``."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    ones = np.ones_like(x)
    return np.stack([ones, x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)


def _surely_paper(grey: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Pixels to begin with, ``[H * W]``: the border's, or where a frame is there, the most."""
    ring = np.ones(grey.shape, bool)
    margin = max(1, min(grey.shape) // 16)
    ring[margin:-margin, margin:-margin] = False
    border = np.abs(grey - np.median(grey[ring])) < _ALIKE
    counts, edges = np.histogram(grey, bins=32)
    commonest = int(counts.argmax())
    common = np.abs(grey - edges[commonest : commonest + 2].mean()) < 0.5 * _ALIKE
    framed = common[ring].mean() < 0.5 and (~common[~ring]).mean() > _WRITTEN
    if common.mean() > _MAINLY and framed:
        return np.asarray(common.ravel())
    return np.asarray((ring & border).ravel())


def paper_level(grey: Floats) -> Floats:
    """The paper's grey value at every pixel, as a quadratic surface.

    It is fitted to the border first, then to all pixels that lie near it: ink is left out
    however much of the picture it covers, as long as the border is mostly paper.
    """
    height, width = grey.shape
    scale = min(1.0, 96 / max(height, width))
    rows, columns = max(8, round(height * scale)), max(8, round(width * scale))
    small = cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float64)
    terms, values = _surface_terms(rows, columns), small.ravel()
    used = _surely_paper(values.reshape(rows, columns))
    flat = 3  # a plane while only the border is known
    for _ in range(6):
        known = terms[used, :flat]  # terms lie in [-1, 1]: the normal equations are tame
        fitted = np.linalg.solve(known.T @ known, known.T @ values[used])
        residual = values - terms[:, :flat] @ fitted
        spread = 1.4826 * np.median(np.abs(residual[used]))
        used = np.abs(residual) < max(3.0 * spread, 0.03)
        flat = 6
    level = (terms[:, : len(fitted)] @ fitted).reshape(rows, columns).astype(np.float32)
    return np.asarray(cv2.resize(level, (width, height), interpolation=cv2.INTER_LINEAR))


def _broad(ink: Floats, share: float) -> Floats:
    """What is broader than any stroke, light and shade: an opening, in a small picture."""
    small = shrunk(ink, _SHADE)
    kernel = max(3, round(share * min(small.shape))) | 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (kernel, kernel))
    opened = cv2.morphologyEx(small, cv2.MORPH_OPEN, ellipse)
    height, width = ink.shape
    whole = cv2.resize(opened, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(whole, np.float32)


def find_ink(grey: Floats) -> Floats:
    """How much darker, or brighter, than the paper each pixel is: ink ``[H, W]``.

    Which of the two is ink is decided by what stands out from the paper more, and the paper
    is what lies at the border: the mean says nothing where a pen is thick.
    """
    away = grey - paper_level(grey)
    darker = float((away.astype(np.float64) ** 3).sum()) <= 0.0  # noise is even, ink is not
    ink = -away if darker else away
    upper, lower = np.clip(ink, 0.0, None), np.clip(-ink, 0.0, None)
    ways = (
        np.asarray(ink - _broad(upper, share) + _broad(lower, share), np.float32)
        for share in _BROAD
    )
    first = next(ways)
    if stands_out(first):
        return first
    return next((evened for evened in ways if stands_out(evened)), first)


def ink_step(grey: Photo) -> Outcome:
    """`find_ink` as a step."""
    return Outcome(find_ink(grey))
