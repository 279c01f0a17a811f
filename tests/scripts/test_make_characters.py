import numpy as np
import pytest

from datasets.prepared import read_prepared
from scripts import make_characters
from train.errors import RunError

pytestmark = pytest.mark.usefixtures("few_radicals")


def test_a_set_of_uneven_classes(tmp_path, capsys):
    out = tmp_path / "made.npz"
    given = ["--classes", "30", "--pictures", "200", "--tests", "3", "--side", "32"]
    assert make_characters.main([*given, "--out", str(out)]) == 0
    train, test = (read_prepared(out, split) for split in ("train", "test"))
    assert (len(train.labels), len(test.labels), len(train.classes)) == (200, 90, 30)
    assert train.images.shape[1:] == (32, 32)
    assert np.bincount(test.labels).tolist() == [3] * 30
    assert capsys.readouterr().out.startswith("30 classes of 5")


def test_amounts_that_make_no_set_are_refused():
    for wrong in (["--classes", "0"], ["--pictures", "5"], ["--side", "4"], ["--seed", "-1"]):
        with pytest.raises(RunError, match=wrong[0]):
            make_characters.main(wrong)
