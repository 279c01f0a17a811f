"""Exported sequences beside the pictures that they were written for."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from datasets.picture_sets import load_picture_set
from datasets.prepared import Split
from strokes.errors import DataError
from strokes.figures.animation import StrokeFigure
from strokes.formats.sequences import Sequences
from train.errors import RunError
from train.evaluation.sources import export_drawer


def split_of(file: Path, sequences: Sequences) -> Split:
    """The split of a set that an export is of.

    Raises:
      RunError: it is of other pictures.
    """
    split = sequences.id[0].rsplit("-", 1)[0] if sequences.id else ""
    if split not in ("train", "test"):
        raise RunError(
            f"{file}: its pictures are of no split of a set, so there is no ground truth to show; "
            "draw from a checkpoint"
        )
    return split  # type: ignore[return-value]


def exported_figure(
    file: Path, sequences: Sequences, split: Split, chosen: npt.NDArray[np.integer]
) -> StrokeFigure:
    """Some sequences of an export of a set, with their pictures and drawings.

    Args:
      file: Parquet; its metadata say how to draw.
      sequences: all that it holds.
      split: that it is of.
      chosen: places of those to show.

    Raises:
      DataError: the file's metadata are damaged, or the set is not there, or another one.
    """
    points, pen_up = (array[chosen] for array in sequences.with_softness())
    config, draw = export_drawer(file)
    side = config.networks.decoder.picture_height
    images, *_ = load_picture_set(config.set, split, kind="thinned", side=side)
    if sequences.mnist_index[chosen].max(initial=0) >= len(images):
        raise DataError(f"{file}: more sequences than {config.set} has pictures; which are they?")
    targets = images[sequences.mnist_index[chosen]]
    return StrokeFigure(targets, points, pen_up, draw(points, *targets.shape[1:]))
