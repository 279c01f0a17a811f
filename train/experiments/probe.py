"""What a writer writes without a proper picture or label."""

import numpy as np
import numpy.typing as npt

from strokes.figures.animation import StrokeFigure
from strokes.writing.inference import concatenated
from strokes.writing.writer import Writer


def under_each_label(writer: Writer, pictures: npt.NDArray[np.float32]) -> StrokeFigure:
    """What a writer writes for each picture ``[n, H, W]`` under each of its labels."""
    count = len(writer.classes)
    repeated = np.repeat(pictures, count, axis=0)
    labels = np.tile(np.arange(count, dtype=np.int32), len(pictures))
    return writer.figure(concatenated(writer.write_thinned(repeated, labels)))
