import numpy as np
import pytest

from strokes.figures.cells import INK, PAPER, TIP, difference_cell, grid, ink_cell, pen_cell

ELL = np.float32([[0.2, 0.2], [0.2, 0.8], [0.8, 0.8]])
DOWN = np.array([False, False, True])


def darkness(cell):
    """255 where there is no paper at all, 0 on paper."""
    return 255 - cell.min(axis=-1).astype(int)


def test_a_picture_s_pixels_become_squares():
    picture = np.array([[0.0, 1.0], [0.5, 2.0]])
    cell = ink_cell(picture, 6)
    assert cell.shape == (6, 6, 3)
    assert (cell[:3, :3] == PAPER).all()
    assert (cell[:3, 3:] == INK).all()
    assert (cell[3:, 3:] == INK).all()  # more than full ink is full ink
    half = np.round((np.array(PAPER) + np.array(INK)) / 2)
    assert (np.abs(cell[3:, :3] - half) <= 1).all()


def test_what_lacks_is_blue_and_what_is_too_much_is_red():
    drawing, target = np.array([[0.0, 1.0, 1.0, 0.0]]), np.array([[1, 0, 1, 0]], np.uint8)
    lacking, excess, right, paper = difference_cell(drawing, target, 4)[0].astype(int)
    assert lacking[2] > lacking[0] + 100
    assert excess[0] > excess[2] + 100
    assert (right == PAPER).all()
    assert (paper == PAPER).all()


def test_strokes_lie_where_their_points_do():
    cell = pen_cell(ELL, DOWN, 100)
    assert cell.shape == (100, 100, 3)
    dark = darkness(cell)
    for x, y in ([20, 20], [20, 50], [20, 79], [50, 80], [79, 80]):
        assert dark[y, x] > 200, (x, y)
    assert (dark[:70, 30:] == 0).all()
    across = dark[50] / dark.max()
    assert across.sum() == pytest.approx(100 * 1.3 / 28, rel=0.2)  # as wide as a thinned line


def test_a_lifted_segment_leaves_no_ink():
    cell = pen_cell(ELL, np.array([True, False, True]), 100)
    dark = darkness(cell)
    assert (dark[:75] == 0).all()
    assert dark[80, 50] > 200
    assert (pen_cell(ELL, np.ones(3, bool), 60) == PAPER).all()


def test_progress_draws_that_share_of_the_way():
    lengths = [
        (darkness(pen_cell(ELL, DOWN, 200, progress=share)) > 128).sum()
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    assert (np.diff(lengths) > 0).all()
    quarter = darkness(pen_cell(ELL, DOWN, 200, progress=0.25))
    rows = np.flatnonzero(quarter.max(axis=1) > 128)
    assert rows.max() == pytest.approx(0.5 * 200, abs=6)  # half of the first stroke
    half = np.flatnonzero(darkness(pen_cell(ELL, DOWN, 200, progress=0.5)).max(axis=0) > 128)
    assert half.max() < 55  # the corner


@pytest.mark.parametrize(("up", "filled"), [(DOWN, True), (np.array([True, True, True]), False)])
def test_the_tip_is_filled_where_the_pen_presses_and_hollow_where_it_is_lifted(up, filled):
    cell = pen_cell(ELL, up, 200, progress=0.25, tip=True).astype(int)
    orange = np.abs(cell - TIP).sum(axis=-1) < 30
    rows, columns = np.nonzero(orange)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(100, abs=2)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(40, abs=2)
    assert orange[100, 40] == filled


def test_colours_tell_the_time():
    cell = pen_cell(ELL, DOWN, 100, coloured=True).astype(int)
    start, end = cell[25, 20], cell[80, 75]
    assert start[2] > start[1] + 60  # dark violet ...
    assert end[0] > 150  # ... to warm
    assert end[2] < 150
    assert end.sum() > start.sum()


def test_cells_stand_in_rows_with_paper_between_and_captions_beside(rng):
    cells = rng.integers(0, 100, (5, 28, 28, 3), np.uint8)
    plain = grid([cells[:3], cells[3:]])
    gap = 2
    assert plain.shape == (2 * (28 + gap) + gap, 3 * (28 + gap) + gap, 3)
    np.testing.assert_array_equal(plain[gap : gap + 28, gap : gap + 28], cells[0])
    second = plain[28 + 2 * gap : 56 + 2 * gap]
    np.testing.assert_array_equal(second[:, 28 + 2 * gap : 56 + 2 * gap], cells[4])
    assert (second[:, 56 + 2 * gap :] == PAPER).all()  # a short row ends in paper
    captioned = grid([cells[:3], cells[3:]], captions=("above", "below"))
    margin = captioned.shape[1] - plain.shape[1]
    np.testing.assert_array_equal(captioned[:, margin:], plain)
    for half in np.split(captioned[:, :margin], [captioned.shape[0] // 2]):
        assert (half != 255).any()


def test_a_caption_that_opencv_cannot_write_is_its_code(rng):
    cells = [list(rng.integers(0, 100, (2, 28, 28, 3), np.uint8))]
    np.testing.assert_array_equal(grid(cells, ("山",)), grid(cells, ("U+5C71",)))
