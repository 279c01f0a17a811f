import json

import pytest

import datasets.recordings
import train.hands.measures
from datasets.recordings import OWN_RECORDINGS
from scripts import evaluate_hands
from strokes.formats.recordings import read_recordings
from train.errors import RunError


def test_hands_are_measured_beside_people(monkeypatch, capsys):
    monkeypatch.setattr(train.hands.measures, "_PAIRS", 5)
    own = read_recordings(OWN_RECORDINGS)
    people = [one._replace(source=f"unipen-own-{i % 4:03d}") for i, one in enumerate(own)][::7]
    monkeypatch.setattr(datasets.recordings, "testing_recordings", lambda source: people)
    assert evaluate_hands.main(["--hands", "3", "--numbers", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["between, hands"] > found["within, hands"] > 0
    assert found["read"] > 0.8


def test_what_cannot_be_meant_is_said():
    with pytest.raises(RunError, match="--hands 1"):
        evaluate_hands.main(["--hands", "1"])
