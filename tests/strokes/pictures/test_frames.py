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


@pytest.mark.parametrize("turn", [0, 3])
def test_what_juts_out_of_a_frame_stays_whole(turn):
    ink, jutting = framed(turn, (40,)), [((190, 90), (198, 20)), ((140, 220), (130, 284))]
    for start, end in jutting:
        cv2.line(ink, start, end, 1.0, 12, cv2.LINE_AA)
    found, done, _ = frame_step(ink)
    assert done == "frame removed"
    digit = framed(insets=())
    for start, end in jutting:
        cv2.line(digit, start, end, 1.0, 12, cv2.LINE_AA)
    assert (found > 0.5).sum() == pytest.approx((digit > 0.5).sum(), rel=0.06)


def test_a_block_of_squared_paper_is_no_frame():
    ink = np.zeros((300, 300), np.float32)
    cv2.line(ink, (100, 60), (190, 240), 1.0, 12, cv2.LINE_AA)
    ink[10::40] = ink[:, 25::40] = 1.0
    assert frame_step(ink).skipped == "no frame"


def test_frames_in_a_row_go_and_their_label_with_them():
    ink = np.zeros((160, 400), np.float32)
    for left in (40, 170, 300):
        cv2.rectangle(ink, (left, 40, 80, 100), 1.0, 3)
        cv2.line(ink, (left + 40, 60), (left + 36, 120), 1.0, 8)
    cv2.line(ink, (40, 15), (90, 15), 1.0, 3)
    found, done, _ = frame_step(ink)
    assert done == "3 frames removed"
    assert cv2.connectedComponents((found > 0.5).astype(np.uint8))[0] - 1 == 3


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
