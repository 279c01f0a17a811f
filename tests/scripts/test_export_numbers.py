import numpy as np
import pytest

from scripts import export_numbers
from strokes.formats.numbers.parquet import iterate_numbers_parquet
from train.errors import RunError


def test_numbers_are_exported_in_many_hands(tmp_path, capsys):
    out = tmp_path / "numbers"
    args = ["--count", "50", "--length", "2..3", "--hands", "4", "--signs", "0.5"]
    assert export_numbers.main([*args, "--out", str(out)]) == 0
    chunks = list(iterate_numbers_parquet(out / "numbers.parquet"))
    texts = [text for chunk in chunks for text in chunk.handwriting.texts]
    assert len(texts) == 50
    assert {sum(map(str.isdigit, text)) for text in texts} == {2, 3}
    hands = [hand for chunk in chunks for hand in chunk.hands]
    assert [hands.count(hand) for hand in range(4)] == [12, 13, 12, 13]
    assert (out / "synthesis" / "texts.txt").read_text().split() == texts
    assert np.load(out / "synthesis" / "x_len.npy").min() > 20
    assert "numbers.parquet, 50" in capsys.readouterr().out


@pytest.mark.parametrize(
    "args",
    [
        ["--count", "0"],
        ["--length", "0..3"],
        ["--length", "5..3"],
        ["--length", "x"],
        ["--hands", "0"],
        ["--signs", "1.5"],
        ["--seed", "-1"],
        ["--rate", "3"],
    ],
)
def test_what_cannot_be_meant_is_said(args, tmp_path):
    with pytest.raises(RunError, match=f"{args[0]} {args[1]}"):
        export_numbers.main([*args, "--out", str(tmp_path)])
