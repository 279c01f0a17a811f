import numpy as np
import pytest

from datasets import load_thinned
from datasets.picture_sets import SETS, load_picture_set
from datasets.prepared import Part, PictureSet, write_prepared
from scripts.shared.sets import NAMES
from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.pictures.thinning import thin


def test_digits_are_the_package_s(raw_mnist):
    thinned = load_picture_set("digits", "test", kind="thinned")
    grey = load_picture_set("digits", "test", data_dir=raw_mnist)
    assert thinned.classes == grey.classes == DIGITS
    np.testing.assert_array_equal(thinned.labels, grey.labels)
    assert (thinned.images.max(), grey.images.max()) == (1, 255)
    with pytest.raises(DataError, match="28x28 pixels"):
        load_picture_set("digits", "test", data_dir=raw_mnist, side=32)


def test_a_file_is_a_set_grey_or_thinned(tmp_path):
    images, labels = load_thinned("test")
    part = Part(labels[:3], [255 * images[:3]])
    path = tmp_path / "set.npz"
    write_prepared(path, {"test": part}, Classes(tuple("abcdefghij")), height=28, width=28)
    grey = load_picture_set(str(path), "test", side=28)
    assert grey.images.max() == 255
    thinned = load_picture_set(str(path), "test", kind="thinned")
    np.testing.assert_array_equal(thinned.images, thin(grey.images))
    with pytest.raises(DataError, match="pictures of 28x28, not of 32; prepare it anew"):
        load_picture_set(str(path), "test", side=32)


def test_a_set_joins_by_a_row(monkeypatch):
    blank = PictureSet(np.zeros((1, 40, 40), np.uint8), np.zeros(1, np.int32), DIGITS)
    monkeypatch.setitem(SETS, "blank", lambda split, data_dir, side: blank)
    assert load_picture_set("blank", "test") is blank


def test_programs_know_the_names():
    assert set(NAMES) == set(SETS)
