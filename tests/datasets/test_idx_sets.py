import numpy as np
import pytest

from datasets import load_thinned
from datasets.idx_sets import are_transposed, classes_of_labels, read_idx_set, read_mapping
from strokes.errors import DataError
from tests.datasets.test_idx import idx_bytes


def test_characters_that_lie_are_seen():
    pictures = 255 * load_thinned("test")[0][:500]
    assert not are_transposed(pictures)
    assert are_transposed(pictures.swapaxes(1, 2))
    assert not are_transposed(np.zeros((3, 28, 28), np.uint8))


def test_pictures_and_the_labels_beside_them(tmp_path, rng):
    images, labels = rng.integers(0, 256, (5, 64, 32), np.uint8), np.arange(5, dtype=np.uint8)
    path = tmp_path / "k-train-images-idx3-ubyte"
    path.write_bytes(idx_bytes(images))
    with pytest.raises(DataError, match="no file of its labels beside it"):
        read_idx_set(path)
    beside = tmp_path / "k-train-labels-idx1-ubyte"
    beside.write_bytes(idx_bytes(labels))
    found = read_idx_set(path)
    np.testing.assert_array_equal(found.images, images)
    np.testing.assert_array_equal(found.labels, labels)
    beside.write_bytes(idx_bytes(labels[:4]))
    with pytest.raises(DataError, match=r"expected \[5\] labels"):
        read_idx_set(path)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("0 48\n1 65\n", {0: "0", 1: "A"}),
        ("1 65 97\n2 66 98\n", {1: "A", 2: "B"}),
        ("index,codepoint,char\n0,U+3042,あ\n48,U+309D,ゝ\n", {0: "あ", 48: "ゝ"}),
    ],
)
def test_mappings_name_labels(tmp_path, text, names):
    (tmp_path / "map").write_text(text)
    assert read_mapping(tmp_path / "map") == names


@pytest.mark.parametrize("text", ["", "0 48\nx\n", "0 1114112\n"])
def test_what_maps_nothing_is_refused(tmp_path, text):
    (tmp_path / "map").write_text(text)
    with pytest.raises(DataError, match="map"):
        read_mapping(tmp_path / "map")


def test_labels_are_numbered_in_order_or_name_themselves():
    labels = [np.array([1, 3], np.uint8), np.array([26], np.uint8)]
    classes, numbers = classes_of_labels(labels, None)
    assert (classes.names, numbers) == (("1", "3", "26"), {1: 0, 3: 1, 26: 2})
    classes, numbers = classes_of_labels(labels, {26: "Z", 1: "A", 2: "B", 3: "C"})
    assert (classes.names, numbers[26]) == (("A", "B", "C", "Z"), 3)
    with pytest.raises(DataError, match="label 3: no character"):
        classes_of_labels(labels, {26: "Z", 1: "A"})
    with pytest.raises(DataError, match="two classes are named"):
        classes_of_labels(labels, {26: "A", 1: "A", 3: "C"})
