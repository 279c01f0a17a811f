import json

import numpy as np
import pytest

import datasets.mnist
import datasets.recordings
import train.refusal.measures
from datasets.recordings import OWN_RECORDINGS
from scripts import evaluate_refusal
from strokes.formats.recordings import read_recordings
from train.errors import RunError


def test_what_is_refused_is_said_by_kind(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(train.refusal.measures, "_MADE", 20)
    picture = np.zeros((2, 28, 28), np.uint8)
    picture[:, 5:23, 13:15] = 255
    own = read_recordings(OWN_RECORDINGS)[::30]
    monkeypatch.setattr(datasets.mnist, "load_mnist", lambda split: (picture, None))
    monkeypatch.setattr(datasets.recordings, "testing_recordings", lambda source: own)
    letters = tmp_path / "letters.ndjson"
    strokes = [[[0, 0], [0, 100]], [[100, 0], [100, 100]], [[0, 50], [100, 50]]]
    letters.write_text(json.dumps({"label": "H", "strokes": strokes}))
    assert evaluate_refusal.main(["--letters", str(letters)]) == 0
    said = capsys.readouterr().out
    for kind in ("MNIST's digits", "recorded digits", "letters", "lines", "scribbles"):
        assert f"{kind}: " in said


def test_what_cannot_be_meant_is_said():
    with pytest.raises(RunError, match="--seed -1"):
        evaluate_refusal.main(["--seed", "-1"])
