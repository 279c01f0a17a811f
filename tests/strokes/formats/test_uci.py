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
        (PEN.replace("47", "x") + "8", "'x' is not a number"),
    ],
)
def test_what_pen_digits_cannot_mean(tmp_path, line, reason):
    with pytest.raises(DataError, match=f"a.tra, line 2: .*{reason}"):
        read(tmp_path, "a.tra", PEN + "8\n" + line, strict=True)


def test_pandas_numbers_of_rows_are_passed_over(tmp_path):
    names = "".join(f",input{number}" for number in range(1, 17)) + ",class\n"
    plain = read(tmp_path, "plain.csv", PEN + "8\n")
    numbered = read(tmp_path, "a.csv", f"{names}0,{PEN}8\n1,{PEN}3,\n", strict=True)
    assert [one.label for one in numbered] == [8, 3]
    np.testing.assert_array_equal(numbered[0].strokes, plain[0].strokes)


@pytest.mark.parametrize(
    "write",
    [
        lambda fields: ";".join(fields),
        lambda fields: ";".join([f"{field},0" for field in fields[:16]] + fields[16:]),
        lambda fields: "  " + "  ".join(fields) + " ",
        lambda fields: " , ".join(fields),
        lambda fields: "\t".join(fields),
        lambda fields: ",".join(f"{float(field):.1f}" for field in fields),
        lambda fields: ",".join(f'"{field}"' for field in fields),
        lambda fields: ",".join([*fields[:16], *"0000000010"]),
        lambda fields: ",".join([*fields[:16], "8.0"]),
    ],
)
def test_the_set_as_others_write_it(tmp_path, write):
    names = ",".join(f"input{number}" for number in range(1, 17)) + ",class\n"
    plain = read(tmp_path, "plain.csv", PEN + "8\n")
    for name, above in (("a.tsv", ""), ("b.csv", "\ufeff" + names)):
        found = read(
            tmp_path, name, above + write([*PEN.strip(",").split(","), "8"]) + "\r\n", strict=True
        )
        assert str(found) == str(plain)
    with pytest.raises(DataError, match="line 1: 3 fields"):
        read(tmp_path, "c.csv", "this,is,odd\n" + PEN + "8\n", strict=True)
