"""Running trained decoders over any number of pictures, in bounded memory."""

import functools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from rasterizer import CurveName, NeuralLine, pen_up
from strokes.formats.svg import svg
from strokes.ink import Flags, Points, Stroke, strokes_of
from strokes.networks.config import NetworksConfig
from strokes.networks.stack import Parameters, contexts_of, decode
from strokes.parts import size_of_call
from strokes.writing.config import WriterConfig
from strokes.writing.drawing import along_curve, draw
from strokes.writing.plans import Choice, Plans, choose_plans
from strokes.writing.refinement import refine

_BATCH = 1280  # pictures in a call, all decoders together
_FEW, _SLOT_OF_FEW = 64, 4  # so many pictures are written in slots of so many at most
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
    """``[n]``: the number of the class that the writer was told."""
    points: Points
    """``[n, T, 3]``: x, y, softness, close together along the curve that was written."""
    pen_up: Flags
    """``[n, T]``: the segment that begins here is lifted; always so at the last point."""
    mse: npt.NDArray[np.float32]
    """``[n]``: mean squared difference between the differentiable drawing and the picture."""
    plan: Labels
    """``[n]``: the plan by which it was written, 0 where the writer knows no plans."""
    plan_probability: npt.NDArray[np.float32]
    """``[n]``: how likely the person wrote so and in no way before it (`choose_plans`); 1 where
    the writer knows no plans."""
    picture_index: npt.NDArray[np.int64]
    """``[n]``: the place of the picture among those given; several ways of writing one share it."""

    @property
    def strokes(self) -> list[list[Stroke]]:
        """The strokes of each digit, ``[points, 2]`` each, in canvas units."""
        return [strokes_of(path, up) for path, up in zip(self.points, self.pen_up, strict=True)]

    def svg(
        self, index: int, *, seconds: float | None = None, curve: CurveName = "catmull-rom"
    ) -> str:
        """One digit as an SVG document, smooth unless told otherwise; see `strokes.formats.svg`."""
        path = self.points[index, :, :2]
        return svg(path, self.pen_up[index], seconds=seconds, curve=curve)

    def of(self, indices: npt.NDArray[np.integer] | slice | list[int]) -> "Written":
        """Some of the digits."""
        return Written._make(array[indices] for array in self)


def written_one_way(
    pictures: Pictures,
    label: Labels,
    points: Points,
    pen_up: Flags,
    mse: npt.NDArray[np.float32],
) -> Written:
    """What writes each picture once and knows no plans wrote; see `Written`."""
    count = len(label)
    return Written(
        pictures,
        label,
        points,
        pen_up,
        mse,
        np.zeros(count, np.int32),
        np.ones(count, np.float32),
        np.arange(count),
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
    plans: jax.Array,
    lifted: jax.Array | None,
    neural_line: NeuralLine | None,
    *,
    config: WriterConfig,
    refined: int,
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Write ``[S, B, H, W]`` pictures, slot s by decoder ``slots[s]``."""
    networks, drawing = config.networks, config.drawing
    mine = jax.tree.map(lambda leaf: leaf[slots], parameters) if networks.ensemble else parameters
    targets = pictures.astype(jnp.float32)
    contexts = contexts_of(networks, labels, plans)
    points = decode(networks, mine, targets, contexts, lifted=lifted)
    if refined:
        points = refine(
            points,
            targets,
            config=config.loss,
            drawing=drawing,
            steps=refined,
            neural_line=neural_line,
        )
    points = along_curve(points, drawing)
    height, width = targets.shape[-2:]
    drawings = draw(points, drawing, height=height, width=width, neural_line=neural_line)
    ups = pen_up(points[..., 2], line=drawing.line).at[..., -1].set(True)
    return points, ups, jnp.mean((drawings - targets) ** 2, axis=(-2, -1))


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
    """Few pictures make a small call; of few sizes, so that few programs are compiled."""
    groups = np.bincount(labels) if networks.ensemble else np.array([len(labels)])
    few = networks.ensemble and len(labels) <= _FEW
    most = _SLOT_OF_FEW if few else _BATCH // networks.count
    return size_of_call(int(groups.max()), most)


class _Told(NamedTuple):
    """What a chunk's decoders are told; a row for each digit that is to be written."""

    pictures: Pictures  # [n, H, W]
    labels: Labels
    plans: Labels
    lifted: Flags | None  # [n, T]


def _calls(
    parameters: Parameters,
    told: _Told,
    config: WriterConfig,
    neural_line: NeuralLine | None,
    refined: int,
) -> Iterator[tuple[list[_Slot], tuple[jax.Array, ...]]]:
    """Start each call of a chunk; its slots are filled with pictures of any digits."""
    size = _slot_size(told.labels, config.networks)
    slots = _slots(told.labels, config.networks, size)
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
                told.pictures[chosen],
                told.labels[chosen],
                told.plans[chosen],
                None if told.lifted is None else told.lifted[chosen],
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


def _choose(
    plans: Plans | None, pictures: Pictures, labels: Labels, alternatives: int, plan: int | None
) -> Choice:
    """The likeliest plans of each picture, or the one that is asked for."""
    every = np.arange(len(pictures))
    if plans is None:
        return Choice(every, np.zeros(len(every), np.int32), np.ones(len(every), np.float32))
    chances = plans.probabilities(pictures, labels)
    if plan is None:
        return choose_plans(plans, chances, labels, alternatives)
    chosen = np.full(len(every), plan, np.int32)
    return Choice(every, chosen, chances[:, plan])


def write_digits(
    parameters: Parameters,
    pictures: Pictures,
    labels: Labels,
    *,
    config: WriterConfig,
    plans: Plans | None = None,
    alternatives: int = 1,
    plan: int | None = None,
    refined: int = 0,
    neural_line: NeuralLine | None = None,
) -> Iterator[Written]:
    """Write pictures of any digits in any order, ``CHUNK`` at a time.

    Args:
      parameters: of the decoders.
      pictures: ``[M, H, W]``, uint8 of 0 and 1 or float32 in [0, 1].
      labels: int32 ``[M]``, numbers of classes.
      config: of the writer.
      plans: that its decoders are told, if they are told any.
      alternatives: write each picture by so many of its likeliest plans, best first; by fewer
        where its class has fewer.
      plan: write by this plan, whatever the picture tells; every label has to have it.
      refined: steps of refinement (`strokes.writing.refinement`) after the decoders; 0 for none.
      neural_line: weights of that line, if the writer has it.

    Yields:
      consecutive chunks, in the order of ``pictures``.
    """
    steps = config.written_points
    lifted = None if plans is None else plans.lifted
    for start in range(0, len(pictures), CHUNK):
        part = slice(start, start + CHUNK)
        chosen = _choose(plans, pictures[part], labels[part], alternatives, plan)
        shown, told = pictures[part][chosen.rows], labels[part][chosen.rows]
        count = len(told)
        written = Written(
            shown,
            told,
            np.empty((count, steps, 3), np.float32),
            np.empty((count, steps), np.bool_),
            np.empty(count, np.float32),
            chosen.plans,
            chosen.probabilities,
            start + chosen.rows,
        )
        inputs = _Told(
            shown,
            told,
            chosen.plans,
            None if lifted is None else lifted[told, chosen.plans],
        )
        calls = _calls(parameters, inputs, config, neural_line, refined)
        for slots, results in _one_ahead(calls):
            for whole, found in zip(written[2:5], map(np.asarray, results), strict=True):
                for place, slot in enumerate(slots):
                    whole[slot.indices] = found[place, : len(slot.indices)]
        yield written
