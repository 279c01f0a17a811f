import numpy as np

from strokes.figures.cells import difference_cell, ink_cell, pen_cell
from train.figures.sheet import training_sheet

SIZE, GAP = 42, 3


def test_a_column_for_each_digit_a_row_for_each_view(rng):
    targets = (rng.random((3, 28, 28)) > 0.9).astype(np.uint8)
    points = rng.uniform(0.1, 0.9, (3, 5, 3)).astype(np.float32)
    up = rng.random((3, 5)) > 0.6
    drawings = rng.random((3, 28, 28)).astype(np.float32)
    sheet = training_sheet(targets, points, up, drawings, size=SIZE)
    assert sheet.shape[0] == 4 * (SIZE + GAP) + GAP
    margin = sheet.shape[1] - 3 * (SIZE + GAP) - GAP
    assert margin > 0  # for the captions
    for column in range(3):
        left = margin + GAP + column * (SIZE + GAP)
        expected = [
            ink_cell(targets[column], SIZE),
            pen_cell(points[column, :, :2], up[column], SIZE, coloured=True),
            ink_cell(drawings[column], SIZE),
            difference_cell(drawings[column], targets[column], SIZE),
        ]
        for row, cell in enumerate(expected):
            top = GAP + row * (SIZE + GAP)
            found = sheet[top : top + SIZE, left : left + SIZE]
            np.testing.assert_array_equal(found, cell)


def test_many_digits_stand_in_blocks_below_one_another(rng):
    targets = (rng.random((45, 28, 28)) > 0.9).astype(np.uint8)
    points = rng.uniform(0.1, 0.9, (45, 5, 3)).astype(np.float32)
    up = np.zeros((45, 5), bool)
    sheet = training_sheet(targets, points, up, targets.astype(np.float32), size=SIZE)
    assert sheet.shape[0] == 3 * 4 * (SIZE + GAP) + GAP
    margin = sheet.shape[1] - 15 * (SIZE + GAP) - GAP
    for number in (0, 14, 15, 44):
        top = GAP + number // 15 * 4 * (SIZE + GAP)
        left = margin + GAP + number % 15 * (SIZE + GAP)
        found = sheet[top : top + SIZE, left : left + SIZE]
        np.testing.assert_array_equal(found, ink_cell(targets[number], SIZE))
