import numpy as np
import pytest

from datasets import load_thinned
from datasets.prepared import read_prepared
from scripts import prepare_idx
from tests.datasets.test_idx import idx_bytes
from train.errors import RunError

MAPPING = "".join(f"{label + 1} {65 + label} {97 + label}\n" for label in range(10))


def put(folder, name, images, labels):
    path = folder / f"{name}-images-idx3-ubyte"
    path.write_bytes(idx_bytes(np.ascontiguousarray(images)))
    (folder / f"{name}-labels-idx1-ubyte").write_bytes(idx_bytes(labels.astype(np.uint8)))
    return str(path)


@pytest.fixture
def digits():
    images, labels = load_thinned("test")
    return 255 * images[:300], labels[:300]


def test_emnist_is_turned_upright_and_named(digits, tmp_path, capsys):
    images, labels = digits
    lying = images.swapaxes(1, 2)
    train = put(tmp_path, "emnist-train", lying[:200], 1 + labels[:200])
    test = put(tmp_path, "emnist-test", lying[200:], 1 + labels[200:])
    (tmp_path / "map.txt").write_text(MAPPING)
    out, mapping = ["--out", str(tmp_path / "a.npz")], ["--mapping", str(tmp_path / "map.txt")]
    assert prepare_idx.main([test, train, *out, *mapping]) == 0
    assert "characters lie on their side" in capsys.readouterr().out
    found = read_prepared(tmp_path / "a.npz", "test")
    assert found.classes.names == tuple("ABCDEFGHIJ")
    np.testing.assert_array_equal(found.images, images[200:])
    np.testing.assert_array_equal(found.labels, labels[200:])
    assert prepare_idx.main([test, train, *out, "--transpose", "no"]) == 0
    np.testing.assert_array_equal(read_prepared(tmp_path / "a.npz", "test").images, lying[200:])


def test_without_a_file_of_tests_a_share_is_taken_and_copies_stay_together(digits, tmp_path):
    images, labels = digits
    twice = put(tmp_path, "mine", np.repeat(images, 2, axis=0), np.repeat(labels, 2))
    assert prepare_idx.main([twice, "--out", str(tmp_path / "a.npz")]) == 0
    train, test = (read_prepared(tmp_path / "a.npz", split) for split in ("train", "test"))
    assert len(train.labels) + len(test.labels) == 600
    sides = [{one.tobytes() for one in part.images} for part in (train, test)]
    assert not sides[0] & sides[1]
    assert sides[1]


def test_what_makes_no_set_is_refused(digits, tmp_path):
    test = put(tmp_path, "a-test", *digits)
    with pytest.raises(RunError, match="no file of training pictures"):
        prepare_idx.main([test])
    with pytest.raises(RunError, match="no such file"):
        prepare_idx.main([str(tmp_path / "none")])
