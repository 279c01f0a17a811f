"""Running trained decoders over any number of pictures, in bounded memory."""

import functools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from rasterizer import NeuralLine, pen_up
from strokes.formats.svg import svg
from strokes.ink import Flags, Points, Stroke, strokes_of
from strokes.networks.config import NetworksConfig
from strokes.networks.stack import Parameters, decode
from strokes.writing.config import WriterConfig
from strokes.writing.drawing import draw
from strokes.writing.refinement import refine

_BATCH = 1280  # pictures in a call, all decoders together
CHUNK = 10_240
"""Pictures between two results."""

Pictures = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
"""``[M, H, W]``, paper 0 and ink 1."""
Labels = npt.NDArray[np.int32]


class Written(NamedTuple):
    """What a writer wrote for n pictures, in their order. Layouts are those of `strokes.ink`."""

    pictures: Pictures
    """``[n, H, W]``, thinned: what was to be written."""
    label: Labels
    """``[n]``: the digit that the writer was told."""
    points: Points
    """``[n, T, 3]``: x, y, softness."""
    pen_up: Flags
    """``[n, T]``: the segment that begins here is lifted; always so at the last point."""
    mse: npt.NDArray[np.float32]
    """``[n]``: mean squared difference between the differentiable drawing and the picture."""

    @property
    def strokes(self) -> list[list[Stroke]]:
        """The strokes of each digit, ``[points, 2]`` each, in canvas units."""
        return [strokes_of(path, up) for path, up in zip(self.points, self.pen_up, strict=True)]

    def svg(self, index: int, *, seconds: float | None = None) -> str:
        """One digit as an SVG document; see `strokes.formats.svg`."""
        return svg(self.points[index, :, :2], self.pen_up[index], seconds=seconds)

    def of(self, indices: npt.NDArray[np.integer] | slice | list[int]) -> "Written":
        """Some of the digits."""
        return Written(
            self.pictures[indices],
            self.label[indices],
            self.points[indices],
            self.pen_up[indices],
            self.mse[indices],
        )


def concatenated(chunks: Iterable[Written]) -> Written:
    """Consecutive chunks as one."""
    return Written(*(np.concatenate(arrays) for arrays in zip(*chunks, strict=True)))


@functools.partial(jax.jit, static_argnames=("config", "refined"))
def _write_slots(
    parameters: Parameters,
    slots: jax.Array,
    pictures: jax.Array,
    labels: jax.Array,
    neural_line: NeuralLine | None,
    *,
    config: WriterConfig,
    refined: int,
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Write ``[S, B, H, W]`` pictures, slot s by decoder ``slots[s]``."""
    networks, drawing = config.networks, config.drawing
    mine = jax.tree.map(lambda leaf: leaf[slots], parameters) if networks.ensemble else parameters
    targets = pictures.astype(jnp.float32)
    points = decode(networks, mine, targets, labels)
    if refined:
        points = refine(
            points,
            targets,
            config=config.loss,
            drawing=drawing,
            steps=refined,
            neural_line=neural_line,
        )
    height, width = targets.shape[-2:]
    drawings = draw(points, drawing, height=height, width=width, neural_line=neural_line)
    lifted = pen_up(points[..., 2], line=drawing.line).at[..., -1].set(True)
    return points, lifted, jnp.mean((drawings - targets) ** 2, axis=(-2, -1))


class _Slot(NamedTuple):
    """Pictures that one decoder writes in one call."""

    network: int
    indices: npt.NDArray[np.int64]


def _slots(labels: Labels, networks: NetworksConfig, size: int) -> list[_Slot]:
    """Cut a chunk into slots of at most ``size`` pictures."""
    cut = []
    for network in range(networks.count):
        mine = np.flatnonzero(labels == network) if networks.ensemble else np.arange(len(labels))
        cut += [_Slot(network, mine[start : start + size]) for start in range(0, len(mine), size)]
    return cut


def _slot_size(labels: Labels, networks: NetworksConfig) -> int:
    """Few pictures make a small call; a power of two, so that few programs are compiled."""
    groups = np.bincount(labels) if networks.ensemble else np.array([len(labels)])
    return min(_BATCH // networks.count, 1 << (max(1, int(groups.max())) - 1).bit_length())


def _calls(
    parameters: Parameters,
    pictures: Pictures,
    labels: Labels,
    config: WriterConfig,
    neural_line: NeuralLine | None,
    refined: int,
) -> Iterator[tuple[list[_Slot], tuple[jax.Array, ...]]]:
    """Start each call of a chunk; its slots are filled with pictures of any digits."""
    size = _slot_size(labels, config.networks)
    slots = _slots(labels, config.networks, size)
    count = config.networks.count if len(slots) > 1 else 1
    for start in range(0, len(slots), count):
        call = slots[start : start + count]
        chosen = np.zeros((count, size), np.int64)  # slots left over write picture 0, unread
        decoders = np.zeros(count, np.int32)
        for place, (network, indices) in enumerate(call):
            chosen[place, : len(indices)] = indices
            decoders[place] = network
        yield (
            call,
            _write_slots(
                parameters,
                decoders,
                pictures[chosen],
                labels[chosen],
                neural_line,
                config=config,
                refined=refined,
            ),
        )


def _one_ahead(
    calls: Iterator[tuple[list[_Slot], tuple[jax.Array, ...]]],
) -> Iterator[tuple[list[_Slot], tuple[jax.Array, ...]]]:
    """The same calls, each given out when the next one has been started: devices do not wait."""
    started = next(calls, None)
    while started is not None:
        following = next(calls, None)
        yield started
        started = following


def write_digits(
    parameters: Parameters,
    pictures: Pictures,
    labels: Labels,
    *,
    config: WriterConfig,
    refined: int = 0,
    neural_line: NeuralLine | None = None,
) -> Iterator[Written]:
    """Write pictures of any digits in any order, ``CHUNK`` at a time.

    Args:
      parameters: of the decoders.
      pictures: ``[M, H, W]``, uint8 of 0 and 1 or float32 in [0, 1].
      labels: int32 ``[M]`` in 0..9.
      config: of the writer.
      refined: steps of refinement (`strokes.writing.refinement`) after the decoders; 0 for none.
      neural_line: weights of that line, if the writer has it.

    Yields:
      consecutive chunks, in the order of ``pictures``.
    """
    steps = config.networks.decoder.points
    for start in range(0, len(pictures), CHUNK):
        part = slice(start, start + CHUNK)
        shown, told = pictures[part], labels[part]
        written = Written(
            shown,
            told,
            np.empty((len(shown), steps, 3), np.float32),
            np.empty((len(shown), steps), np.bool_),
            np.empty(len(shown), np.float32),
        )
        calls = _calls(parameters, shown, told, config, neural_line, refined)
        for slots, results in _one_ahead(calls):
            for whole, found in zip(written[2:], map(np.asarray, results), strict=True):
                for place, slot in enumerate(slots):
                    whole[slot.indices] = found[place, : len(slot.indices)]
        yield written
