import cv2
import numpy as np
import pytest

from strokes.pictures.rings import find_rings


def drawn(*frames, thick=4, shape=(300, 300)):
    """Frames, each left, top, width, height and the radius of its corners, with a 7 in each."""
    mask = np.zeros(shape, np.uint8)
    for left, top, width, height, radius in frames:
        box = left + radius, top + radius, width - 2 * radius, height - 2 * radius
        inner = np.zeros(shape, np.uint8)
        cv2.rectangle(inner, box, 1, -1)
        reach = [cv2.getStructuringElement(2, (2 * r + 1,) * 2) for r in (radius, radius + thick)]
        mask |= cv2.dilate(inner, reach[1]) - cv2.dilate(inner, reach[0])
        across, down = width // 4, height // 4
        seven = [(left + across, top + down), (left + 3 * across, top + down)]
        seven.append((left + 2 * across, top + 3 * down))
        cv2.polylines(mask, [np.array(seven)], False, 1, 8)
    return mask > 0


@pytest.mark.parametrize("radius", [0, 20, 40])
def test_a_frame_s_inside_is_what_is_written_in_it(radius):
    frame, digit = (50, 30, 180, 220, radius), (50, 30, 180, 220, 0)
    inside, corners = find_rings(drawn(frame))
    assert len(corners) == 1
    np.testing.assert_array_equal(drawn(frame) & inside, drawn(digit, thick=0))


def test_what_stands_beside_a_frame_is_outside_and_each_of_a_row_is_found():
    mask = drawn((20, 60, 80, 120, 0), (120, 60, 80, 120, 0))
    cv2.putText(label := np.zeros(mask.shape, np.uint8), "No.", (20, 40), 0, 1.0, 1, 2)
    inside, corners = find_rings(mask | (label > 0))
    assert [int(one[0, 0]) for one in sorted(corners, key=lambda one: one[0, 0])] == [16, 116]
    assert not (inside & (label > 0)).any()


def test_of_frames_in_frames_the_outer_is_found_first():
    _, corners = find_rings(drawn((20, 20, 260, 260, 0), (50, 50, 200, 200, 0)))
    assert len(corners) == 1
    assert corners[0].max() > 270


def slashed_zero(thick):
    mask = np.zeros((300, 300), np.uint8)
    cv2.rectangle(mask, (80, 40, 140, 220), 1, thick)
    cv2.line(mask, (180, 100), (120, 200), 1, thick)
    return mask > 0


def crossed_frame():
    mask = drawn((50, 30, 180, 220, 0))
    mask[140:150, 40:160] = True
    return mask


@pytest.mark.parametrize(
    "mask",
    [
        slashed_zero(24),
        crossed_frame(),
        drawn((50, 50, 200, 200, 100)),
        drawn((50, 50, 20, 20, 0)),
        np.zeros((60, 60), bool),
    ],
    ids=["a display's zero", "something touches it", "round", "tiny", "nothing"],
)
def test_what_is_no_closed_frame_stays(mask):
    inside, corners = find_rings(mask)
    assert not corners
    assert not inside.any()
