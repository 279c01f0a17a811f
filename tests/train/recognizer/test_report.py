import numpy as np
import pytest

from datasets.prepared import PictureSet
from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.reading.recognizer import load_recognizer
from strokes.weights import THINNED_RECOGNIZER
from tests.train.recognizer.conftest import thinned
from train.recognizer.judging import Judged
from train.recognizer.report import class_report, measure_set


def test_a_report_says_what_was_read_of_what():
    classes = Classes(("|", "C", "c", "x"), alike=(("C", "c"),))
    read, truth = np.array([0, 2, 2, 0], np.int32), np.array([0, 1, 2, 1], np.int32)
    folded = np.array([0, 1, 1, 0], np.int32)
    found = class_report(
        Judged(read, folded, truth, *np.zeros((3, 4)), classes), np.array([1000, 5, 5, 1])
    )
    assert "4 test pictures of 3 of 4 classes; 1,011 training pictures." in found
    assert "| accuracy | 50.00% |" in found
    assert "| folded_accuracy | 75.00% |" in found
    assert "mistake: C c." in found
    assert "| 5 | 2 | 3 | 33.33% |" in found
    assert "| 1,000 | 1 | 1 | 100.00% |" in found
    assert "| C | \\| | 1 |" in found
    assert "| C | 5 | 2 | 0.00% |" in found
    assert "| x |" not in found  # never tested


def test_a_set_s_classes_are_found_by_name_in_whatever_order():
    recognizer = load_recognizer(THINNED_RECOGNIZER, of="thinned")
    images, labels = thinned("test", 300)
    backwards = PictureSet(images, 9 - labels, Classes(DIGITS.names[::-1]))
    figures, _ = measure_set(recognizer, backwards)
    assert figures["accuracy"] == recognizer.accuracy(images, labels) > 0.9
    with pytest.raises(DataError, match="does not read all classes of the set: label 'x'"):
        measure_set(recognizer, PictureSet(images, labels, Classes((*DIGITS.names[:9], "x"))))
    with pytest.raises(DataError, match="pictures of 20x28, expected 28x28"):
        measure_set(recognizer, PictureSet(images[:, :, 4:24], labels, DIGITS))
