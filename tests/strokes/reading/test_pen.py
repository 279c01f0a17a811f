import cv2
import numpy as np
import pytest

from datasets.recordings import OWN_RECORDINGS
from strokes.formats.recordings import read_recordings
from strokes.pictures.names import Form
from strokes.pictures.places import WHOLE
from strokes.reading.pen import find_digits
from strokes.reading.recognizer import load_recognizer
from strokes.resampling import fit_to_canvas

HEIGHT = 0.3


@pytest.fixture(scope="module")
def own():
    """A recording of each digit, its box at (0, 0) and one unit tall."""
    found = {}
    for one in read_recordings(OWN_RECORDINGS):
        strokes = fit_to_canvas(one)
        low = np.concatenate(strokes).min(axis=0)
        high = np.concatenate(strokes).max(axis=0)
        found[one.label] = [(stroke - low) / (high[1] - low[1]) for stroke in strokes]
    return found


def number(own, text, gap):
    """Digits side by side on the pad, and the left edge of each."""
    strokes, edges, x = [], [], 0.05
    for one in text:
        edges.append(x)
        strokes += [HEIGHT * stroke + [x, 0.3] for stroke in own[int(one)]]
        x = max(stroke[:, 0].max() for stroke in strokes) + HEIGHT * gap
    return strokes, edges


@pytest.mark.parametrize("gap", [0.3, -0.02])  # the second: they touch
@pytest.mark.parametrize("text", ["31", "10", "452"])
def test_each_digit_is_found_where_it_was_written(own, text, gap):
    recognizer = load_recognizer()
    strokes, edges = number(own, text, gap)
    found = find_digits(strokes, recognizer)
    pictures = np.stack([one.prepared.picture for one in found])
    assert "".join(map(str, recognizer.read(pictures))) == text
    for one, edge in zip(found, edges, strict=True):
        columns = np.flatnonzero((one.prepared.picture > 0).any(axis=0))
        left = one.place.x + one.place.side / 28 * columns[0]
        np.testing.assert_allclose(left, edge, atol=0.04)
        rows = np.flatnonzero((one.prepared.picture > 0).any(axis=1))
        height = one.place.side / 28 * (rows[-1] + 1 - rows[0])
        np.testing.assert_allclose(height, HEIGHT, atol=0.06)


def test_strokes_of_one_digit_stay_together(own):
    recognizer = load_recognizer()
    for label in (4, 5):
        (found,) = find_digits(own[label], recognizer)
        assert found.place == WHOLE
        assert recognizer.read(found.prepared.picture[None]).tolist() == [label]
    four = [np.array([[0.3, 0.1], [0.1, 0.55], [0.65, 0.55]]), np.array([[0.5, 0.1], [0.5, 0.95]])]
    assert len(find_digits(four, recognizer)) == 1


def test_pressure_is_seen(own):
    recognizer = load_recognizer()

    def ink(pressure):
        pressures = [np.full(len(stroke), pressure) for stroke in own[0]]
        (found,) = find_digits(own[0], recognizer, pressures=pressures)
        return found.prepared.stages[0].picture.mean()

    assert ink(1.0) > 1.5 * ink(0.2)


def test_what_is_no_number_is_one_piece():
    """It would be cut into hundreds of parts, of which any seven may be a digit."""
    recognizer = load_recognizer()
    bar = np.array([[0.1, 0.5], [0.5, 0.51], [0.9, 0.5]])
    zigzag = np.stack([np.linspace(0.1, 0.9, 60), 0.5 + 0.1 * (np.arange(60) % 2)], axis=1)
    hatching = [np.array([[0.1 + 0.015 * i, 0.1], [0.1 + 0.015 * i, 0.9]]) for i in range(50)]
    for strokes in ([bar], [zigzag], hatching):
        assert len(find_digits(strokes, recognizer)) <= 1


def test_without_a_finder_all_is_one_character_whose_gaps_stay():
    lines = [np.array([[0.1, y], [0.9, y]]) for y in (0.2, 0.28, 0.36, 0.44)]
    beside = [stroke * [0.4, 1.0] + [x, 0.0] for x in (0.0, 0.5) for stroke in lines]
    (found,) = find_digits(beside, None, form=Form(side=32, digits=False))
    assert found.prepared.picture.shape == (32, 32)
    assert found.place == WHOLE
    by_name = {stage.name: stage for stage in found.prepared.stages}
    assert cv2.connectedComponents(by_name["binarised"].picture.astype(np.uint8))[0] - 1 == 8
    assert by_name["binarised"].done == ""
