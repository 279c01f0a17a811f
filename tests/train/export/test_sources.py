import cv2
import numpy as np
import pytest

from datasets import load_thinned
from datasets.folders import Pictures
from strokes.errors import DataError
from strokes.pictures.thinning import thin
from tests.train.evaluation.written import some_digits
from train.export import sources
from train.export.sources import mnist_sources, own_pictures


def test_both_splits_of_mnist_come_whole_in_their_order():
    found = mnist_sources()
    assert [source.split for source in found] == ["train", "test"]
    for source in found:
        parts = list(source.digits)
        images, labels = load_thinned(source.split)
        assert max(len(part.labels) for part in parts) <= 10_240
        np.testing.assert_array_equal(np.concatenate([part.images for part in parts]), images)
        np.testing.assert_array_equal(np.concatenate([part.labels for part in parts]), labels)


@pytest.fixture
def folder(tmp_path):
    """Some digits, thick and grey, as pictures in folders of their labels."""
    images, labels = some_digits()
    brush = np.ones((2, 2), np.uint8)
    grey = [cv2.GaussianBlur(255 * cv2.dilate(one, brush), (3, 3), 0) for one in images[:6]]
    for index, (picture, label) in enumerate(zip(grey, labels[:6], strict=True)):
        place = tmp_path / str(label) / f"{index}.png"
        place.parent.mkdir(exist_ok=True)
        cv2.imwrite(str(place), picture)
    return tmp_path, np.stack(grey), labels[:6]


@pytest.mark.parametrize("thinned", [False, True])
def test_own_pictures_are_thinned_unless_they_are_already(folder, thinned):
    place, grey, labels = folder
    source = own_pictures(place, labels=None, invert=False, thinned=thinned)
    assert source.split == "all"
    (found,) = source.digits
    np.testing.assert_array_equal(found.labels, labels)
    expected = (grey > 127).astype(np.uint8) if thinned else thin(grey)
    np.testing.assert_array_equal(found.images, expected)
    assert found.images.dtype == np.uint8


def test_dark_ink_is_turned_where_that_is_said(folder):
    place, grey, _ = folder
    for path in place.rglob("*.png"):
        cv2.imwrite(str(path), 255 - cv2.imread(str(path), cv2.IMREAD_GRAYSCALE))
    (found,) = own_pictures(place, labels=None, invert=True, thinned=False).digits
    np.testing.assert_array_equal(found.images, thin(grey))


def test_pictures_are_read_when_they_are_asked_for(tmp_path, folder, monkeypatch):
    source = own_pictures(tmp_path / "none", labels=None, invert=False, thinned=False)
    with pytest.raises(DataError, match="none"):
        next(iter(source.digits))
    monkeypatch.setattr(sources, "_CHUNK", 4)
    place, _, labels = folder
    parts = list(own_pictures(place, labels=None, invert=False, thinned=True).digits)
    assert [len(part.labels) for part in parts] == [4, 2]
    assert all(isinstance(part, Pictures) for part in parts)
    np.testing.assert_array_equal(np.concatenate([part.labels for part in parts]), labels)
