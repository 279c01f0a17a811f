import pytest

from strokes.formats.labels import digit_of


@pytest.mark.parametrize("text", ["3", " 3\n", "three", "Three ", "THREE"])
def test_figures_and_names(text):
    assert digit_of(text) == 3


def test_all_ten():
    names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    assert [digit_of(name) for name in names] == [digit_of(str(k)) for k in range(10)]
    assert [digit_of(name) for name in names] == list(range(10))


@pytest.mark.parametrize("text", ["", "10", "-1", "drei", "3.0", "\u0663", "\u00b2"])
def test_what_is_neither(text):
    with pytest.raises(ValueError, match="expected a digit from 0 to 9 or its English name"):
        digit_of(text)
