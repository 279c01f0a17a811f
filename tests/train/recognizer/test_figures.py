import numpy as np

from strokes.classes import DIGITS, Classes
from train.recognizer.figures import (
    confusion_figure,
    confusions,
    learning_curves,
    range_figure,
    shown_name,
    top_losses,
)
from train.recognizer.judging import Judged
from train.recognizer.learning_rate import RangeTest


def test_confusions_are_counted_one_by_one(rng):
    read, labels = rng.integers(0, 10, (2, 300)).astype(np.int32)
    counts = confusions(read, labels)
    for digit in range(10):
        for other in range(10):
            assert counts[digit, other] == sum((labels == digit) & (read == other))


def test_the_confusion_matrix_says_every_number_but_shades_mistakes_only():
    counts = np.diag(np.arange(10))
    counts[4, 9] = 3
    (axes,) = confusion_figure(counts).axes
    said = {text.get_position()[::-1]: text.get_text() for text in axes.texts}
    assert said == {(4, 9): "3"} | {(digit, digit): str(digit) for digit in range(1, 10)}
    shades = np.asarray(axes.images[0].get_array())
    assert (shades > 0).sum() == 1
    assert shades[4, 9] == 3


def test_curves_show_each_epoch():
    names = ("epoch", "loss", "held_out_loss", "held_out_accuracy")
    rows = [dict(zip(names, row, strict=True)) for row in ((1, 0.9, 0.8, 0.7), (2, 0.4, 0.5, 0.9))]
    losses, accuracies = learning_curves(rows).axes
    assert [list(line.get_ydata()) for line in losses.lines] == [[0.9, 0.4], [0.8, 0.5]]
    assert list(accuracies.lines[0].get_ydata()) == [70.0, 90.0]
    assert list(accuracies.lines[0].get_xdata()) == [1, 2]


def test_the_worst_mistakes_come_first(rng):
    pictures = rng.integers(0, 256, (30, 28, 28)).astype(np.uint8)
    read, truth = rng.integers(0, 10, (2, 30)).astype(np.int32)
    losses, certainty, chance = rng.random((3, 30))
    judged = Judged(read, read, truth, losses, certainty, chance, DIGITS)
    shown = top_losses(pictures, judged, count=10).axes
    assert len(shown) == 16  # two rows of eight, six of them empty
    worst = int(losses.argmax())
    np.testing.assert_array_equal(shown[0].images[0].get_array(), pictures[worst])
    said = [float(axes.get_title().split(" / ")[2]) for axes in shown[:10]]
    assert said == sorted(said, reverse=True)
    assert shown[0].get_title() == (
        f"{read[worst]} / {truth[worst]} / {losses[worst]:.2f} / {chance[worst]:.2f}"
    )
    assert not any(axes.images for axes in shown[10:])


def test_names_that_no_font_here_has_are_given_as_codes():
    names = ("A", "\u00e9", "\u4e00", "e\u0301", "$")
    assert [shown_name(one) for one in names] == ["A", "\u00e9", "U+4E00", "U+0065 U+0301", "\\$"]
    counts = np.diag(np.arange(1, 4))
    (axes,) = confusion_figure(counts, Classes(("A", "\u4e00", "z")).names).axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["A", "U+4E00", "z"]


def test_the_range_test_s_steepest_place_is_marked():
    found = RangeTest(np.array([0.1, 1.0, 10.0, 100.0]), np.array([2.0, 2.0, 0.5, 0.4]))
    (axes,) = range_figure(found).axes
    curve, mark = axes.lines
    np.testing.assert_array_equal(curve.get_ydata(), found.losses)
    assert list(mark.get_xdata()) == [found.steepest] * 2
