import numpy as np

from strokes.pictures.places import filling, moved, place_on
from strokes.pictures.preparation import prepare_mask


def drawn(box, shape=(100, 300)):
    mask = np.zeros(shape, bool)
    top, left, bottom, right = box
    mask[top:bottom, left:right] = True
    mask[top + 12 : bottom - 12, left + 12 : right - 12] = False
    return mask


def box_on_canvas(picture, place):
    """Left, upper, right and lower edge of the ink of a prepared digit, where it is placed."""
    rows, columns = np.nonzero(picture > 0)
    x = place.x + place.side / 28 * np.array([columns.min(), columns.max() + 1])
    y = place.y + place.side / 28 * np.array([rows.min(), rows.max() + 1])
    return [x[0], y[0], x[1], y[1]]


def test_a_digit_s_canvas_lies_so_that_its_ink_is_where_it_was():
    mask = drawn((10, 40, 90, 90))
    prepared = prepare_mask(mask)
    found = box_on_canvas(prepared.picture, place_on(prepared, mask))
    np.testing.assert_allclose(found, [40, 10, 90, 90], atol=2)  # half a pixel of the 28x28


def test_places_move_and_fill_a_square():
    masks = [drawn((10, 40, 90, 90)), drawn((10, 150, 90, 240))]
    places = [place_on(prepare_mask(mask), mask) for mask in masks]
    assert moved(places[0], left=places[0].x, top=0, unit=places[0].side)[::2] == (0, 1)
    found = [
        box_on_canvas(prepare_mask(mask).picture, place)
        for mask, place in zip(masks, filling(places, masks), strict=True)
    ]
    assert found[0][0] > 0.04
    assert found[1][2] < 0.96
    np.testing.assert_allclose([found[0][0] + found[1][2], found[0][1] + found[0][3]], 1, atol=0.02)
    np.testing.assert_allclose((found[1][2] - found[0][0]) * 1.16, 1, atol=0.02)
