import numpy as np
import pytest

from strokes.classes import Classes
from strokes.networks.config import RecognizerConfig
from strokes.reading.recognizer import Recognizer
from train.recognizer import judging
from train.recognizer.calibration import cross_entropy
from train.recognizer.judging import (
    Judged,
    accuracies,
    by_size,
    class_accuracies,
    judge,
    most_confused,
    worst,
)

CLASSES = Classes(tuple("ABCabc"), alike=(("C", "c"), ("A", "a")))


def judged(read, truth, losses=None):
    read, truth = np.array(read, np.int32), np.array(truth, np.int32)
    folded = np.array(CLASSES.folded, np.int32)[read]
    losses = np.zeros(len(read)) if losses is None else np.array(losses)
    return Judged(read, folded, truth, losses, losses, losses, CLASSES)


class Table(Recognizer):
    """Gives logits that are known, by the first pixel of a picture."""

    __slots__ = ()

    def logits(self, pictures):
        return self.parameters[pictures[:, 0, 0]]


@pytest.fixture
def recognizer(rng):
    facts = {"data": "grey", "temperature": 2.0, **CLASSES.facts()}
    return Table(RecognizerConfig(outputs=6), rng.normal(0, 3, (150, 6)).astype(np.float32), facts)


@pytest.fixture
def pictures():
    return np.arange(150, dtype=np.uint8)[:, None, None]


def test_parts_are_judged_as_the_whole(recognizer, pictures, rng, monkeypatch):
    labels = rng.integers(0, 6, 150).astype(np.int32)
    monkeypatch.setattr(judging, "_LOGITS_AT_ONCE", 1)
    found = judge(recognizer, pictures, labels)
    logits, chances = recognizer.logits(pictures), recognizer.probabilities(pictures)
    np.testing.assert_array_equal(found.read, logits.argmax(axis=1))
    np.testing.assert_allclose(found.losses, cross_entropy(logits, labels), rtol=1e-5)
    np.testing.assert_allclose(found.certainty, chances.max(axis=1), rtol=1e-5)
    np.testing.assert_allclose(found.chance, chances[np.arange(150), labels], rtol=1e-5)


def test_what_looks_alike_is_read_together(recognizer, pictures):
    found = judge(recognizer, pictures, np.zeros(150, np.int32))
    for one, row in zip(found.folded, recognizer.probabilities(pictures), strict=True):
        sums = {0: row[0] + row[3], 1: row[1], 2: row[2] + row[5], 4: row[4]}
        assert one == max(sums, key=sums.get)
    assert (found.folded != np.array(CLASSES.folded)[found.read]).any()


def test_means_over_pictures_and_over_classes():
    found = accuracies(judged([0, 0, 0, 1, 3, 2], [0, 0, 0, 0, 3, 5]))
    assert found["accuracy"] == pytest.approx(4 / 6)
    assert found["macro_accuracy"] == pytest.approx((3 / 4 + 1 + 0) / 3)
    assert found["folded_accuracy"] == pytest.approx(5 / 6)  # c read as C
    assert found["folded_macro_accuracy"] == pytest.approx((4 / 5 + 1) / 2)
    right, truth = np.array([True, False]), np.array([2, 2], np.int32)
    np.testing.assert_array_equal(class_accuracies(right, truth, 3), [np.nan, np.nan, 0.5])


def test_rows_by_size_hold_every_picture_once():
    counts = np.array([1, 1, 3, 4, 700, 0])
    read = judged([0, 1, 1, 2, 3, 4, 5, 5], [0, 0, 1, 2, 3, 3, 4, 5])
    rows = by_size(read, counts)
    assert [(row.least, row.most, row.classes, row.pictures) for row in rows] == [
        (0, 0, 1, 1),
        (1, 1, 2, 3),
        (3, 4, 2, 3),
        (700, 700, 1, 1),
    ]
    assert [row.accuracy for row in rows] == pytest.approx([1.0, 2 / 3, 2 / 3, 0.0])


def test_pairs_are_counted_and_losses_ranked():
    read = judged([1, 1, 0, 2, 2, 2], [0, 0, 1, 2, 0, 0], losses=[1, 5, 2, 0, 9, 4])
    assert most_confused(read) == [("A", "B", 2), ("A", "C", 2), ("B", "A", 1)]
    assert most_confused(read, count=1) == [("A", "B", 2)]
    assert worst(read, count=3).tolist() == [4, 1, 5]
