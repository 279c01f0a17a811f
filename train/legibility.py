"""Whether a frozen recogniser reads what was drawn: the measure `legibility`."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from train.hard_drawing import Pictures, draw_hard
from train.inference import Written
from train.recognition import Reader

Labels = npt.NDArray[np.int32]


def _read(reader: Reader, written: Written, like: Pictures) -> Labels:
    height, width = like.shape[1:]
    hard = draw_hard(written.points[..., :2], written.pen_up, height=height, width=width)
    return reader.read(hard)


def legibility(
    reader: Reader,
    written: Written,
    targets: Pictures,
    labels: Labels,
    write: Callable[[Pictures, Labels], Iterator[Written]] | None,
) -> dict[str, npt.NDArray[np.float64]]:
    """Whether each digit is read as its label.

    A decoder that is told the label draws what it was told, even where the picture shows
    something else. So the digits are also written under the label that the recogniser
    reads off the picture; where that is the true one, nothing changes.

    Args:
      reader: the recogniser.
      written: what was written for the targets.
      targets: uint8 ``[n, H, W]`` of 0 and 1.
      labels: int32 ``[n]``, the true ones.
      write: writes pictures under given labels; none where that is not possible.

    Returns:
      float64 ``[n]`` of 0 and 1 by name: legibility; legibility_target, of the targets
      themselves; and, with ``write``, legibility_read, under the labels that were read.
    """
    drawn_as, seen_as = _read(reader, written, targets), reader.read(targets)
    found = {"legibility": drawn_as == labels, "legibility_target": seen_as == labels}
    if write is not None:
        misread = np.flatnonzero(seen_as != labels)
        drawn_as = drawn_as.copy()
        done = 0
        for again in write(targets[misread], seen_as[misread]):
            part = misread[done : done + len(again.points)]
            drawn_as[part] = _read(reader, again, targets)
            done += len(part)
        found["legibility_read"] = drawn_as == labels
    return {name: values.astype(np.float64) for name, values in found.items()}
