import cv2
import numpy as np
import pytest

from strokes.pictures.frames import frame_step


def framed(turn=0.0, insets=(14,), thick=4):
    ink = np.zeros((300, 300), np.float32)
    cv2.line(ink, (100, 90), (190, 90), 1.0, 12, cv2.LINE_AA)
    cv2.line(ink, (190, 90), (140, 220), 1.0, 12, cv2.LINE_AA)
    for inset in insets:
        box = cv2.boxPoints(((150, 150), (300 - 2 * inset, 300 - 2 * inset), turn))
        cv2.polylines(ink, [np.round(box).astype(np.int32)], True, 1.0, thick, cv2.LINE_AA)
    return ink


@pytest.mark.parametrize(("turn", "insets"), [(0, (14,)), (4, (24,)), (0, (8, 22))])
def test_frames_go_and_what_they_enclose_stays(turn, insets):
    found, done, _ = frame_step(framed(turn, insets))
    assert done == ("frame removed" if len(insets) == 1 else "2 frames removed")
    inside = (framed(insets=()) > 0.5).sum()
    assert (found > 0.5).sum() == pytest.approx(inside, rel=0.06)


def test_a_digit_that_touches_its_frame_stays_whole():
    ink = framed()
    cv2.line(ink, (140, 220), (130, 278), 1.0, 12, cv2.LINE_AA)
    found, done, _ = frame_step(ink)
    assert done == "frame removed"
    assert (found > 0.5).any(axis=1).sum() > 190


def display(segments):
    ink = np.zeros((240, 160), np.float32)
    for top, bottom, left, right in segments:
        ink[top:bottom, left:right] = 1.0
    return ink


ZERO = [(10, 24, 20, 140), (216, 230, 20, 140), (10, 230, 20, 34), (10, 230, 126, 140)]


@pytest.mark.parametrize("digit", [ZERO, [*ZERO, (112, 126, 20, 140)], ZERO[:3]])
def test_a_digit_of_straight_lines_is_no_frame(digit):
    assert frame_step(display(digit)).skipped == "no frame"


def test_where_there_is_nothing_or_no_room_that_is_said():
    assert frame_step(np.zeros((100, 100), np.float32)).skipped == "no frame"
    assert frame_step(np.eye(28, dtype=np.float32)).skipped == "too small for frames"
