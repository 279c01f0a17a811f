import numpy as np
import pytest

from strokes.errors import DataError
from strokes.hands.hand import hand_by_lot
from strokes.hands.writing import check_text, repetitions, write_numbers


@pytest.fixture(scope="module")
def hand():
    return hand_by_lot(3)


@pytest.mark.parametrize("text", ["0", "-3.14", "1,000.5", ".5", "7.", "007"])
def test_numbers_are_written(text):
    check_text(text)


@pytest.mark.parametrize("text", ["", "-", "1-2", "1e5", "3..1", "--1", "x", " 1", "٣", "1" * 101])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(DataError, match="number"):
        check_text(text)


def test_a_number_is_its_characters_strokes_in_order(hand):
    found = write_numbers(["-31,4.5", "8"], hand)
    number = found.number(0)
    assert number.text == "-31,4.5"
    assert sorted(set(number.characters)) == list(range(7))
    assert number.characters == sorted(number.characters)
    for index, character in enumerate(number.text):
        if character.isdigit():
            assert number.characters.count(index) == len(hand.counts[int(character)])
    middles = np.zeros(7)
    for stroke, character in zip(number.strokes, number.characters, strict=True):
        middles[character] = stroke[:, 0].mean()
    assert (np.diff(middles) > 0).all()
    times = np.concatenate([stroke[:, 2] for stroke in number.strokes])
    assert times[0] == 0
    assert (np.diff(times) > 0).all()
    assert found.number(1).strokes[0][0, 2] == 0
    assert abs(np.concatenate(number.strokes)[:, 0].min()) < 1e-5


def test_the_same_1_never_comes_twice_but_the_same_seed_does(hand):
    ones = repetitions(hand, 1, 50, generator=np.random.default_rng(0))
    apart = np.abs(ones[:, None] - ones[None]).max(axis=(2, 3))
    assert apart[~np.eye(50, dtype=bool)].min() > 1e-3
    first, again, other = (write_numbers(["1"], hand, seed=seed).points for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_two_hands_write_in_one_go_as_each_alone_would_look():
    hands = [hand_by_lot(1), hand_by_lot(2)]
    found = write_numbers(["77"] * 40, hands * 20)
    heights = [np.ptp(np.concatenate(found.number(i).strokes)[:, 1]) for i in range(40)]
    for place, hand in enumerate(hands):
        assert np.mean(heights[place::2]) == pytest.approx(hand.style.size, rel=0.25)


def test_what_cannot_be_asked_for_is_refused(hand):
    with pytest.raises(DataError, match="no number"):
        write_numbers([], hand)
    with pytest.raises(ValueError, match="2 hands for 1"):
        write_numbers(["1"], [hand, hand])
    with pytest.raises(ValueError, match="rate"):
        write_numbers(["1"], hand, rate=5)
