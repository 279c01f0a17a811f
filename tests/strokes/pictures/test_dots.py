import cv2
import numpy as np
import pytest

from strokes.pictures.dots import join_dots

SEVEN = ["11111", "00001", "00010", "00100", "01000", "01000", "01000"]
DOTS = np.pad(np.ones((9, 9), bool), 4)
ONE = ["00100", "01100", "00100", "00100", "00100", "00100", "01110"]


def display(*digits, dot=9, gap=4):
    """Digits of square dots, a dot's place apart."""
    rows = ["0".join(parts) for parts in zip(*digits, strict=True)]
    lit = np.array([[int(one) for one in row] for row in rows])
    cell = np.pad(np.ones((dot, dot), int), (0, gap))
    return np.pad(np.kron(lit, cell), 20) > 0


def parts(mask):
    return cv2.connectedComponents(mask.astype(np.uint8))[0] - 1


@pytest.mark.parametrize("gap", [2, 4, 6])
def test_dots_of_a_digit_are_joined_and_digits_stay_apart(gap):
    for digits in ((SEVEN,), (SEVEN, ONE), (ONE, SEVEN, ONE)):
        mask = display(*digits, gap=gap)
        joined, done = join_dots(mask)
        assert done == "dots joined"
        assert parts(joined) == len(digits)
        assert joined[mask].all()


def test_dashes_are_joined():
    mask = np.zeros((300, 200), np.uint8)
    for start in range(30, 270, 32):
        cv2.line(mask, (100, start), (90, start + 20), 1, 6)
    joined, done = join_dots(mask > 0)
    assert (parts(joined), done) == (1, "dots joined")


def digits_in_a_rising_line():
    mask = np.zeros((400, 700), np.uint8)
    for place in range(8):
        middle = 60 + 80 * place, 340 - 40 * place
        cv2.ellipse(mask, middle, (25, 40), 0, 60, 330, 1, 6)
    return mask > 0


@pytest.mark.parametrize(
    "mask",
    [display(SEVEN, gap=0), display(ONE)[:60], digits_in_a_rising_line(), np.tile(DOTS, (30, 30))],
    ids=["dots that touch", "few", "digits", "a screen of dots"],
)
def test_what_is_no_dots_stays(mask):
    joined, done = join_dots(mask)
    assert done == ""
    np.testing.assert_array_equal(joined, mask)
