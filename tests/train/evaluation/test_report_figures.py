import numpy as np
import pytest

from strokes.figures.cells import TIP
from tests.train.evaluation.written import as_written, shipped_writer, some_written
from train.evaluation.hard_drawing import draw_hard
from train.evaluation.report_figures import (
    best_median_worst,
    examples,
    histograms,
    random_digits,
    stroke_order,
    strokes_cell,
)

PAPER = np.array([255, 255, 255])


def two_strokes():
    """Left to right along the middle, then, after a lift, down the right side."""
    points = np.float32([[[0.2, 0.5], [0.6, 0.5], [0.8, 0.2], [0.8, 0.8]]])
    return as_written(points, np.array([[False, True, False, True]]))


def is_green(cell):
    red, green, blue = np.moveaxis(cell.astype(int), -1, 0)
    return (green > red + 80) & (green > blue + 30)


def test_a_green_dot_begins_each_stroke_the_first_is_larger():
    cell = strokes_cell(two_strokes(), 0, size=96)
    rows, columns = np.nonzero(is_green(cell))
    first, second = columns < 48, columns >= 48
    for part, x, y in ((first, 0.2, 0.5), (second, 0.8, 0.2)):
        assert columns[part].mean() == pytest.approx(96 * x, abs=1.0)
        assert rows[part].mean() == pytest.approx(96 * y, abs=1.0)
    assert first.sum() > second.sum() > 0
    blank = two_strokes()._replace(pen_up=np.ones((1, 4), bool))
    assert (strokes_cell(blank, 0) == PAPER).all()


def test_lots_are_drawn_by_the_seed():
    written = some_written()
    sheet = random_digits(written, count=20)
    np.testing.assert_array_equal(sheet, random_digits(written, count=20))
    assert (sheet != random_digits(written, seed=1, count=20)).any()
    assert sheet.shape[1] > 4 * sheet.shape[0]  # ten in a row, two rows
    everything = random_digits(written)  # no digit twice: there are but forty
    assert everything.shape[0] - sheet.shape[0] == pytest.approx(2 * 96, abs=20)


def test_every_drawing_has_its_row(rng):
    written = some_written().of(slice(0, 3))
    soft = shipped_writer().draw(written.points)
    whole = examples(written, soft)
    size = 96
    pitch = (whole.shape[0] - 6) // 5  # gaps of six pixels
    assert whole.shape[0] == 5 * (size + 6) + 6
    assert whole.shape[1] - 3 * (size + 6) - 6 > 0  # captions
    left = whole.shape[1] - 6 - size

    def cell(row):
        top = 6 + row * pitch
        return whole[top : top + size, left : left + size]

    last = written.of(slice(2, 3))
    places = np.arange(28) * size // 28 + 2  # a pixel within each blown up one
    ink = cell(0)[places][:, places, 0] < 128
    np.testing.assert_array_equal(ink, last.pictures[0] > 0)
    np.testing.assert_array_equal(cell(1), strokes_cell(last, 0))
    hard = draw_hard(last.points[..., :2], last.pen_up)[0]
    np.testing.assert_array_equal(cell(3)[places][:, places, 0] < 128, hard > 0)
    wrong = (cell(4)[places][:, places] != PAPER).any(-1)
    np.testing.assert_array_equal(wrong, hard != last.pictures[0])


def test_best_median_and_worst_are_in_order():
    iou = np.array([0.5, 0.9, 0.1, 0.7, 0.3, 0.8, 0.2, 0.6, 0.4, 1.0, 0.0, 0.55, 0.45])
    found = best_median_worst(iou)
    assert iou[found["best"]].tolist() == [1.0, 0.9, 0.8, 0.7, 0.6, 0.55]
    assert iou[found["median"]].tolist() == [0.7, 0.6, 0.55, 0.5, 0.45, 0.4]
    assert iou[found["worst"]].tolist() == [0.0, 0.1, 0.2, 0.3, 0.4, 0.45]
    few = best_median_worst(np.array([0.5, 0.9]))
    assert few == {"best": [1, 0], "median": [1, 0], "worst": [0, 1]}


def test_strokes_grow_from_left_to_right():
    sheet = stroke_order(some_written().of(slice(0, 8)))  # zeros and ones
    size, gap = 72, 5
    assert sheet.shape[0] == 2 * (size + gap) + gap
    left = sheet.shape[1] - 12 * (size + gap)  # three examples of four parts
    for row in range(2):
        top = gap + row * (size + gap)
        cells = [sheet[top : top + size, left + n * (size + gap) :][:, :size] for n in range(12)]
        ink = [(cell != PAPER).any(-1).sum() for cell in cells]
        tips = [(np.abs(cell.astype(int) - TIP).sum(-1) < 30).any() for cell in cells]
        for example in range(3):
            part = slice(4 * example, 4 * example + 4)
            assert ink[part][0] < ink[part][2] <= ink[part][3] * 1.1
            assert tips[part] == [True, True, True, False]  # the last one is finished


def test_histograms_count_every_segment():
    written = some_written()
    soft, length, angle = histograms(written, threshold=3.0).axes
    count = written.pen_up[:, :-1].size

    def total(axes):
        return sum(bar.get_height() for bar in axes.patches)

    assert total(soft) == total(length) == count
    assert soft.lines[0].get_xdata()[0] == 3.0
    assert 0 < total(angle) < count
    nothing = written._replace(pen_up=np.ones_like(written.pen_up))
    assert total(histograms(nothing, threshold=3.0).axes[2]) == 0
