"""What is found in what a pen wrote and in a picture."""

import io

import imageio.v3 as iio
import numpy as np
import pytest

from scripts.page.questions import MOST_DIGITS, Finder, of_picture, of_strokes
from strokes.errors import DataError
from strokes.pictures.pen import draw_ink
from strokes.reading.recognizer import load_recognizer
from tests.scripts.page.conftest import ONE, THREE, beside


def png(picture):
    file = io.BytesIO()
    iio.imwrite(file, np.round(255 * picture).astype(np.uint8), extension=".png")
    return file.getvalue()


def test_a_picture_holds_a_number_each_digit_in_its_place():
    recognizer = load_recognizer()
    finder = Finder(separator=recognizer)
    grey = draw_ink(list(map(np.array, beside(THREE, ONE))), side=400, width=0.03)
    digits = of_picture(png(grey), finder).digits
    pictures = np.stack([one.prepared.picture for one in digits])
    assert recognizer.read(pictures).tolist() == [3, 1]
    left, right = (one.place.x + 0.5 * one.place.side for one in digits)
    assert 0 < left < 0.4
    assert 0.6 < right < 1
    assert digits[0].prepared.stages[0].name == "picture"
    with pytest.raises(DataError, match="blank"):
        of_picture(png(np.ones((60, 60))), finder)


def test_too_many_digits_are_refused_and_of_a_hair_nothing_is_left():
    finder = Finder(separator=load_recognizer())
    many = [
        np.array([[0.01 + 0.06 * i, 0.5], [0.01 + 0.06 * i, 0.58]]) for i in range(MOST_DIGITS + 3)
    ]
    with pytest.raises(DataError, match="expected at most 12 at a time"):
        of_strokes(many, None, finder)
    question = of_strokes([np.array([[0.3, 0.5], [0.300001, 0.5]])], None, finder, passing=True)
    assert question.passing
    assert len(question.digits) <= 1
