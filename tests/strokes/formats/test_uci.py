import numpy as np
import pytest

from strokes.errors import DataError
from tests.strokes.formats.files import read

PEN = "47,100,27,81,57,37,26,0,0,23,56,53,100,90,40,98,"


@pytest.mark.parametrize("label", ["8", "0000000010"])
def test_pen_digits_turn_y_down(tmp_path, label):
    (found,) = read(tmp_path, "a.tra", PEN + label + "\n")
    assert found.label == 8
    (stroke,) = found.strokes
    np.testing.assert_array_equal(stroke[:2], [[47, 0], [27, 19]])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,2,3", "3 fields"),
        (PEN + "10", "label '10'"),
        (PEN + "0000000011", "expected one 1"),
        (PEN.replace("47", "101") + "8", "0 to 101"),
        (PEN.replace("47", "x") + "8", "invalid literal"),
    ],
)
def test_what_pen_digits_cannot_mean(tmp_path, line, reason):
    with pytest.raises(DataError, match=f"a.tra, line 2: .*{reason}"):
        read(tmp_path, "a.tra", PEN + "8\n" + line)
