import numpy as np
import pytest

from strokes.hands.hand import hand_by_lot
from strokes.hands.writing import write_numbers
from strokes.ink import Recording
from strokes.reading.recognizer import load_recognizer
from train.errors import RunError
from train.hands.measures import differences, digits_of, people_of, read_digits


def steep(lean, rng=None, wobble=0.0):
    shift = lean + (0 if rng is None else wobble * rng.normal())
    return [np.array([[0.0, 0.0], [shift, 1.0]])]


def test_people_differ_more_than_one_person_does(rng):
    people = [[[steep(lean, rng, 0.02) for _ in range(4)]] + [[]] * 9 for lean in (0, 0.3, 0.6)]
    found = differences(people, generator=rng)
    assert 0 < found.within < 0.5
    assert found.between > 4 * found.within


def test_without_two_people_nothing_is_compared(rng):
    with pytest.raises(RunError, match="two people"):
        differences([[[steep(0)]] + [[]] * 9], generator=rng)


def test_people_are_told_apart():
    recordings = [Recording(3, steep(0), "px", f"unipen-aga-{n:03d}") for n in (1, 2, 1)]
    found = people_of(recordings)
    assert [len(found[name][3]) for name in ("aga-001", "aga-002")] == [2, 1]


def test_digits_of_numbers_are_read(rng):
    hand = hand_by_lot(0)
    digits = digits_of(hand, 2, generator=rng)
    assert [len(one) for one in digits] == [2] * 10
    assert len(digits[4][0]) == len(hand.counts[4])
    read, labels = read_digits(write_numbers(["-31.47", "0258"], hand), load_recognizer())
    assert labels.tolist() == [3, 1, 4, 7, 0, 2, 5, 8]
    assert (read == labels).sum() >= 7
