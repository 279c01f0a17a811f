"""What scripts.evaluate can measure: a trained run, an exported file, skeleton tracing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from datasets import DataError
from datasets.sequences import iterate_parquet, read_metadata
from train.config import LossConfig
from train.inference import CHUNK, Written
from train.losses import draw
from train.model import Model
from train.run_folder import config_from_dict
from train.tracing import trace

_PRESSED = 150.0  # softness of a traced line
_LIFTED = 1.0

Pictures = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int32]


class Subject(NamedTuple):
    """What is measured."""

    name: str
    chunks: Iterator[Written]
    loss: LossConfig
    facts: dict[str, Any]
    write: Callable[[Pictures, Labels], Iterator[Written]] | None = None
    """Writes pictures under given labels, where it can."""


def _as_drawn(
    points: npt.NDArray[np.float32],
    pen_up: npt.NDArray[np.bool_],
    targets: Pictures,
    loss: LossConfig,
) -> Written:
    """Points with the difference of their soft drawing."""
    drawings = draw_soft(points, targets.shape, loss)
    return Written(points, pen_up, np.mean((drawings - targets) ** 2, axis=(1, 2)))


def draw_soft(
    points: npt.NDArray[np.float32], shape: tuple[int, ...], loss: LossConfig
) -> npt.NDArray[np.float32]:
    """The differentiable drawing of points, as large as targets of a shape ``[n, H, W]``."""
    height, width = shape[1:]
    return np.asarray(draw(jnp.asarray(points), loss, height=height, width=width))


def _traced(targets: Pictures, loss: LossConfig) -> Iterator[Written]:
    for start in range(0, len(targets), CHUNK // 4):
        part = targets[start : start + CHUNK // 4]
        paths, lifted = trace(part)
        softness = np.where(lifted, _LIFTED, _PRESSED).astype(np.float32)
        points = np.concatenate([paths, softness[..., None]], axis=-1)
        yield _as_drawn(points, lifted, part, loss)


def _exported(path: Path, targets: Pictures, loss: LossConfig) -> Iterator[Written]:
    seen = 0
    for part in iterate_parquet(path):
        expected = np.arange(seen, seen + len(part.label))
        if len(expected) + seen > len(targets) or (part.mnist_index != expected).any():
            raise DataError(f"{path}: expected the {len(targets):,} MNIST test digits in order")
        points = part.points.copy()
        pen_up = points[..., 2] > 0.5
        points[..., 2] = part.softness
        yield _as_drawn(points, pen_up, targets[expected], loss)
        seen += len(expected)
    if seen != len(targets):
        raise DataError(f"{path}: {seen:,} digits, expected the {len(targets):,} MNIST test digits")


def of_model(
    model: Model, name: str, targets: Pictures, labels: Labels, *, refined: int
) -> Subject:
    """What a model writes for the targets, refined by so many steps."""
    facts = {"steps": model.step, "seed": model.config.seed, "refinement": refined}

    def write(pictures: Pictures, labels: Labels) -> Iterator[Written]:
        return model.write(pictures, labels, refined=refined)

    return Subject(name, write(targets, labels), model.config.loss, facts, write)


def of_export(path: Path, targets: Pictures) -> Subject:
    """What a test.parquet holds."""
    config = config_from_dict(json.loads(read_metadata(path)["config"]))
    chunks = _exported(path, targets, config.loss)
    return Subject(str(path), chunks, config.loss, {"seed": config.seed})


def of_tracing(targets: Pictures) -> Subject:
    """The targets' skeletons, traced."""
    loss = LossConfig()
    return Subject("skeleton tracing", _traced(targets, loss), loss, {})
