"""What a writer writes without a proper picture or label."""

import numpy as np
import numpy.typing as npt

from strokes.figures.animation import StrokeFigure
from strokes.networks.config import DIGITS
from strokes.writing.inference import concatenated
from strokes.writing.writer import Writer


def under_each_label(writer: Writer, pictures: npt.NDArray[np.float32]) -> StrokeFigure:
    """What a writer writes for each picture ``[n, H, W]`` under each label, ten a picture."""
    repeated = np.repeat(pictures, DIGITS, axis=0)
    labels = np.tile(np.arange(DIGITS, dtype=np.int32), len(pictures))
    return writer.figure(concatenated(writer.write_thinned(repeated, labels)))
