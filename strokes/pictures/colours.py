"""Which shades of a coloured picture tell ink from paper best: luminance, or another direction."""

import cv2
import numpy as np
import numpy.typing as npt

from strokes.pictures.files import luminance
from strokes.pictures.paper import paper_level
from strokes.pictures.stages import Outcome, Photo, shrunk

_SMALL = 256  # pixels that are enough to see which colours there are
_CLEARER = 1.6  # times as clear as luminance: only then another direction is taken
_STRONG = 0.02  # of the pixels are ink, at least, and stand out most
_FAINTEST = 1 / 255
_LUMINANCE = np.array([0.299, 0.587, 0.114])


def _away_from_paper(colours: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Each pixel less the paper's colour there, ``[N, 3]``, as shares of full range."""
    channels = colours.astype(np.float32) / np.float32(255.0)
    away = [one - paper_level(np.ascontiguousarray(one)) for one in np.moveaxis(channels, -1, 0)]
    return np.stack(away, axis=-1).reshape(-1, 3).astype(np.float64)


def _clearness(away: npt.NDArray[np.float64], direction: npt.NDArray[np.float64]) -> float:
    """How far, along a direction, what stands out most does so, over the paper's noise."""
    along = np.abs(away @ direction)
    strong = np.sort(along)[-max(1, round(_STRONG * len(along))) :]
    noise = 1.4826 * float(np.median(along))
    return float(np.sqrt((strong**2).mean())) / max(noise, _FAINTEST)


def best_direction(colours: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Weights ``[3]`` of red, green and blue, whose sizes sum to 1, that show ink best.

    Luminance's, unless the principal direction of what differs from the paper is much clearer.
    """
    away = _away_from_paper(shrunk(colours, _SMALL))
    strength = (away**2).sum(axis=1)
    scatter = (away * strength[:, None]).T @ away  # the far ones count, not the noise
    principal = np.linalg.eigh(scatter)[1][:, -1]
    principal = principal / np.abs(principal).sum()
    if _clearness(away, principal) > _CLEARER * _clearness(away, _LUMINANCE):
        return np.asarray(principal)
    return _LUMINANCE


def grey_step(picture: Photo) -> Outcome:
    """Colours to grey values by their `best_direction`."""
    if picture.ndim == 2:
        return Outcome(picture, skipped="no colours")
    weights = best_direction(picture)
    if weights is _LUMINANCE:
        return Outcome(luminance(picture), skipped="luminance shows the ink")
    scaled = picture.astype(np.float32) / np.float32(255.0)
    grey = cv2.transform(scaled, weights[None].astype(np.float32))
    lowest = np.minimum(weights, 0.0).sum()  # so that grey values begin at 0
    return Outcome(np.asarray(grey - lowest, np.float32), done="ink told by its colour")
