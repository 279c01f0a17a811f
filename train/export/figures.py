"""Exported sequences beside the pictures that they were written for."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from datasets import load_thinned
from datasets.mnist import Split
from strokes.figures.animation import StrokeFigure
from strokes.formats.sequences import Sequences
from train.errors import RunError
from train.evaluation.sources import export_drawer


def mnist_split(file: Path, sequences: Sequences) -> Split:
    """The split of MNIST that an export is of.

    Raises:
      RunError: it is of other pictures.
    """
    split = sequences.id[0].rsplit("-", 1)[0] if sequences.id else ""
    if split not in ("train", "test"):
        raise RunError(
            f"{file}: its digits are not MNIST's, so there is no ground truth to show; "
            "draw from a checkpoint"
        )
    return split  # type: ignore[return-value]


def exported_figure(
    file: Path, sequences: Sequences, split: Split, chosen: npt.NDArray[np.integer]
) -> StrokeFigure:
    """Some sequences of an export of MNIST, with their pictures and drawings.

    Args:
      file: Parquet; its metadata say how to draw.
      sequences: all that it holds.
      split: of MNIST, that it is of.
      chosen: places of those to show.

    Raises:
      DataError: the file's metadata are damaged.
    """
    images, _ = load_thinned(split)
    points, pen_up = (array[chosen] for array in sequences.with_softness())
    _, draw = export_drawer(file)
    targets = images[sequences.mnist_index[chosen]]
    return StrokeFigure(targets, points, pen_up, draw(points, *targets.shape[1:]))
