import json

import pytest

from datasets.recordings import OWN_RECORDINGS
from strokes.formats.recordings import read_recordings
from strokes.writing.writer import load_writer
from train.evaluation.truth import truth_of
from train.evaluation.truth_report import (
    most_similar_truth,
    traced_truth,
    worst_digits,
    write_truth,
    written_truth,
)


@pytest.fixture(scope="module")
def recordings():
    return read_recordings(OWN_RECORDINGS)[::5]


@pytest.fixture(scope="module")
def truth(recordings):
    return truth_of(recordings)


def test_the_shipped_writer_recovers_most_of_what_another_hand_did(truth):
    told, read = written_truth(load_writer(), truth, refined=0)
    assert (told.name, read.name) == ("true labels", "read labels")
    assert told.scores["all"]["recovered"] > 0.7
    assert told.scores["all"]["recovered_best3"] > told.scores["all"]["recovered"]
    assert told.calibration_error < 0.2
    assert read.scores["all"]["recovered"] <= told.scores["all"]["recovered"] + 0.05
    assert told.scores["all"]["aiou"] > 0.6


def test_the_most_similar_recording_of_a_known_digit_is_itself(truth, recordings):
    found = most_similar_truth(truth, recordings)
    assert found.scores["all"]["recovered"] == 1.0


def test_the_page_shows_the_worst_and_the_file_holds_the_scores(truth, tmp_path):
    found = traced_truth(truth)
    assert found.scores["all"]["recovered"] < 0.7
    sheets = worst_digits(found, truth)
    assert sheets
    write_truth([found], truth, {"evaluated": "skeletons"}, tmp_path)
    record = json.loads((tmp_path / "truth.json").read_text())
    assert record["skeleton tracing"]["all"] == found.scores["all"]
    assert record["about"]["digits"] == len(truth.labels)
    page = (tmp_path / "truth.html").read_text()
    assert page.count("data:image/png;base64,") == len(sheets)
    assert f"{found.scores['all']['recovered']:.4f}" in page
    assert "http" not in page
