import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.formats.uji import parse_uji
from strokes.ink import MAX_POINTS
from tests.strokes.formats.files import strictly

TEXT = """//
// UJI: 100 units per millimetre
//
WORD a trn_UJI_W01-01
  NUMSTROKES 1
  POINTS 2 # 1 2 3 4
// ASCII char: 4
WORD 4 trn_UJI_W01-01
  NUMSTROKES 2
  POINTS 3 # 10 0 5 40 40 40
  POINTS 1 # 30 20
// Non-ASCII char: ntilde
WORD \xf1 tst_UPV_W18-02
  any line
WORD 7 tst_UPV_W18-02
  NUMSTROKES 1
  POINTS 2 # 0 0 -5 10.5
"""


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_digits_are_kept_as_they_are(tmp_path, encoding):
    path = tmp_path / "ujipenchars2.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    four, seven = read_recordings(path)
    assert (four.label, four.units, four.source) == (4, "px", "uji-trn_UJI_W01")
    np.testing.assert_array_equal(four.strokes[0], [[10, 0], [5, 40], [40, 40]])
    np.testing.assert_array_equal(four.strokes[1], [[30, 20]])
    assert (seven.label, seven.source) == (7, "uji-tst_UPV_W18")
    np.testing.assert_array_equal(seven.strokes[0], [[0, 0], [-5, 10.5]])


@pytest.mark.parametrize(
    ("name", "source"), [("W01_1", "uji-W01"), ("W01", "uji-W01"), ("", "uji")]
)
def test_the_writer_without_the_session(name, source):
    text = f"WORD 7 {name}\nNUMSTROKES 1\nPOINTS 2 # 0 0 1 1\n"
    assert strictly(parse_uji(text, source="a.txt"))[0].source == source


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("NUMSTROKES 2", "NUMSTROKES 3"), "'NUMSTROKES 3', but 2 lines of strokes follow"),
        (("NUMSTROKES 2", "STROKES 2"), "'STROKES 2', but 2"),
        (("POINTS 1 # 30 20", "POINTS 2 # 30 20"), "stroke 2: 2 numbers, expected 2 times x and y"),
        (("POINTS 1 # 30 20", "POINTS 1 # 30"), "stroke 2: 1 numbers"),
        (("POINTS 1 # 30 20", "POINTS 1 30 20"), "stroke 2: 'POINTS 1 30 20', expected POINTS"),
        (("POINTS 1 # 30 20", "POINTS x # 30 20"), "stroke 2: invalid literal"),
        (("POINTS 1 # 30 20", "POINTS 1 # 30 x"), "stroke 2: 'x' is not a number"),
        (("POINTS 1 # 30 20", "POINTS 1 # 30 inf"), "stroke 2: inf is not finite"),
        (("30 20", "1 " * (2 * MAX_POINTS + 1)), "stroke 2: more than 40,000 numbers"),
    ],
)
def test_what_a_digit_cannot_mean(change, reason):
    assert change[0] in TEXT
    with pytest.raises(DataError, match=rf"a\.txt, line 8: {reason}"):
        strictly(parse_uji(TEXT.replace(*change), source="a.txt"))


@pytest.mark.parametrize("text", ["", "Dear WORD\n", "// WORD 7\n", "WORD\n", "7 0 0\n" + TEXT])
def test_other_text_is_refused_in_one_line(text):
    with pytest.raises(
        DataError, match=r"^a\.txt: not the UJI pen characters \(they begin with a line WORD\)"
    ):
        strictly(parse_uji(text, source="a.txt"))


def test_letters_alone_are_no_digits():
    with pytest.raises(DataError, match=r"a\.txt: none in it whose label is a digit"):
        strictly(parse_uji("WORD a W01\nWORD 10 W01\nWORD \u0663 W01", source="a.txt"))
