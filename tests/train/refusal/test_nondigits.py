import numpy as np
import pytest

from datasets.recordings import OWN_RECORDINGS
from strokes.formats.recordings import read_recordings
from train.refusal.nondigits import line, lines_and_arcs, make_pictures, scribble, spoilt

KINDS = {"line": line, "scribble": scribble, "lines and arcs": lines_and_arcs}


@pytest.mark.parametrize("name", [*KINDS, "spoilt"])
def test_kinds_are_drawn_as_digits_are(name, rng):
    kind = KINDS.get(name) or spoilt(read_recordings(OWN_RECORDINGS))
    pictures = make_pictures(kind, 40, generator=rng)
    assert (pictures.shape, pictures.dtype) == ((40, 28, 28), np.uint8)
    assert (pictures.max(axis=(1, 2)) > 150).all()
    assert len({picture.tobytes() for picture in pictures}) == 40
    rim = pictures.copy()
    rim[:, 1:-1, 1:-1] = 0
    assert (rim.sum(axis=(1, 2)) < 0.1 * pictures.sum(axis=(1, 2))).mean() > 0.9


def test_a_line_is_no_1(rng):
    for _ in range(50):
        (stroke,) = line(rng)
        across, down = np.abs(stroke[-1] - stroke[0])
        assert across > 0.7 * down
