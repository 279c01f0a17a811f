import cv2
import jax
import numpy as np
import pytest

from datasets import load_mnist
from datasets.recordings import OWN_RECORDINGS
from strokes.classes import DIGITS, Classes
from strokes.formats.recordings import read_recordings
from strokes.pictures.preparation import binarised, prepare_mask
from strokes.reading.numbers import separate
from strokes.reading.recognizer import load_recognizer
from tests.alphabet import CLASSES, SHAPES, recordings_of, template_recognizer
from tests.pasted_numbers import read_right


@pytest.fixture(scope="module")
def mnist(raw_mnist):
    return load_mnist("test", data_dir=raw_mnist)


def test_numbers_are_counted_and_read(mnist, rng):
    assert read_right(*mnist, 12, generator=rng) >= 9


def drawn(strokes, left):
    """A recording 100 pixels high, as ink ``[180, 400]``."""
    points = np.concatenate([stroke[:, :2] for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = 100 / (high - low).max()
    ink = np.zeros((180, 400), np.uint8)
    for stroke in strokes:
        places = np.round((stroke[:, :2] - low) * scale + (left, 40)).astype(np.int32)
        cv2.polylines(ink, [places], False, 1, 10)
    return ink > 0, left + float((high - low)[0] * scale)


@pytest.mark.parametrize("text", ["503", "26"])
def test_digits_that_lie_over_one_another_are_cut_where_both_are_digits(text):
    recognizer, recordings = load_recognizer(), read_recordings(OWN_RECORDINGS)
    line, place = np.zeros((180, 400), bool), 20.0
    for digit in map(int, text):
        one = next(one for one in recordings if one.label == digit)
        ink, place = drawn(one.strokes, place)
        line |= ink
        place -= 2  # half a pen's width is 5
    digits = separate(line, recognizer)
    pictures = np.stack([prepare_mask(digit).picture for digit in digits])
    assert "".join(map(str, recognizer.read(pictures))) == text


def test_parts_of_one_digit_stay_together(mnist):
    recognizer = load_recognizer()
    five = np.zeros((200, 200), bool)
    five[30:42, 70:130] = True  # its bar, which does not touch
    five[52:110, 66:78] = five[98:110, 66:120] = five[98:160, 110:122] = True
    five[150:162, 66:122] = True
    four = np.zeros((200, 200), bool)
    four[30:110, 60:72] = four[98:110, 60:130] = True
    four[30:170, 136:148] = True  # its second stroke, apart
    for mask in (five, four):
        assert len(separate(mask, recognizer)) == 1
    single = [
        len(separate(binarised(1 - one / np.float32(255)).mask, recognizer))
        for one in mnist[0][:12]
    ]
    assert single == [1] * 12


def test_a_stroke_broader_than_any_digit_is_left_whole():
    line = np.zeros((120, 500), bool)
    line[10:110, 20:30] = True
    line[50:60, 60:480] = True  # a dash
    recognizer = template_recognizer(recordings_of(8), CLASSES)
    for reader in (load_recognizer(), recognizer):
        found = separate(line, reader)
        np.testing.assert_array_equal(np.any(found, axis=0), line)


def line_of(names, *, gap):
    """Characters of the small alphabet side by side, as ink ``[180, 400]``."""
    line, place = np.zeros((180, 400), bool), 20.0
    for name in names:
        ink, place = drawn([np.array(one) for one in SHAPES[CLASSES.number(name)]], place)
        line |= ink
        place += gap
    return line


def test_other_characters_are_told_apart_at_paper_and_never_cut():
    recognizer = template_recognizer(recordings_of(8), CLASSES)
    found = separate(line_of("a山A", gap=25), recognizer)
    pictures = np.stack([prepare_mask(one).picture for one in found])
    assert [CLASSES.names[one] for one in recognizer.read(pictures)] == ["a", "山", "A"]
    np.testing.assert_array_equal(np.any(found, axis=0), line_of("a山A", gap=25))
    assert len(separate(line_of("山山", gap=5), recognizer)) == 1  # they touch
    in_parts = line_of("A", gap=0)
    in_parts[:, 58:68] = False
    assert len(separate(in_parts, recognizer)) == 1


def test_digits_in_another_order_are_found_alike():
    shipped, order = load_recognizer(), np.arange(10)[::-1]
    parameters = jax.tree.map(np.copy, shipped.parameters)
    for weights in (parameters["head"]["kernel"], parameters["head"]["bias"]):
        weights[...] = np.asarray(weights[...])[..., order]
    facts = shipped.facts | Classes(DIGITS.names[::-1]).facts()
    turned = shipped._replace(parameters=parameters, facts=facts)
    five = next(one for one in read_recordings(OWN_RECORDINGS) if one.label == 5)
    ink, place = drawn(five.strokes, 20.0)
    line = ink | drawn(five.strokes, place - 2)[0]
    expected, found = separate(line, shipped), separate(line, turned)
    np.testing.assert_array_equal(found, expected)
    assert len(found) == 2
