import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from strokes.formats.numbers.svg import number_svg
from tests.strokes.test_handwriting import two_numbers

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("animated", [True, False])
def test_a_path_for_each_stroke_that_moves_as_the_hand_did(animated):
    number = two_numbers().number(1)
    root = ElementTree.fromstring(number_svg(number, pen=0.4, animated=animated))
    paths = list(root.iter(f"{SVG}path"))
    assert len(paths) == 3
    assert root.find(f"{SVG}title").text == "47"
    moves = list(root.iter(f"{SVG}animate"))
    assert len(moves) == (3 if animated else 0)
    for move, stroke in zip(moves, number.strokes, strict=False):
        times = np.array(move.get("keyTimes").split(";"), float)
        values = move.get("values").split(";")
        assert len(times) == len(values)
        assert (np.diff(times) >= 0).all()
        whole = float(move.get("dur").removesuffix("s"))
        assert times[1] * whole == pytest.approx(stroke[0, 2] / 1000, abs=2e-3)
        assert times[-2] * whole == pytest.approx(stroke[-1, 2] / 1000, abs=2e-3)


def test_any_text_is_its_title():
    number = two_numbers().number(1)._replace(text='<g> & "山"')
    root = ElementTree.fromstring(number_svg(number, pen=0.4))
    assert root.find(f"{SVG}title").text == '<g> & "山"'
