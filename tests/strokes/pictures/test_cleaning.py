import numpy as np
import pytest

from datasets.made_photos import KINDS
from datasets.recordings import OWN_RECORDINGS
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.pictures.cleaning import clean
from strokes.pictures.stages import shrunk

SEVEN = next(one for one in read_recordings(OWN_RECORDINGS) if one.label == 7).strokes


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        ("dark on light", []),
        ("squared, dark", ["rules removed"]),
        ("framed", ["frame removed"]),
        ("a page at an angle", ["page straightened"]),
        ("ink as bright as its paper", ["ink told by its colour"]),
    ],
)
def test_what_was_done_is_said_and_only_ink_is_left(rng, kind, done):
    cleaned = clean(shrunk(KINDS[kind](SEVEN, rng), 400))
    assert [stage.done for stage in cleaned.stages if stage.done] == done
    assert all(stage.done or stage.skipped for stage in cleaned.stages if stage.name in ("page",))
    assert np.median(cleaned.grey) == pytest.approx(1.0, abs=0.03)
    assert cleaned.ink.max() > 0.2


def test_sheets_keep_their_frames(rng):
    photo = KINDS["framed"](SEVEN, rng)
    names = [stage.name for stage in clean(photo, framed=False).stages]
    assert names == ["picture", "page", "grey", "ink", "rules"]


def test_what_is_too_small_is_one_clear_line():
    with pytest.raises(DataError, match="mine: 7x50 pixels, expected at least 8"):
        clean(np.ones((50, 7), np.float32), name="mine")
    with pytest.raises(DataError, match="a strip as thin as a hair"):
        clean(np.ones((9, 500), np.float32))
