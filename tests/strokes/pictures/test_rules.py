import cv2
import numpy as np
import pytest

from strokes.pictures.rules import rules_step


def digit(side=300, pen=16):
    ink = np.zeros((side, side), np.float32)
    cv2.ellipse(ink, (150, 150), (50, 90), 10, 0, 300, 1.0, pen, cv2.LINE_AA)
    return ink


def ruled(ink, *, spacing, thick=3, tilt=0.02, level=0.7, down=False):
    paper = np.zeros_like(ink)
    for row in range(spacing // 2, len(ink), spacing):
        cv2.line(paper, (-5, row), (305, round(row + tilt * 300)), level, thick, cv2.LINE_AA)
        if down:
            cv2.line(paper, (row, -5), (round(row - tilt * 300), 305), level, thick, cv2.LINE_AA)
    return np.maximum(ink, paper)


@pytest.mark.parametrize(
    "paper", [{"spacing": 60}, {"spacing": 30, "down": True}, {"spacing": 300}], ids=str
)
def test_rules_go_and_the_digit_stays_whole(paper):
    ink = digit()
    found, done, _ = rules_step(ruled(ink, **paper))
    assert done == "rules removed"
    expected, left = ink > 0.5, found > 0.5
    assert (left & expected).sum() > 0.97 * expected.sum()
    assert (left & ~expected).sum() < 0.1 * expected.sum()
    assert cv2.connectedComponents((left & expected).astype(np.uint8))[0] <= 3


def test_bars_of_a_digit_that_fills_its_picture_are_no_rules():
    eight = np.zeros((200, 120), np.float32)
    for row in (2, 92, 182):
        eight[row : row + 16] = 1.0
    eight[:, :16] = eight[:, -16:] = 1.0
    two = np.zeros((100, 70), np.float32)
    two[2:12] = two[88:98] = 1.0
    cv2.line(two, (64, 8), (6, 92), 1.0, 10)
    for ink in (eight, two, digit()):
        assert rules_step(ink).skipped == "no rules"


def test_where_there_is_nothing_or_no_room_that_is_said():
    assert rules_step(np.zeros((100, 100), np.float32)).skipped == "nothing stands out"
    assert rules_step(np.eye(28, dtype=np.float32)).skipped == "too small for rules"
