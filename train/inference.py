"""Running trained decoders over any number of pictures, in bounded memory."""

import functools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from rasterizer import pen_up
from strokes import NetworksConfig, Parameters, decode
from train.config import LossConfig
from train.losses import draw
from train.refine import refine

_BATCH = 1280  # pictures in a call, all decoders together
CHUNK = 10_240
"""Pictures between two results."""


Pictures = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
"""``[M, H, W]``, paper 0 and ink 1."""


class Written(NamedTuple):
    """What a model wrote for a chunk of pictures, in their order."""

    points: npt.NDArray[np.float32]
    """``[n, T, 3]``: x, y, softness."""
    pen_up: npt.NDArray[np.bool_]
    """``[n, T]``: the segment that begins here is lifted; always so at the last point."""
    mse: npt.NDArray[np.float32]
    """``[n]``: mean squared difference between the differentiable drawing and the picture."""


def joined(chunks: Iterable[Written]) -> Written:
    """Consecutive chunks as one."""
    return Written(*(np.concatenate(arrays) for arrays in zip(*chunks, strict=True)))


@functools.partial(jax.jit, static_argnames=("networks", "loss", "refined"))
def _write_slots(
    parameters: Parameters,
    slots: jax.Array,
    pictures: jax.Array,
    labels: jax.Array,
    *,
    networks: NetworksConfig,
    loss: LossConfig,
    refined: int,
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Write ``[S, B, H, W]`` pictures, slot s by decoder ``slots[s]``."""
    mine = jax.tree.map(lambda leaf: leaf[slots], parameters) if networks.ensemble else parameters
    targets = pictures.astype(jnp.float32)
    points = decode(networks, mine, targets, labels)
    if refined:
        points = refine(points, targets, config=loss, steps=refined)
    height, width = targets.shape[-2:]
    drawings = draw(points, loss, height=height, width=width)
    lifted = pen_up(points[..., 2], line=loss.line).at[..., -1].set(True)
    return points, lifted, jnp.mean((drawings - targets) ** 2, axis=(-2, -1))


def _slots(
    labels: npt.NDArray[np.int32], networks: NetworksConfig, size: int
) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """Cut a chunk into (decoder, indices of at most ``size`` pictures)."""
    cut = []
    for network in range(networks.count):
        mine = np.flatnonzero(labels == network) if networks.ensemble else np.arange(len(labels))
        cut += [(network, mine[start : start + size]) for start in range(0, len(mine), size)]
    return cut


def _write_chunk(
    parameters: Parameters,
    pictures: Pictures,
    labels: npt.NDArray[np.int32],
    networks: NetworksConfig,
    loss: LossConfig,
    refined: int,
) -> Written:
    """Write one chunk: each call fills its slots with pictures of any digits."""
    # Few pictures make a small call; sizes are powers of two, so that few programs are compiled.
    groups = np.bincount(labels) if networks.ensemble else np.array([len(labels)])
    size = min(_BATCH // networks.count, 1 << (max(1, int(groups.max())) - 1).bit_length())
    slots = _slots(labels, networks, size)
    count = networks.count if len(slots) > 1 else 1
    steps = networks.decoder.points
    written = Written(
        np.empty((len(pictures), steps, 3), np.float32),
        np.empty((len(pictures), steps), np.bool_),
        np.empty(len(pictures), np.float32),
    )
    waiting: list[tuple[list[npt.NDArray[np.int64]], tuple[jax.Array, ...]]] = []

    def collect() -> None:
        members, results = waiting.pop(0)
        for whole, part in zip(written, map(np.asarray, results), strict=True):
            for slot, indices in enumerate(members):
                whole[indices] = part[slot, : len(indices)]

    for start in range(0, len(slots), count):
        call = slots[start : start + count]
        chosen = np.zeros((count, size), np.int64)  # slots left over write picture 0, unread
        decoders = np.zeros(count, np.int32)
        for slot, (network, indices) in enumerate(call):
            chosen[slot, : len(indices)] = indices
            decoders[slot] = network
        results = _write_slots(
            parameters,
            decoders,
            pictures[chosen],
            labels[chosen],
            networks=networks,
            loss=loss,
            refined=refined,
        )
        waiting.append(([indices for _, indices in call], results))
        if len(waiting) > 1:  # copy one call's results while the next one runs
            collect()
    while waiting:
        collect()
    return written


def write_digits(
    parameters: Parameters,
    pictures: Pictures,
    labels: npt.NDArray[np.int32],
    *,
    networks: NetworksConfig,
    loss: LossConfig,
    refined: int = 0,
) -> Iterator[Written]:
    """Write pictures of any digits in any order, ``CHUNK`` at a time.

    Args:
      parameters: of the decoders.
      pictures: ``[M, H, W]``, uint8 of 0 and 1 or float32 in [0, 1].
      labels: int32 ``[M]`` in 0..9.
      networks: configuration of the decoders.
      loss: gives line model and combination of the drawings.
      refined: steps of refinement (`train.refine`) after the decoders; 0 for none.

    Yields:
      consecutive chunks, in the order of ``pictures``.
    """
    for start in range(0, len(pictures), CHUNK):
        part = slice(start, start + CHUNK)
        yield _write_chunk(parameters, pictures[part], labels[part], networks, loss, refined)
