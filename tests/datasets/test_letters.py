import numpy as np
import pytest

from datasets.letters import LETTERS, LETTERS_FILE, letter_recordings, load_letters
from datasets.recordings import recordings_of, teaching_recordings
from datasets.unipen import is_test_writer, write_gzipped, writer_of
from strokes.errors import DataError
from strokes.ink import Recording
from strokes.pictures.pen import draw_as_mnist

STROKES = [np.array([[0.0, 0.0], [90.0, 30.0], [20.0, 80.0]]), np.array([[10.0, 50.0]])]


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    """Two letters of each of 20 writers."""
    monkeypatch.setenv("STROKES_DATA_DIR", str(tmp_path))
    found = [
        Recording(LETTERS.number(name), STROKES, "px", f"unipen-abc-{writer}")
        for writer in range(20)
        for name in "Cz"
    ]
    write_gzipped(found, tmp_path / LETTERS_FILE, LETTERS)


def test_writers_are_on_one_side_and_numbered(prepared):
    sides = {split: letter_recordings(split) for split in ("train", "test")}
    for split, recordings in sides.items():
        assert all(is_test_writer(writer_of(one)) == (split == "test") for one in recordings)
        found = load_letters(split, side=32)
        assert found.images.shape == (len(recordings), 32, 32)
        assert found.labels.tolist() == [one.label for one in recordings]
        assert len(set(found.writers)) == len(recordings) // 2
        np.testing.assert_array_equal(found.images[0], draw_as_mnist(STROKES, side=32)[0])
    assert sum(map(len, sides.values())) == 40


def test_letters_are_recordings_by_name_but_not_where_digits_are_expected(prepared):
    assert {one.label for one in recordings_of("letters", classes=LETTERS)} == {2, 51}
    teaching = teaching_recordings("letters", classes=LETTERS)
    assert not any(is_test_writer(writer_of(one)) for one in teaching)
    with pytest.raises(DataError, match="letters: its labels are other classes"):
        recordings_of("letters")


def test_what_is_not_there_says_how_to_make_it(tmp_path, monkeypatch):
    monkeypatch.setenv("STROKES_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(DataError, match="prepare_unipen FOLDER --set letters"):
        load_letters("test")


def test_small_and_capital_letters_are_classes_and_some_look_alike():
    assert len(LETTERS) == 52
    assert all(group[0].lower() == group[1] for group in LETTERS.alike)
    assert {group[0] for group in LETTERS.alike} >= set("COSVWXZ")
