import cv2
import numpy as np
import pytest

from datasets import load_mnist
from datasets.download import ENVIRONMENT_VARIABLE
from datasets.recordings import OWN_RECORDINGS
from datasets.synthetic import as_photo
from strokes.formats.recordings import read_recordings
from strokes.pictures.preparation import prepare
from strokes.reading.recognizer import load_recognizer
from train.recognizer import robustness
from train.recognizer.robustness import (
    _prepared,
    drawn_and_prepared,
    labels_of,
    measures,
    often_misread,
    photo_measures,
)


@pytest.fixture(scope="module")
def recognizer():
    return load_recognizer()


@pytest.fixture(scope="module")
def own():
    """The package's recordings as prepared pictures, and their labels."""
    recordings = read_recordings(OWN_RECORDINGS)
    return drawn_and_prepared(recordings), labels_of(recordings)


def test_the_package_s_recordings_are_all_read(recognizer, own):
    pictures, labels = own
    np.testing.assert_array_equal(recognizer.read(pictures), labels)


def test_photos_of_mnist_s_digits_are_read_as_the_digits_are(recognizer, raw_mnist, rng):
    images, labels = (array[:300] for array in load_mnist("test", data_dir=raw_mnist))
    photos = [as_photo(image, rng) for image in images]
    prepared = np.stack([prepare(photo).picture for photo in photos])
    read = recognizer.read(prepared)
    assert (read == recognizer.read(images)).mean() > 0.97
    assert (read == labels).mean() > 0.97
    scaled = [cv2.resize(1 - photo, (28, 28), interpolation=cv2.INTER_AREA) for photo in photos]
    plain = np.round(255 * np.stack(scaled)).astype(np.uint8)
    assert (recognizer.read(plain) == labels).mean() < 0.6  # why one prepares


def test_a_photo_in_which_nothing_is_seen_counts_as_misread():
    paper = np.ones((100, 100), np.float32)
    assert not _prepared(paper).any()
    paper[20:80, 48:54] = 0.0
    np.testing.assert_array_equal(_prepared(paper), prepare(paper).picture)


def test_photos_are_measured_prepared_in_each_way_and_only_scaled(recognizer, own):
    pictures, labels = (array[::10] for array in own)
    found = dict(photo_measures(recognizer, pictures, labels, seed=0))
    ways = [f"photos, centring {way}" for way in ("mass", "box", "padded", "cell")]
    assert list(found) == [*ways, "photos, only scaled"]
    assert found["photos, centring mass"] > 0.8 > found["photos, only scaled"]
    assert dict(photo_measures(recognizer, pictures, labels, seed=0)) == found


def test_what_is_often_misread_is_said():
    labels = np.repeat([3, 4], 20).astype(np.int32)
    read = labels.copy()
    read[:3] = 8, 8, 5  # three in twenty; two in twenty are not worth a word
    read[20:22] = 9
    assert list(often_misread(read, labels)) == ["3 is read as {5: 1, 8: 2}, 17 times as itself"]


def test_every_figure_is_given_and_what_is_left_out_is_said(recognizer, own, monkeypatch, tmp_path):
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said = []
    found = dict(measures(recognizer, own, photos=5, shapes=0, seed=0, say=said.append))
    names = list(found)
    assert names[:2] == ["MNIST test", "MNIST test, calibration error"]
    assert names[-2:] == ["photos, only scaled", "own recordings"]
    assert (found["MNIST test"], found["own recordings"]) == (1.0, 1.0)
    assert found["MNIST test, calibration error"] < 0.1
    (line,) = said
    assert line.startswith("left out: pendigits.tra not found")


def test_each_kind_of_trouble_is_measured_and_what_is_misread_is_said(monkeypatch):
    recognizer = load_recognizer()
    kinds = {name: robustness.KINDS[name] for name in ("framed", "faint pencil")}
    blank = {"blank": lambda strokes, rng: np.full((60, 60, 3), 255, np.uint8)}
    monkeypatch.setattr(robustness, "KINDS", kinds | blank)
    said = []
    found = dict(robustness.made_photo_measures(recognizer, shapes=3, seed=0, say=said.append))
    assert list(found) == [
        *(f"made photos, {kind}" for kind in (*kinds, "blank")),
        "made photos, wrong of the sure",
    ]
    assert min(found[f"made photos, {kind}"] for kind in kinds) > 0.6
    assert found["made photos, blank"] < 0.5
    assert any(line.startswith("blank: ") for line in said)
