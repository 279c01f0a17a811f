import json

import numpy as np
import pytest

from strokes.errors import DataError
from strokes.ink import Recording
from strokes.reading.refusal import load_refusal
from train.refusal import measures
from train.refusal.measures import read_letters, refused_shares

STROKES = [[[0, 0], [50, 100], [100, 0]], [[20, 50], [80, 50]]]


def test_letters_like_digits_are_left_out(tmp_path):
    path = tmp_path / "letters.ndjson"
    lines = [{"label": label, "strokes": STROKES} for label in "AOlB"]
    path.write_text("\n".join(map(json.dumps, lines)))
    assert len(read_letters(path)) == 1
    path.write_text('{"label": "A"}\n')
    with pytest.raises(DataError, match="line 1"):
        read_letters(path)
    path.write_text("")
    with pytest.raises(DataError, match="no letter"):
        read_letters(path)


def test_shares_are_of_each_kind(rng, monkeypatch):
    monkeypatch.setattr(measures, "_MADE", 30)
    strokes = [np.array(one, float) for one in STROKES]
    digits = np.zeros((3, 28, 28), np.uint8)
    digits[:, 5:23, 13:15] = 255
    shares = refused_shares(
        load_refusal(), digits, [Recording(1, strokes, "px")], [], generator=rng
    )
    assert list(shares) == ["MNIST's digits", "recorded digits", "lines", "scribbles"]
    assert shares["MNIST's digits"] == 0
    assert shares["scribbles"] > 0.8
