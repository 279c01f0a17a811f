import json

import numpy as np
import pytest

from datasets.prepared import Part, read_prepared, write_prepared
from strokes.classes import DIGITS, Classes
from strokes.errors import DataError

CLASSES = Classes(("一", "C", "c"), alike=(("C", "c"),))


def write(path, images, labels, writers=None, classes=CLASSES):
    chunks = [images[:2], images[2:]]
    part = Part(np.array(labels, np.int32), chunks, writers)
    height, width = images.shape[1:]
    write_prepared(path, {"test": part}, classes, height=height, width=width, facts={"from": "x"})


@pytest.fixture
def images(rng):
    return rng.integers(0, 256, (5, 32, 20)).astype(np.uint8)


def test_a_set_comes_back_and_numpy_reads_it(tmp_path, images):
    path = tmp_path / "set.npz"
    write(path, images, [0, 1, 2, 2, 0], writers=np.array([7, 7, 1, 2, 2]))
    found = read_prepared(path, "test")
    np.testing.assert_array_equal(found.images, images)
    assert (found.labels.tolist(), found.writers.tolist()) == ([0, 1, 2, 2, 0], [7, 7, 1, 2, 2])
    assert found.classes == CLASSES
    with np.load(path, allow_pickle=False) as arrays:
        assert json.loads(bytes(arrays["facts"]))["from"] == "x"
        np.testing.assert_array_equal(arrays["test_images"], images)
    again = tmp_path / "again.npz"
    write(again, images, [0, 1, 2, 2, 0], writers=np.array([7, 7, 1, 2, 2]))
    assert again.read_bytes() == path.read_bytes()


def test_writers_need_not_be_known(tmp_path, images):
    write(tmp_path / "set.npz", images, [0] * 5)
    assert read_prepared(tmp_path / "set.npz", "test").writers is None


def test_what_is_no_set_is_refused(tmp_path, images):
    path = tmp_path / "set.npz"
    write(path, images, [0, 1, 2, 2, 9], classes=DIGITS)
    with pytest.raises(DataError, match="no prepared set with a split 'train'"):
        read_prepared(path, "train")
    write(path, images, [0, 1, 2, 2, 3])
    with pytest.raises(DataError, match="labels from 0 to 3, for 3 classes"):
        read_prepared(path, "test")
    write(path, images, [0] * 5, writers=np.arange(5))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="no set that scripts"):
        read_prepared(path, "test")
    for wrong, reason in (
        ({"test_images": images.astype(float), "test_labels": np.zeros(5, int)}, "float64"),
        ({"test_images": images[:0], "test_labels": np.zeros(0, int)}, "no picture"),
        ({"test_images": images[:, :5], "test_labels": np.zeros(5, int)}, "20x5"),
        ({"test_images": images, "test_labels": np.zeros(4, int)}, "for each of 5"),
        ({"test_images": images, "test_labels": np.zeros(5)}, "for each of 5"),
        ({"test_images": images}, "no prepared set"),
    ):
        np.savez(path, facts=np.frombuffer(b'{"classes": ["a"]}', np.uint8), **wrong)
        with pytest.raises(DataError, match=reason):
            read_prepared(path, "test")
    np.savez(path, facts=np.frombuffer(b"[]", np.uint8), test_images=images, test_labels=images)
    with pytest.raises(DataError, match="set"):
        read_prepared(path, "test")


def test_nothing_is_left_where_pictures_cannot_be_had(tmp_path, images):
    def broken():
        yield images[:2]
        raise DataError("unreadable")

    part = Part(np.zeros(5, np.int32), broken())
    with pytest.raises(DataError, match="unreadable"):
        write_prepared(tmp_path / "set.npz", {"test": part}, CLASSES, height=32, width=20)
    assert list(tmp_path.iterdir()) == []
