import numpy as np

from strokes.formats.numbers.parquet import HandedNumbers
from strokes.formats.numbers.synthesis import ALPHABET, FILES, offsets_of, write_synthesis
from tests.strokes.test_handwriting import two_numbers


def test_arrays_are_those_of_the_program(tmp_path):
    chunks = [HandedNumbers(two_numbers(), [4, 9]), HandedNumbers(two_numbers(), [9, 4])]
    write_synthesis(lambda: chunks, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)
    x, x_len, c, c_len, w_id = (np.load(tmp_path / name) for name in FILES[:5])
    assert (x.shape, x.dtype) == ((4, 7, 3), np.float32)
    assert x_len.tolist() == [2, 7, 2, 7]
    assert [
        "".join(ALPHABET[i] for i in row[: n - 1]) for row, n in zip(c, c_len, strict=True)
    ] == [
        *("1", "47"),
        *("1", "47"),
    ]
    assert c.tolist()[0] == [ALPHABET.index("1"), 0, 0]
    assert w_id.tolist() == [4, 9, 9, 4]
    assert not x[0, 2:].any()
    assert (tmp_path / "texts.txt").read_text() == "1\n47\n1\n47\n"


def test_offsets_lead_from_point_to_point_upward():
    rows, starts = offsets_of(two_numbers())
    assert starts.tolist() == [0, 2, 9]
    np.testing.assert_array_equal(rows[[0, 2]], [[0, 0, 1], [0, 0, 1]])
    unit = np.sqrt(0.5)
    np.testing.assert_allclose(rows[3:9, :2], np.tile([unit, -unit], (6, 1)), rtol=1e-6)
    assert rows[3:9, 2].tolist() == [0, 1, 0, 1, 0, 1]
