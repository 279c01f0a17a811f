import cv2
import numpy as np
import pytest

from strokes.pictures.page import find_page, ordered, page_step, straightened

CORNERS = np.array([[60, 50], [340, 70], [330, 350], [45, 320]], np.float32)


def on_table(table, paper=(240, 240, 235), corners=CORNERS, *, written=True):
    photo = np.full((400, 400, 3), table, np.uint8)
    cv2.fillConvexPoly(photo, np.round(corners).astype(np.int32), paper)
    if written:
        cv2.line(photo, (180, 120), (210, 280), (20, 20, 30), 9)
    return photo


@pytest.mark.parametrize("table", [(186, 172, 150), (60, 50, 40), (40, 90, 60)])
def test_a_page_is_found_and_straightened(table):
    np.testing.assert_allclose(find_page(on_table(table)), CORNERS, atol=6)
    page, done, _ = page_step(on_table(table))
    assert done == "page straightened"
    grey = page.mean(axis=-1)
    assert min(grey[0].min(), grey[-1].min(), grey[:, 0].min(), grey[:, -1].min()) > 200
    assert grey.min() < 60


def test_a_dark_page_on_a_light_table_is_told_by_its_colour():
    photo = on_table((235, 230, 225), paper=(60, 110, 70))
    cv2.line(photo, (180, 120), (210, 280), (240, 240, 240), 9)
    np.testing.assert_allclose(find_page(photo), CORNERS, atol=6)


def frame():
    photo = np.full((300, 300, 3), 250, np.uint8)
    cv2.rectangle(photo, (20, 20), (280, 280), (0, 0, 0), 8)
    return photo


def bar():
    photo = np.full((200, 200, 3), 250, np.uint8)
    photo[15:185, 60:140] = 10
    return photo


def shadow():
    photo = on_table((250, 250, 250), paper=(250, 250, 250))
    photo[:, 220:] = (photo[:, 220:] * 0.6).astype(np.uint8)
    return photo


@pytest.mark.parametrize(
    "photo",
    [frame(), bar(), 255 - bar(), shadow(), on_table((60, 50, 40), written=False)],
    ids=["frame", "thick one", "thick one, light on dark", "shadow", "blank page"],
)
def test_what_is_no_page_stays(photo):
    assert find_page(photo) is None
    assert page_step(photo).picture is photo


def test_corners_in_their_order():
    square = np.array([[0, 0], [9, 1], [10, 8], [1, 9]], np.float32)
    np.testing.assert_array_equal(ordered(square[[2, 0, 3, 1]]), square)


def test_a_straight_page_keeps_what_is_in_it(rng):
    picture = rng.random((40, 50)).astype(np.float32)
    corners = np.array([[10, 5], [30, 5], [30, 25], [10, 25]], np.float32)
    np.testing.assert_allclose(straightened(picture, corners), picture[5:25, 10:30], atol=1e-5)
