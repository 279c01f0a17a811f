import numpy as np
import pytest

from datasets import load_thinned
from datasets.picture_sets import SETS, NamedSet, classes_and_size, file_of, load_picture_set
from datasets.prepared import Part, PictureSet, write_prepared
from scripts.shared.sets import check_set
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
    with pytest.raises(DataError, match="28x28 pixels"):
        load_picture_set("digits", "test", kind="thinned", side=32)


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


def test_a_set_joins_by_a_row(monkeypatch, tmp_path):
    images = np.zeros((1, 40, 40), np.uint8)
    images[0, 10:30, 18:24] = 255
    ell = PictureSet(images, np.zeros(1, np.int32), DIGITS)
    row = NamedSet(lambda: DIGITS, lambda split, data_dir, side: ell, lambda: tmp_path / "ell.npz")
    monkeypatch.setitem(SETS, "ell", row)
    assert load_picture_set("ell", "test") is ell
    np.testing.assert_array_equal(
        load_picture_set("ell", "test", kind="thinned").images, thin(images)
    )
    assert classes_and_size("ell")[0] == DIGITS
    assert file_of("ell") == tmp_path / "ell.npz"
    check_set("--set", "ell")
    with pytest.raises(DataError, match="ell are of 28x28 pixels"):
        load_picture_set("ell", "test", side=40)
