"""What an evaluation can measure: a trained writer, an exported file, skeleton tracing."""

import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from rasterizer import NeuralLine
from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.formats.parquet import iterate_parquet, read_classes, read_metadata
from strokes.ink import Flags, Points
from strokes.writing.config import DrawingConfig
from strokes.writing.drawing import draw
from strokes.writing.inference import CHUNK, Labels, Written, written_one_way
from strokes.writing.writer import Writer
from train.evaluation.hard_drawing import Pictures
from train.evaluation.legibility import Write
from train.evaluation.tracing import trace
from train.neural_line.weights import line_file, load_line
from train.stroke_model.config import TrainConfig
from train.stroke_model.config_files import config_from_dict
from train.stroke_model.model import training_config

_PRESSED = 150.0  # softness of a traced line
_LIFTED = 1.0

Draw = Callable[[Points, int, int], npt.NDArray[np.float32]]
"""The differentiable drawing of points, on a canvas of so many rows and columns."""


class EvaluationSource(NamedTuple):
    """What is measured."""

    name: str
    chunks: Iterator[Written]
    drawing: DrawingConfig
    draw: Draw
    facts: dict[str, Any]
    write: Write | None = None
    """Writes pictures under given labels, where it can."""
    classes: Classes = DIGITS
    """What is written."""


def _drawer(drawing: DrawingConfig, neural_line: NeuralLine | None = None) -> Draw:
    def drawn(points: Points, height: int, width: int) -> npt.NDArray[np.float32]:
        found = draw(
            jnp.asarray(points), drawing, height=height, width=width, neural_line=neural_line
        )
        return np.asarray(found)

    return drawn


def _as_written(
    targets: Pictures, labels: Labels, points: Points, pen_up: Flags, draw: Draw
) -> Written:
    """Points with the difference of their soft drawing."""
    drawings = draw(points, *targets.shape[1:])
    error = np.mean((drawings - targets) ** 2, axis=(1, 2))
    return written_one_way(targets, labels, points, pen_up, error)


def _traced(targets: Pictures, labels: Labels, draw: Draw) -> Iterator[Written]:
    for start in range(0, len(targets), CHUNK // 4):
        part = slice(start, start + CHUNK // 4)
        paths, lifted = trace(targets[part])
        softness = np.where(lifted, _LIFTED, _PRESSED).astype(np.float32)
        points = np.concatenate([paths, softness[..., None]], axis=-1)
        yield _as_written(targets[part], labels[part], points, lifted, draw)


def _exported(
    path: Path, targets: Pictures, labels: Labels, draw: Draw, name: str
) -> Iterator[Written]:
    whose = "MNIST test digits" if name == "digits" else f"test pictures of {name}"
    seen = 0
    for part in iterate_parquet(path):
        expected = np.arange(seen, seen + len(part.label))
        if len(expected) + seen > len(targets) or (part.mnist_index != expected).any():
            raise DataError(f"{path}: expected the {len(targets):,} {whose} in order")
        points, pen_up = part.with_softness()
        yield _as_written(targets[expected], labels[expected], points, pen_up, draw)
        seen += len(expected)
    if seen != len(targets):
        raise DataError(f"{path}: {seen:,} sequences, expected the {len(targets):,} {whose}")


def export_config(path: Path) -> TrainConfig:
    """The configuration of the writer that exported a Parquet file.

    Raises:
      DataError: the file is damaged, or no export.
    """
    metadata = read_metadata(path)
    try:
        return config_from_dict(json.loads(metadata["config"]))
    except (KeyError, ValueError, RecursionError) as error:
        raise DataError(f"{path}: no configuration of its writer ({error})") from error


def export_drawer(path: Path) -> tuple[TrainConfig, Draw]:
    """That configuration, and what draws points as that writer drew. Raises as `export_config`."""
    config = export_config(path)
    neural = config.drawing.line == "neural"
    line = load_line(line_file(config.neural_line)) if neural else None
    return config, _drawer(config.drawing, line)


def of_writer(
    writer: Writer, name: str, targets: Pictures, labels: Labels, *, refined: int
) -> EvaluationSource:
    """What a writer writes for the targets, refined by so many steps."""
    seed = training_config(writer).seed
    write = functools.partial(writer.write_thinned, refined=refined)
    return EvaluationSource(
        name,
        write(targets, labels),
        writer.config.drawing,
        _drawer(writer.config.drawing, writer.neural_line),
        {"steps": writer.step, "seed": seed, "refinement": refined},
        write,
        writer.classes,
    )


def of_export(path: Path, targets: Pictures, labels: Labels) -> EvaluationSource:
    """What a test.parquet holds."""
    config, draw = export_drawer(path)
    chunks = _exported(path, targets, labels, draw, config.set)
    facts, classes = {"seed": config.seed}, read_classes(path)
    return EvaluationSource(str(path), chunks, config.drawing, draw, facts, classes=classes)


def of_tracing(targets: Pictures, labels: Labels, classes: Classes = DIGITS) -> EvaluationSource:
    """The targets' skeletons, traced."""
    drawing = DrawingConfig()
    draw = _drawer(drawing)
    chunks = _traced(targets, labels, draw)
    return EvaluationSource("skeleton tracing", chunks, drawing, draw, {}, classes=classes)
