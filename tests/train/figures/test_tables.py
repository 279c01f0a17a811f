import pytest

from train.figures.tables import markdown_table, text_table


def test_markdown():
    text = markdown_table(["", "one"], [["a", "1"], ["b", "2"]])
    assert text == "|  | one |\n|---|---|\n| a | 1 |\n| b | 2 |"
    assert markdown_table(["x"], []) == "| x |\n|---|"


def test_columns_are_aligned_to_the_right():
    text = text_table(["what", "n"], [["a", "1000"], ["long one", "2"]])
    assert text.splitlines() == ["    what     n", "       a  1000", "long one     2"]
    assert text_table(["what", "n"], []) == "what  n"


def test_rows_of_another_length_are_no_table():
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        text_table(["a", "b"], [["1"]])
