import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.offset_texts import are_offsets
from tests.strokes.formats.files import read

ROWS = ["10 10 0", "40 0 1", "-5 20 0", "0 30 1"]
STROKES = [[[10, 10], [50, 10]], [[45, 30], [45, 60]]]


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.tra"])
@pytest.mark.parametrize(
    "text",
    [
        "\n".join(ROWS),
        "\n\n" + ",\n".join(ROWS).replace(" ", ", "),
        "dx;dy;pen_up\n" + "\n".join(ROWS).replace(" ", ";"),
        "\n".join(f"{row[:-1]}{1 - int(row[-1])} {row[-1]} 0" for row in ROWS) + "\n0 0 0 0 1\n",
    ],
)
def test_a_drawing_s_steps(tmp_path, name, text):
    (found,) = read(tmp_path, name, text, label=7)
    assert found.label == 7
    for stroke, expected in zip(found.strokes, STROKES, strict=True):
        np.testing.assert_array_equal(stroke, expected)
    with pytest.raises(DataError, match=r"say which digit it is"):
        read(tmp_path, name, text)


def test_what_are_no_steps(tmp_path):
    for line in ("1 2 3", "1 2", "0 0 0 0 1 1", "x y 1", "1e999999 2 1"):
        assert not are_offsets(line)
    with pytest.raises(DataError, match="a pen that is neither 0 nor 1"):
        read(tmp_path, "a.txt", "1 2 0\n3 4 2\n")
    with pytest.raises(DataError, match="rows of as many numbers"):
        read(tmp_path, "a.txt", "1 2 0\n3 4\n")
