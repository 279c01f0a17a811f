import cv2
import imageio.v3 as iio
import numpy as np
import pytest

import strokes
from datasets.made_photos import KINDS
from datasets.recordings import OWN_RECORDINGS
from datasets.synthetic import on_paper
from strokes.formats.recordings import read_recordings
from strokes.pictures.files import read_picture
from strokes.pictures.pen import draw_ink
from strokes.pictures.preparation import prepare
from strokes.reading.recognizer import load_recognizer
from strokes.resampling import fit_to_box

CELL = 160


def ink(label):
    """A recording of the package, drawn: 1 ink, 0 paper."""
    recording = next(one for one in read_recordings(OWN_RECORDINGS) if one.label == label)
    drawn = 1 - draw_ink(fit_to_box(recording.strokes), side=CELL, width=0.06)
    return cv2.copyMakeBorder(drawn, 30, 30, 30, 30, cv2.BORDER_CONSTANT, value=0.0)


def encoded(sheet, rng):
    """Ink on paper, as the content of a PNG."""
    grey = np.round(255 * on_paper(sheet.astype(np.float32), rng)).astype(np.uint8)
    return iio.imwrite("<bytes>", grey, extension=".png")


@pytest.fixture
def photo(tmp_path, rng):
    path = tmp_path / "seven.png"
    path.write_bytes(encoded(ink(7), rng))
    return path


def test_a_photo_is_read(photo):
    (found,) = strokes.read(photo)
    assert (found.digit, found.place) == (7, "")
    assert found.certainty == found.probabilities[7] > 0.5
    assert found.probabilities.sum() == pytest.approx(1.0)
    np.testing.assert_array_equal(found.picture, prepare(read_picture(photo)).picture)


def test_a_path_its_name_and_its_content_are_read_alike(photo):
    (first,) = strokes.read(photo)
    for source in (str(photo), photo.read_bytes()):
        (found,) = strokes.read(source)
        np.testing.assert_array_equal(found.probabilities, first.probabilities)


def test_each_digit_of_a_grid_says_where_it_was(rng):
    blank = np.zeros_like(ink(1))
    rows = [[ink(3), blank, ink(7)], [blank, ink(4), ink(2)]]
    sheet = np.concatenate([np.concatenate(row, axis=1) for row in rows])
    found = strokes.read(encoded(sheet, rng), grid=(2, 3))
    assert [(one.place, one.digit) for one in found] == [
        ("row 1 column 1", 3),
        ("row 1 column 3", 7),
        ("row 2 column 2", 4),
        ("row 2 column 3", 2),
    ]


def test_a_free_sheet_is_read_in_order(rng):
    sheet = np.concatenate([ink(label) for label in (4, 7, 2)], axis=1)
    found = strokes.read(encoded(sheet, rng), sheet=True)
    assert [(one.place, one.digit) for one in found] == [
        (f"row 1 column {column}", label) for column, label in ((1, 4), (2, 7), (3, 2))
    ]


def test_another_recogniser_can_be_given(photo):
    shipped = load_recognizer()
    hot = shipped._replace(facts=shipped.facts | {"temperature": 100.0})
    (found,) = strokes.read(photo, recognizer=hot)
    assert found.digit == 7
    assert found.certainty < 0.2


@pytest.mark.parametrize("layout", [{}, {"grid": (2, 2)}, {"sheet": True}])
def test_where_no_digit_is_seen_that_is_said(rng, layout):
    with pytest.raises(strokes.DataError, match=r"photo.*: blank"):
        strokes.read(encoded(np.zeros((200, 200)), rng), **layout)


def test_a_blank_ruled_sheet_is_said_to_be_blank():
    blank = iio.imwrite("<bytes>", np.full((200, 200), 255, np.uint8), extension=".png")
    with pytest.raises(strokes.DataError, match=r"photo: blank"):
        strokes.read(blank, grid=(2, 2))


def test_what_is_no_picture_is_named(tmp_path):
    path = tmp_path / "note.png"
    path.write_text("none")
    with pytest.raises(strokes.DataError, match=r"note\.png: no picture"):
        strokes.read(path)
    with pytest.raises(FileNotFoundError):
        strokes.read(tmp_path / "nowhere.png")


def test_photos_of_every_kind_are_read(rng):
    """One of each: at most one may be misread."""
    recordings = read_recordings(OWN_RECORDINGS)
    pictures, labels = [], []
    for index, kind in enumerate(KINDS):
        one = next(r for r in recordings if r.label == index % 10)
        labels.append(one.label)
        pictures.append(prepare(KINDS[kind](one.strokes, rng)).picture)
    read = load_recognizer().read(np.stack(pictures))
    misread = [kind for kind, a, b in zip(KINDS, read, labels, strict=True) if a != b]
    assert len(misread) <= 1, misread


def test_a_number_is_read_digit_by_digit(rng):
    line = np.concatenate([ink(label)[:, 40:-40] for label in (4, 7, 2)], axis=1)
    found = strokes.read(encoded(line, rng))
    assert [(one.place, one.digit) for one in found] == [
        ("digit 1", 4),
        ("digit 2", 7),
        ("digit 3", 2),
    ]
    assert all("digits separated" in one.done for one in found)
