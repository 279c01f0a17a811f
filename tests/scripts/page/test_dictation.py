"""A number that is typed, and what is taken away of one."""

import io
import json

import imageio.v3 as iio
import numpy as np
import pytest
from PIL import Image

from datasets.recordings import OWN_RECORDINGS
from scripts.page.dictation import Dictation, Shown, as_gif, as_svg
from scripts.page.keeping import KeptRecordings
from strokes.errors import DataError
from strokes.formats.numbers.ndjson import parse_number
from strokes.formats.recordings import read_recordings
from strokes.handwriting import WrittenNumber
from strokes.ink import Recording


def places(written):
    return np.concatenate([np.array(stroke) for stroke in written["strokes"]])


def test_a_drawn_hand_writes_what_is_typed_never_twice_the_same(tmp_path):
    dictation = Dictation(KeptRecordings(tmp_path / "none.ndjson"))
    first = dictation.write("-3.14", own=False, hand=2, seed=1)
    assert first["hand"] == "hand 2"
    assert sorted(set(first["characters"])) == [0, 1, 2, 3, 4]
    assert first == dictation.write("-3.14", own=False, hand=2, seed=1)
    again = dictation.write("-3.14", own=False, hand=2, seed=2)
    assert len(again["strokes"]) == len(first["strokes"])
    assert again["strokes"] != first["strokes"]
    for text, reason in (("2a", "no number"), ("1" * 13, "13 characters, expected at most 12")):
        with pytest.raises(DataError, match=reason):
            dictation.write(text, own=False, hand=2, seed=1)


def test_one_s_own_hand_is_that_of_the_kept_digits(tmp_path):
    kept = KeptRecordings(tmp_path / "kept.ndjson")
    dictation = Dictation(kept)
    with pytest.raises(DataError, match="no digit is kept"):
        dictation.write("7", own=True, hand=0, seed=1)
    seven = np.array([[0.2, 0.2], [0.8, 0.2], [0.2, 0.9]])
    kept.keep(Recording(7, [seven]))
    wide = places(dictation.write("7", own=True, hand=0, seed=1))
    wide = np.ptp(wide[:, 0]) / np.ptp(wide[:, 1])
    kept.undo()
    kept.keep(Recording(7, [seven * [0.4, 1.0]]))
    narrow = places(dictation.write("7", own=True, hand=0, seed=1))
    assert np.ptp(narrow[:, 0]) / np.ptp(narrow[:, 1]) < 0.7 * wide
    for one in read_recordings(OWN_RECORDINGS):
        kept.keep(one)
    assert len(dictation.write("0123456789", own=True, hand=0, seed=3)["strokes"]) >= 10


def test_what_is_shown_is_taken_away():
    strokes = [np.array([[0.0, 0.0, 0.0], [6.0, 0.0, 400.0], [3.0, 9.0, 800.0]])]
    shown = Shown(WrittenNumber("7", strokes, []), 1.0)
    assert b"<animate" in as_svg(shown)
    gif = as_gif(shown)
    assert Image.open(io.BytesIO(gif)).format == "GIF"
    frames = iio.imread(gif, extension=".gif")
    dark = (frames.min(axis=-1) < 100).sum(axis=(1, 2))
    assert dark[0] < dark[len(dark) // 2] < dark[-1]


def test_an_answer_to_typing_is_a_line_of_numbers(server):
    entry = {"text": "2026", "own": False, "hand": 3, "seed": 4}
    status, found = server.post("/api/number", entry)
    assert status == 200
    line = json.dumps({**found, "units": "mm", "source": found["hand"]})
    assert parse_number(line).text == "2026"
    for change, reason in (
        ({"text": "two"}, "no number"),
        ({"text": 3}, "text: expected a number"),
        ({"seed": -1}, "hand and seed: expected integers"),
        ({"own": True}, "no digit is kept"),
    ):
        status, refused = server.post("/api/number", entry | change)
        assert status == 422
        assert reason in refused["error"]
