import numpy as np
import pytest

from datasets.prepared import read_prepared
from scripts import prepare_folder
from tests.datasets.test_class_folders import bar, put
from train.errors import RunError


@pytest.fixture
def folder(tmp_path):
    """Twenty pictures, all different, of each of two classes by ten writers."""
    for name in ("U+4E00", "b"):
        for number in range(20):
            put(tmp_path / "mine" / name / f"w{number % 10}-{number}.png", bar(ink=number))
    return tmp_path / "mine"


def test_a_folder_becomes_a_set(folder, tmp_path, capsys):
    out = tmp_path / "set.npz"
    given = [str(folder), "--out", str(out), "--side", "32", "--test-share", "0.3"]
    assert prepare_folder.main(given) == 0
    train, test = (read_prepared(out, split) for split in ("train", "test"))
    assert train.classes.names == ("b", "一")
    assert len(train.labels) + len(test.labels) == 40
    assert train.images.shape[1:] == test.images.shape[1:] == (32, 32)
    assert train.writers is None
    said = capsys.readouterr().out
    assert f"2 classes, pictures of 32x32: {len(train.labels)} for train" in said


def test_writers_are_on_one_side(folder, tmp_path):
    out = tmp_path / "set.npz"
    given = [str(folder), "--out", str(out), "--writer", r"/(w\d)-", "--test-share", "0.4"]
    assert prepare_folder.main(given) == 0
    train, test = (read_prepared(out, split) for split in ("train", "test"))
    assert len(set(train.writers)) + len(set(test.writers)) == 10
    assert len(train.labels) == 4 * len(set(train.writers))


def test_test_pictures_may_lie_elsewhere(folder, tmp_path):
    put(tmp_path / "theirs" / "c" / "1.png", bar())
    out = tmp_path / "set.npz"
    assert (
        prepare_folder.main(
            [str(folder), "--test", str(folder.parent / "theirs"), "--out", str(out)]
        )
        == 0
    )
    train, test = (read_prepared(out, split) for split in ("train", "test"))
    assert train.classes.names == ("b", "c", "一")
    assert test.labels.tolist() == [1]
    assert np.bincount(train.labels).tolist() == [20, 0, 20]


def test_what_makes_no_set_is_refused(folder, tmp_path):
    for wrong, reason in (
        (["--side", "4"], "--side 4"),
        (["--test-share", "1"], "--test-share"),
        (["--out", "a.npy"], r"ends in \.npz"),
        (["--test", str(tmp_path / "none")], "no such file or folder"),
        (["--test-share", "1e-9"], "too few pictures"),
    ):
        with pytest.raises(RunError, match=reason):
            prepare_folder.main([str(folder), *wrong])
