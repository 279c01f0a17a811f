import json

import numpy as np
import pytest

from strokes.errors import DataError
from tests.strokes.formats.files import read


def test_quick_draw_simplified_and_raw(tmp_path):
    lines = [
        {"word": "three", "drawing": [[[0, 5, 9], [1, 2, 3]]]},
        {"word": "5", "drawing": [[[0, 5], [1, 2], [0, 40]], [[7, 8], [1, 1], [90, 99]]]},
    ]
    three, five = read(tmp_path, "a.ndjson", "\n".join(map(json.dumps, lines)))
    assert (three.label, five.label) == (3, 5)
    np.testing.assert_array_equal(three.strokes[0], [[0, 1], [5, 2], [9, 3]])
    np.testing.assert_array_equal(five.strokes[1], [[7, 1, 90], [8, 1, 99]])


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"word": "cat", "drawing": [[[0, 1], [0, 1]]]}, "label 'cat'"),
        ({"drawing": [[[0, 1], [0, 1]]]}, "'word' is missing"),
        ({"word": "three", "drawing": [[[0, 1], [0]]]}, "stroke 1: expected lists"),
        ({"word": "three", "drawing": [[0, 1]]}, "stroke 1"),
        ({"word": "three", "drawing": "x"}, "expected a list of strokes"),
    ],
)
def test_what_quick_draw_cannot_mean(tmp_path, entry, reason):
    with pytest.raises(DataError, match=f"line 1: .*{reason}"):
        read(tmp_path, "a.ndjson", json.dumps(entry))
