import cv2
import numpy as np
import pytest

from strokes.pictures.pen import FIXED_POINT_BITS, draw_ink, to_fixed_point

BAR = np.array([[0.25, 0.5], [0.75, 0.5]])


def test_opencv_s_origin_is_a_pixel_s_centre():
    centres = np.array([[0.5 / 28, 0.5 / 14], [2.5 / 28, 1.5 / 14], [1.0, 1.0]])
    found = to_fixed_point(centres, height=14, width=28) / (1 << FIXED_POINT_BITS)
    np.testing.assert_allclose(found, [[0, 0], [2, 1], [27.5, 13.5]], atol=1 / 256)
    picture = np.zeros((14, 28), np.uint8)
    dot = to_fixed_point(centres[1], height=14, width=28).tolist()
    cv2.line(picture, dot, dot, 1, 1, cv2.LINE_8, FIXED_POINT_BITS)
    assert np.argwhere(picture).tolist() == [[1, 2]]


def test_places_far_away_stay_within_opencv_s_integers():
    found = to_fixed_point(np.array([[1e30, -1e30]]), height=28, width=28)
    assert found.dtype == np.int32
    assert np.sign(found).tolist() == [[1, -1]]


@pytest.mark.parametrize("width", [0.02, 0.05, 0.1])
def test_a_line_has_the_pen_s_width_and_length(width):
    ink = 1 - draw_ink([BAR], side=400, width=width)
    assert 0 <= ink.min() <= ink.max() <= 1
    assert ink[:, 200].sum() == pytest.approx(400 * width, abs=2)
    # The round pen adds half its width at either end.
    assert ink[200].sum() == pytest.approx(400 * (0.5 + width), abs=4)
    rows, columns = np.nonzero(ink > 0.5)
    assert rows.mean() == pytest.approx(199.5, abs=1)
    assert columns.mean() == pytest.approx(199.5, abs=1)


def test_pressure_widens_the_pen_from_half_to_half_as_much_again():
    for pressure, factor in ((0.0, 0.5), (0.5, 1.0), (1.0, 1.5)):
        pressed = [np.full(2, pressure)]
        ink = 1 - draw_ink([BAR], side=400, width=0.05, pressures=pressed)
        assert ink[:, 200].sum() == pytest.approx(400 * 0.05 * factor, abs=2)


def test_between_strokes_and_around_a_dot_is_paper():
    right = np.array([[0.9, 0.1], [0.9, 0.9]])
    grey = draw_ink([BAR[:1], right], side=100, width=0.06)
    assert grey[50, 25] == 0  # the dot
    assert grey[50, 90] == 0
    assert (grey[:, 32:82] == 1).all()
    assert grey.dtype == np.float32
    far = draw_ink([np.array([[-50.0, 0.5], [50.0, 0.5]])], side=100, width=0.06)
    assert (far[50] == 0).all()  # it crosses the whole canvas
