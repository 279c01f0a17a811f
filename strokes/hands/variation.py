"""How a digit differs from one repetition to the next, in one hand.

A repetition is the hand's own path plus a random displacement of its points, a sum of parts each
of which people are seen to make: the digit turns, slants, widens; its strokes move apart; its ends
come earlier or later; and the pen strays along its way, in long and in shorter waves. How
large each part is was fitted to people's repetitions (`fit_amplitudes`).

The unit is a digit's height.
"""

import functools
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from strokes.hands.registration import Paths, stroke_slices

Factor = npt.NDArray[np.float64]

_LENGTHS = (1.0, 0.35)  # of the waves along the path
_WAVES = 8  # random ones that stand for all of a length
_ENDS = 0.2  # over which an end's displacement fades
_SEEN_WHOLE = 2  # points at either end of a stroke whose moving along it is seen, as its length
_KEPT = 1e-6  # share of the largest eigenvalue under which a direction is left out


def parts(path: Paths, counts: Sequence[int]) -> dict[str, Factor]:
    """Factors of the parts of a displacement, each of amplitude 1.

    Args:
      path: ``[P, 2]``, the hand's own.
      counts: segments of each stroke.

    Returns:
      ``[2 P, r]`` by name. A factor times r independent normal numbers is a displacement.
    """
    x, y = (path - 0.5 * (path.min(axis=0) + path.max(axis=0))).T
    none = np.zeros_like(x)
    found = {
        "turn": _columns([(-y, x)]),
        "slant": _columns([(-y, none)]),
        "width": _columns([(x, none)]),
        "ends": _columns(_ends(path, counts)),
    }
    if len(counts) > 1:
        found["strokes"] = _both_axes(_indicators(counts, len(path)))
    for length in _LENGTHS:
        found[f"waves {length}"] = _both_axes(_waves(path, length))
    return found


def factor(path: Paths, counts: Sequence[int], amplitudes: dict[str, float]) -> Factor:
    """All parts of a displacement together: ``[2 P, r]``, see `parts`."""
    found = parts(path, counts)
    scaled = [amplitudes[name] * one for name, one in found.items() if amplitudes.get(name)]
    return np.concatenate([np.zeros((2 * len(path), 0)), *scaled], axis=1)


def fit_amplitudes(
    repetitions: Iterable[tuple[Paths, Sequence[int]]],
) -> dict[str, float]:
    """Amplitudes of the parts that explain how people's repetitions differ.

    Variance components by least squares: of all sums of the parts' covariances with weights of
    at least 0, the nearest to the covariances of the repetitions.

    Args:
      repetitions: of one digit by one person each, registered: ``[n, P, 2]``, n >= 2, and the
        segments of each stroke.
    """
    names: list[str] = []
    products: dict[tuple[str, str], float] = {}
    seen: dict[str, float] = {}
    for paths, counts in repetitions:
        mean = paths.mean(axis=0)
        seen_part = _visible(mean, counts)
        rest = np.einsum("pij,npj->npi", seen_part, paths - mean).reshape(len(paths), -1)
        factors = {
            name: np.einsum("pij,pjr->pir", seen_part, one.reshape(len(mean), 2, -1)).reshape(
                one.shape
            )
            for name, one in parts(mean, counts).items()
        }
        names += [name for name in factors if name not in names]
        for one, mine in factors.items():
            seen[one] = seen.get(one, 0.0) + float(((rest @ mine) ** 2).sum())
            for other, its in factors.items():
                value = (len(paths) - 1) * float(((mine.T @ its) ** 2).sum())
                products[one, other] = products.get((one, other), 0.0) + value
    matrix = np.array([[products.get((one, other), 0.0) for other in names] for one in names])
    values, vectors = np.linalg.eigh(matrix)
    kept = values > _KEPT * values.max()
    root = (vectors[:, kept] * np.sqrt(values[kept])).T
    right = (vectors[:, kept] / np.sqrt(values[kept])).T @ np.array([seen[name] for name in names])
    variances = nnls(root, right)[0]
    return {name: float(np.sqrt(one)) for name, one in zip(names, variances, strict=True)}


def _columns(displacements: Sequence[tuple[npt.NDArray[np.float64], ...]]) -> Factor:
    return np.stack([np.stack(one, axis=-1).ravel() for one in displacements], axis=1)


def _both_axes(weights: npt.NDArray[np.float64]) -> Factor:
    """Weights ``[P, r]`` of displacements of one axis, for either: ``[2 P, 2 r]``."""
    found = np.zeros((*weights.shape, 2, 2))
    found[..., 0, 0] = found[..., 1, 1] = weights
    return found.swapaxes(1, 2).reshape(2 * weights.shape[0], 2 * weights.shape[1])


def _indicators(counts: Sequence[int], points: int) -> npt.NDArray[np.float64]:
    found = np.zeros((points, len(counts)))
    for column, part in enumerate(stroke_slices(counts)):
        found[part, column] = 1.0
    return found


def _ends(path: Paths, counts: Sequence[int]) -> list[tuple[npt.NDArray[np.float64], ...]]:
    """The first point of each stroke, and the last, moved along its direction, fading inward."""
    found: list[tuple[npt.NDArray[np.float64], ...]] = []
    for part in stroke_slices(counts):
        stroke = path[part]
        behind = _travelled(stroke)
        for far, direction in (
            (behind, stroke[0] - stroke[min(2, len(stroke) - 1)]),
            (behind[-1] - behind, stroke[-1] - stroke[max(-3, -len(stroke))]),
        ):
            weights = np.exp(-far / _ENDS)
            unit = direction / max(float(np.linalg.norm(direction)), 1e-9)
            moved = np.zeros_like(path)
            moved[part] = weights[:, None] * unit
            found.append((moved[:, 0], moved[:, 1]))
    return found


def _waves(path: Paths, length: float) -> npt.NDArray[np.float64]:
    """Random Fourier features (Rahimi and Recht, 2007) of a Gaussian kernel along a path."""
    phases = np.outer(_travelled(path), _frequencies() / length)  # [P, waves]
    waves = np.concatenate([np.cos(phases), np.sin(phases)], axis=1)
    return np.asarray(waves / np.sqrt(_WAVES))


@functools.cache
def _frequencies() -> npt.NDArray[np.float64]:
    return np.random.default_rng(0).normal(size=_WAVES)


def _travelled(path: Paths) -> npt.NDArray[np.float64]:
    lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
    return np.concatenate([[0.0], np.cumsum(lengths)])


def _visible(path: Paths, counts: Sequence[int]) -> npt.NDArray[np.float64]:
    """What of displacements is seen in the ink, as a projection ``[P, 2, 2]``.

    A point that moves along its stroke changes nothing, unless it is at the stroke's end.
    """
    found = np.tile(np.eye(2), (len(path), 1, 1))
    for part in stroke_slices(counts):
        along = np.gradient(path[part], axis=0)
        along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
        inner = slice(_SEEN_WHOLE, len(along) - _SEEN_WHOLE)
        found[part][inner] -= (along[:, :, None] * along[:, None])[inner]
    return found
