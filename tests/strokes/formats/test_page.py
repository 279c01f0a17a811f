import json

import numpy as np
import pytest

from strokes.errors import DataError
from tests.strokes.formats.files import read

SEVEN = {
    "digit": 7,
    "points": [[0.2, 0.2, 90.0], [0.8, 0.2, 90.0], [0.4, 0.9, 3.0], [0.3, 0.5, 90], [0.6, 0.5, 1]],
    "pen_up": [False, False, True, False, True],
}


@pytest.mark.parametrize("name", ["seven.json", "kept.ndjson"])
def test_what_the_page_saved_is_read(tmp_path, name):
    indent = 2 if name.endswith(".json") else None
    (found,) = read(tmp_path, name, json.dumps(SEVEN, indent=indent))
    assert (found.label, found.units, found.source) == (7, "canvas", "page")
    np.testing.assert_allclose(found.strokes[0], [[0.2, 0.2], [0.8, 0.2], [0.4, 0.9]], atol=1e-7)
    np.testing.assert_allclose(found.strokes[1], [[0.3, 0.5], [0.6, 0.5]], atol=1e-7)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"digit": 10}, "label 10"),
        ({"points": "x"}, "x, y, softness"),
        ({"points": [[0.2, 0.2], [0.8, 0.2]], "pen_up": [False] * 2}, "x, y, softness"),
        ({"points": [[0.2, 0.2, 1], [1e4, 0.2, 1]], "pen_up": [False] * 2}, "canvas units"),
        ({"pen_up": [False]}, "expected 5 of true and false"),
        ({"pen_up": [0, 0, 1, 0, 1]}, "expected true and false"),
        ({"pen_up": [True] * 5}, "at least one stroke"),
        ({"pen_up": None}, "expected 5"),
    ],
)
def test_what_it_cannot_mean(tmp_path, change, reason):
    with pytest.raises(DataError, match=f"a.json: .*{reason}"):
        read(tmp_path, "a.json", json.dumps(SEVEN | change))
