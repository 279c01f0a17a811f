import numpy as np

from datasets import load_thinned
from strokes.reading.recognizer import load_recognizer
from strokes.weights import THINNED_RECOGNIZER
from tests.train.evaluation.written import as_written
from train.evaluation.hard_drawing import draw_hard
from train.evaluation.legibility import legibility_measures
from train.evaluation.tracing import trace


def traced(pictures, labels):
    return as_written(*trace(pictures), pictures, label=labels)


def test_misread_digits_are_written_again_under_the_label_that_was_read():
    reader = load_recognizer(THINNED_RECOGNIZER, of="thinned")
    pictures, labels = load_thinned("test")
    seen = reader.read(pictures)
    chosen = np.concatenate(
        [np.flatnonzero(seen != labels)[:5], np.flatnonzero(seen == labels)[:5]]
    )
    pictures, labels, seen = pictures[chosen], labels[chosen], seen[chosen]
    asked = []

    def blank(some, under):
        asked.append((some, under))
        for start in range(0, len(some), 3):
            part = traced(some[start : start + 3], under[start : start + 3])
            yield part._replace(pen_up=np.ones_like(part.pen_up))

    written = traced(pictures, labels)
    found = legibility_measures(reader, written, blank)
    np.testing.assert_array_equal(found["legibility_target"], [0.0] * 5 + [1.0] * 5)
    np.testing.assert_array_equal(asked[0][0], pictures[:5])
    np.testing.assert_array_equal(asked[0][1], seen[:5])
    drawn_as = reader.read(draw_hard(written.points[..., :2], written.pen_up))
    np.testing.assert_array_equal(found["legibility"], drawn_as == labels)
    blank_is = reader.read(np.zeros((1, 28, 28), np.uint8))[0]
    np.testing.assert_array_equal(found["legibility_read"][:5], labels[:5] == blank_is)
    np.testing.assert_array_equal(found["legibility_read"][5:], found["legibility"][5:])
    assert "legibility_read" not in legibility_measures(reader, written)
