import math

import cv2
import numpy as np

from train.evaluation.hard_drawing import draw_hard, draw_opencv


def test_hard_drawing_of_known_points():
    # Pixel centres of row 5, columns 3 to 9; then lifted; then a stroke down column 20.
    points = np.float32([[3.5, 5.5], [9.5, 5.5], [20.5, 10.5], [20.5, 15.5]]) / 28
    up = np.array([False, True, False, True])
    drawn = draw_hard(points[None], up[None])[0]
    expected = np.zeros((28, 28), np.uint8)
    expected[5, 3:10] = expected[10:16, 20] = 1
    assert (drawn == expected).all()


def slow_hard_drawing(points, pen_up):
    """Pixel by pixel: the pressed points' own, and the nearest in each column or row between."""
    drawn = np.zeros((28, 28), np.uint8)

    def ink(x, y):
        column, row = math.floor(x + 0.5), math.floor(y + 0.5)
        if 0 <= column < 28 and 0 <= row < 28:
            drawn[row, column] = 1

    places = points.astype(np.float64) * 28 - 0.5
    for (x0, y0), (x1, y1), up in zip(places[:-1], places[1:], pen_up[:-1], strict=True):
        if up:
            continue
        ink(x0, y0)
        ink(x1, y1)
        if abs(y1 - y0) > abs(x1 - x0):
            for row in range(28):
                if math.floor(min(y0, y1) + 0.5) <= row <= math.floor(max(y0, y1) + 0.5):
                    y = min(max(row, min(y0, y1)), max(y0, y1))
                    ink(x0 + (x1 - x0) * (y - y0) / (y1 - y0), row)
        elif x1 != x0:
            for column in range(28):
                if math.floor(min(x0, x1) + 0.5) <= column <= math.floor(max(x0, x1) + 0.5):
                    x = min(max(column, min(x0, x1)), max(x0, x1))
                    ink(column, y0 + (y1 - y0) * (x - x0) / (x1 - x0))
    return drawn


def test_hard_drawing_equals_pixel_by_pixel(rng):
    points = rng.uniform(-0.3, 1.3, (150, 8, 2)).astype(np.float32)
    points[:50] = 0.5 + 0.05 * (points[:50] - 0.5)  # segments shorter than a pixel
    points[:, 3] = points[:, 2]  # and without length
    up = rng.random((150, 8)) > 0.7
    expected = [slow_hard_drawing(*one) for one in zip(points, up, strict=True)]
    np.testing.assert_array_equal(draw_hard(points, up), expected)


def test_hard_drawing_equals_opencv_where_points_are_pixels(rng):
    # Of runs and rises without common factors of two no column's middle lies between two pixels.
    start = rng.integers(0, 10, (300, 2))
    end = start + np.stack([rng.choice([5, 7, 9, 13, 17], 300), rng.integers(0, 18, 300)], 1)
    points = (np.stack([start, end], 1) + 0.5).astype(np.float32) / 28
    up = np.zeros((300, 2), np.bool_)
    odd = np.abs(end - start).max(1) % 2 == 1
    assert odd.sum() > 100
    np.testing.assert_array_equal(
        draw_hard(points[odd], up[odd]), draw_opencv(points[odd], up[odd])
    )


def test_hard_drawing_knows_parts_of_a_pixel():
    across = np.float32([[3.5, 5.9], [13.5, 6.3]]) / 28  # row 5, then row 6 from column 6 on
    drawn = draw_hard(across[None], np.zeros((1, 2), np.bool_))[0]
    assert np.argwhere(drawn).tolist() == [[5, c] for c in range(3, 6)] + [
        [6, c] for c in range(6, 14)
    ]


def test_hard_drawing_is_one_pixel_wide_connected_and_off_canvas_safe(rng):
    points = rng.uniform(-0.5, 1.5, (200, 20, 2)).astype(np.float32)
    points[0, 0] = 1e30
    drawn = draw_hard(points, np.zeros((200, 20), np.bool_))
    assert drawn.max() == 1
    lone = draw_hard(points[:, 1:3], np.zeros((200, 2), np.bool_))
    for ends, picture in zip(points[:, 1:3], lone, strict=True):
        longest = np.abs((ends[1] - ends[0]) * 28).max()
        assert picture.sum() <= longest + 4
    within = np.clip(points[1:], 0.0, 0.99)
    for picture in draw_hard(within, np.zeros((199, 20), np.bool_)):
        assert cv2.connectedComponents(picture, connectivity=8)[0] == 2  # paper and one stroke


def test_drawing_follows_the_canvas():
    points = np.float32([[[0.0, 0.5], [1.0, 0.5]]])
    drawn = draw_hard(points, np.zeros((1, 2), np.bool_), height=10, width=60)[0]
    assert drawn.shape == (10, 60)
    assert drawn.sum(1).tolist().count(60) == 1


def test_opencv_s_line_rounds_every_point_to_a_pixel():
    points = np.float32([[[3.4, 5.6], [9.7, 5.4], [20.1, 10.9], [20.9, 15.2]]]) / 28
    up = np.array([[False, True, False, True]])
    drawn = draw_opencv(points, up)[0]
    expected = np.zeros((28, 28), np.uint8)
    expected[5, 3:10] = expected[10:16, 20] = 1
    np.testing.assert_array_equal(drawn, expected)
    assert not draw_opencv(points, np.ones((1, 4), np.bool_)).any()
