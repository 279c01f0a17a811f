import json

import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.numbers.ndjson import read_numbers_ndjson, write_numbers_ndjson
from tests.strokes.test_handwriting import two_numbers


def test_numbers_are_read_as_they_were_written(tmp_path):
    numbers = [two_numbers().number(index) for index in (0, 1)]
    write_numbers_ndjson(numbers, tmp_path / "n.ndjson", source="hand 3")
    found = read_numbers_ndjson(tmp_path / "n.ndjson")
    assert [one.text for one in found] == ["1", "47"]
    for one, other in zip(found, numbers, strict=True):
        assert one.characters == other.characters
        for mine, its in zip(one.strokes, other.strokes, strict=True):
            np.testing.assert_array_equal(mine, its)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"units": "px"}, "'mm'"),
        ({"characters": [0]}, "place of a character"),
        ({"characters": [0, 0, 9]}, "place of a character"),
        ({"strokes": [[[0, 1], [2, 3]]]}, "x, y, t"),
        ({"text": 47}, "text"),
        ({"strokes": None}, "stroke"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(change, reason, tmp_path):
    write_numbers_ndjson([two_numbers().number(1)], tmp_path / "n.ndjson", source="x")
    entry = json.loads((tmp_path / "n.ndjson").read_text()) | change
    (tmp_path / "n.ndjson").write_text(f"\n{json.dumps(entry)}\n")
    with pytest.raises(DataError, match=f"line 2: .*{reason}"):
        read_numbers_ndjson(tmp_path / "n.ndjson")
