import numpy as np
import pytest

from strokes.hands.bank import load_bank
from strokes.hands.hand import CHARACTERS, Style, hand_by_lot, make_hand, styled_path
from tests.strokes.hands.small import small_bank


def test_a_seed_is_a_hand():
    one, again, other = (hand_by_lot(seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(one.shapes, again.shapes)
    assert one.style == again.style
    assert np.abs(one.shapes[:10] - other.shapes[:10]).mean() > 0.02
    assert one.shapes.shape == (len(CHARACTERS), 48, 2)
    assert (one.lifted.sum(axis=1) == [len(counts) for counts in one.counts]).all()
    with pytest.raises(ValueError, match="-1"):
        hand_by_lot(-1)


def test_every_digit_of_a_hand_is_in_a_way_that_somebody_has():
    bank = load_bank()
    for seed in range(5):
        hand = hand_by_lot(seed, bank=bank)
        for digit in range(10):
            assert hand.counts[digit] in bank.counts[digit]


def test_hands_differ_about_as_people_do():
    bank = small_bank()
    widths = [np.ptp(hand_by_lot(seed, bank=bank).shapes[3, :, 0]) for seed in range(40)]
    assert 0.15 < np.mean(widths) < 0.55
    assert np.std(widths) > 0.03


def test_style_slants_widens_and_rounds():
    corner = np.concatenate(
        [np.linspace([-0.3, -1], [0.3, -1], 24), np.linspace([0.3, -1], [0, 0], 24)]
    )
    slanted = styled_path(corner, (47,), Style(slant=20))
    assert slanted[0, 0] - corner[0, 0] == pytest.approx(0.5 * np.tan(np.deg2rad(20)))
    assert slanted[-1, 0] - corner[-1, 0] == pytest.approx(-0.5 * np.tan(np.deg2rad(20)))
    assert np.ptp(styled_path(corner, (47,), Style(width=1.2))[:, 0]) == pytest.approx(0.72)
    rounded = styled_path(corner, (47,), Style(roundness=1.0))
    assert rounded[:, 0].max() < 0.3
    np.testing.assert_array_equal(rounded[[0, -1]], corner[[0, -1]])


def test_signs_are_smaller_than_digits():
    bank = small_bank()
    hand = make_hand(bank.shapes[0], [(47,)] * 10, Style(), bank.amplitudes, name="x")
    tall = np.ptp(hand.shapes[:, :, 1], axis=1)
    assert tall[:10].min() > 0.99
    assert tall[10:].max() < 0.4
