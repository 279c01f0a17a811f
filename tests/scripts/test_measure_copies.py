import pytest

from scripts import make_characters, measure_copies
from train.errors import RunError

pytestmark = pytest.mark.usefixtures("few_radicals")


def test_a_table_of_both_ways(tmp_path, capsys):
    out = str(tmp_path / "uneven.npz")
    small = ["--classes", "12", "--pictures", "90", "--tests", "2", "--side", "8"]
    assert make_characters.main([*small, "--out", out]) == 0
    capsys.readouterr()
    assert (
        measure_copies.main(["--set", out, "--copies", "20", "--pictures", "60", "--epochs", "1"])
        == 0
    )
    head, before, after = capsys.readouterr().out.splitlines()
    assert head.split() == ["validation", "test", "flattery"]
    assert before.split()[:3] == ["copied,", "then", "split"]
    assert after.split()[:3] == ["split,", "then", "copied"]


def test_amounts_that_mean_nothing_are_refused():
    for wrong in ("--copies", "--epochs"):
        with pytest.raises(RunError, match=f"{wrong} 0"):
            measure_copies.main(["--set", "digits", wrong, "0"])
