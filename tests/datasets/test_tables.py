import numpy as np
import pytest

from datasets.tables import iterate_table
from strokes.errors import DataError

PIXELS = [f"pixel{number}" for number in range(784)]
ROWS = np.arange(3 * 785).reshape(3, 785) % 251


def lines(names, rows, separator=","):
    return [separator.join(map(str, row)) for row in ([names] if names else []) + rows]


def picture_first(rows):
    return np.roll(rows, -1, axis=1).tolist()


LABEL_FIRST = ROWS.tolist()
NUMBERED = [[number, *row] for number, row in enumerate(LABEL_FIRST)]
WAYS = {
    "Kaggle's": lines(["label", *PIXELS], LABEL_FIRST),
    "no names": lines(None, LABEL_FIRST),
    "blanks": lines(None, LABEL_FIRST, " "),
    "semicolons, also at the end": [f"{row};" for row in lines(["y", *PIXELS], LABEL_FIRST, ";")],
    "tabs": lines(["y", *PIXELS], LABEL_FIRST, "\t"),
    "label last": lines([*PIXELS, "class"], picture_first(ROWS)),
    "numbers of rows": lines(["", "label", *PIXELS], NUMBERED),
    "places for names": lines(range(785), LABEL_FIRST),
    "decimals": lines(["label", *PIXELS], (ROWS + 0.0).tolist()),
    "quotes": [f'"{row}"'.replace(",", '","') for row in lines(["label", *PIXELS], LABEL_FIRST)],
}


@pytest.mark.parametrize("way", WAYS)
def test_a_picture_and_its_label_however_they_are_parted(tmp_path, way):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(WAYS[way]).encode())
    found = list(iterate_table(path, most=1 << 20, chunk=2, pixels=784))
    assert [len(part) for part in found] == [2, 1]
    np.testing.assert_array_equal(np.concatenate(found), picture_first(ROWS))


def test_a_line_that_is_no_row_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\n".join([*WAYS["Kaggle's"], "1,2,3"]))
    with pytest.raises(DataError, match=r"a\.csv, line 5: 3 numbers, expected a label and 784"):
        list(iterate_table(path, most=1 << 20, chunk=2, pixels=784))
