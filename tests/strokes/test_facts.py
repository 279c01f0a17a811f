import pytest

from strokes.facts import number, whole


@pytest.mark.parametrize("value", [0, 1, 2.5, 10])
def test_a_number_in_its_range_is_taken(value):
    assert number(value, lowest=0, highest=10) == value
    assert type(number(value)) is float


@pytest.mark.parametrize(
    "value", [True, None, "1", [1], float("nan"), float("inf"), -1, 11, 10**400]
)
def test_what_is_no_number_or_beyond_the_range_is_refused(value):
    with pytest.raises(ValueError, match="expected a number"):
        number(value, lowest=0, highest=10)


@pytest.mark.parametrize("value", [1.0, True, "1", None, -1, 10**400])
def test_only_whole_numbers_are_whole(value):
    assert whole(7) == 7
    with pytest.raises(ValueError, match="expected a"):
        whole(value)
