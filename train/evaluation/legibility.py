"""Whether a frozen recogniser reads what was drawn: the measure `legibility`."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from strokes.reading.recognizer import Recognizer
from strokes.writing.inference import Labels, Written
from train.evaluation.hard_drawing import Pictures, draw_hard

Write = Callable[[Pictures, Labels], Iterator[Written]]
"""Writes thinned pictures under given labels, a chunk at a time."""


def _read(recognizer: Recognizer, written: Written) -> Labels:
    height, width = written.pictures.shape[1:]
    hard = draw_hard(written.points[..., :2], written.pen_up, height=height, width=width)
    return recognizer.read(hard)


def legibility_measures(
    recognizer: Recognizer, written: Written, write: Write | None = None
) -> dict[str, npt.NDArray[np.float64]]:
    """Whether each digit is read as its label.

    A decoder that is told the label draws what it was told, even where the picture shows
    something else. So the digits are also written under the label that the recogniser
    reads off the picture; where that is the true one, nothing changes.

    Args:
      recognizer: of thinned digits.
      written: under the true labels, for pictures uint8 ``[n, H, W]`` of 0 and 1.
      write: writes pictures under other labels; none where that is not possible.

    Returns:
      float64 ``[n]`` of 0 and 1 by name: legibility; legibility_target, of the pictures
      themselves; and, with ``write``, legibility_read, under the labels that were read.
    """
    targets, labels = written.pictures.astype(np.uint8), written.label
    drawn_as, seen_as = _read(recognizer, written), recognizer.read(targets)
    found = {"legibility": drawn_as == labels, "legibility_target": seen_as == labels}
    if write is not None:
        misread = np.flatnonzero(seen_as != labels)
        drawn_as = drawn_as.copy()
        done = 0
        for again in write(targets[misread], seen_as[misread]):
            part = misread[done : done + len(again.points)]
            drawn_as[part] = _read(recognizer, again)
            done += len(part)
        found["legibility_read"] = drawn_as == labels
    return {name: values.astype(np.float64) for name, values in found.items()}
