"""Photos of handwriting, for tests of programs that take pictures."""

import imageio.v3 as iio
import numpy as np

from datasets.recordings import OWN_RECORDINGS
from datasets.synthetic import on_paper
from strokes.formats.recordings import read_recordings
from strokes.pictures.pen import draw_ink
from strokes.resampling import fit_to_box


def photo(label, path, rng):
    """A recording of the package as a photo in a file."""
    recording = next(one for one in read_recordings(OWN_RECORDINGS) if one.label == label)
    ink = 1 - draw_ink(fit_to_box(recording.strokes), side=200, width=0.06)
    iio.imwrite(path, np.round(255 * on_paper(ink, rng)).astype(np.uint8))
    return str(path)
