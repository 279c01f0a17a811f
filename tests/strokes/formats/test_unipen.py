import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.formats.unipen import donor_of, iterate_unipen
from strokes.formats.unipen_files import UnipenError
from strokes.ink import MAX_POINTS, MAX_STROKES
from tests.strokes.formats.files import strictly

FOUR = [[[10, 90], [5, 40], [40, 40]], [[30.5, 80], [30, 0]]]  # x to the right, y up
SEVEN = [[[0, 50], [30, 50], [10, 0]]]
DOT = [[[7, 7]]]

INK = """.VERSION 1.0
.COMMENT the next line is no statement
 .PEN_DOWN 1 2
.HIERARCHY WORD CHARACTER
.X_DIM 500
.Y_DIM 500
.DATA_SOURCE Nici
.WRITER_ID ANTON
.COORD T Y X P
.PEN_DOWN
0 90 10 9
1 40 5 9
2 40 40 9
.PEN_UP
3 60 35 0
.DT 100
.PEN_DOWN
4 80 30.5 9
5 0 30 9
.PEN_UP
.PEN_DOWN 6 7 7 9
.PEN_UP
8 9 9 0
.PEN_DOWN
9 50 0 9 10 50 30 9
11 0 10 9
"""
LABELS = """.SEGMENT WORD 0-3 OK "4.7"
.SEGMENT CHARACTER 0-1 OK "4"
.SEGMENT CHARACTER 2:0-2:1 OK "."
.SEGMENT CHARACTER 3 ? "7"
"""


def parsed(tmp_path, text, **options):
    """As a strict reader reads it."""
    if not options:
        (tmp_path / "a.dat").write_text(text)
        return read_recordings(tmp_path / "a.dat", strict=True)
    return strictly(iterate_unipen(text, path=tmp_path / "a.dat", **options))


def assert_strokes(recording, expected):
    assert len(recording.strokes) == len(expected)
    for stroke, up in zip(recording.strokes, expected, strict=True):
        np.testing.assert_array_equal(stroke, np.array(up, float) * [1, -1])


@pytest.mark.parametrize("text", [INK + LABELS, LABELS + INK])
def test_what_was_written_comes_out_with_y_down(tmp_path, text):
    four, seven = parsed(tmp_path, text)
    assert (four.label, seven.label) == (4, 7)
    assert {(one.units, one.source) for one in (four, seven)} == {("px", "unipen-nici-ANTON")}
    assert_strokes(four, FOUR)
    assert_strokes(seven, SEVEN)
    assert not np.signbit(seven.strokes[0][2, 1])  # 0, not -0


def test_the_suffix_says_that_it_is_unipen(tmp_path):
    (tmp_path / "A.DAT").write_bytes((INK + LABELS).encode().replace(b"\n", b"\r\n"))
    assert [one.label for one in read_recordings(tmp_path / "A.DAT")] == [4, 7]


def test_only_wanted_labels(tmp_path):
    (seven,) = parsed(tmp_path, INK + LABELS, labels={"7"})
    assert seven.label == 7
    text = INK + LABELS.replace('"4.7"', '"47"')
    assert [one.label for one in parsed(tmp_path, text, labels="47")] == [4, 7]
    with pytest.raises(ValueError, match="expected a digit"):
        parsed(tmp_path, INK, labels={"a"})


def test_a_point_is_a_dot(tmp_path):
    (found,) = parsed(tmp_path, INK + '.SEGMENT CHARACTER 0,2 OK "4"\n')
    assert_strokes(found, FOUR[:1] + DOT)


def test_a_list_of_components_may_have_any_order_and_spaces(tmp_path):
    (found,) = parsed(tmp_path, INK + '.SEGMENT CHARACTER 3, 0-1 OK "4"')
    assert_strokes(found, SEVEN + FOUR)


def test_a_word_of_one_digit_is_the_same_ink(tmp_path):
    assert len(parsed(tmp_path, INK + LABELS + '.SEGMENT WORD 0,1 ? "4"\n')) == 2


def test_one_donor_counts_the_lifts_too(tmp_path):
    text = INK.replace("Nici", "PRI") + '.SEGMENT CHARACTER 0-3 OK "4"\n'
    (found,) = parsed(tmp_path, text)
    assert found.source == "unipen-pri-ANTON"
    assert_strokes(found, FOUR)
    with pytest.raises(DataError, match="no ink: the pen is never down"):
        parsed(tmp_path, INK.replace("Nici", "pri") + '.SEGMENT CHARACTER 1 OK "4"\n')


def test_the_writer_is_the_one_of_the_ink(tmp_path):
    text = INK + LABELS + INK.replace("ANTON", "?") + '.SEGMENT CHARACTER 7 OK "7"\n'
    sources = [one.source for one in parsed(tmp_path, text)]
    assert sources == ["unipen-nici-ANTON"] * 2 + ["unipen-nici"]


def test_the_donor_of_a_file_of_the_distribution(tmp_path):
    assert donor_of(tmp_path / "data" / "1a" / "pri" / "pri0" / "x.dat") == "pri"
    assert donor_of(tmp_path / "data" / "1a" / "pri.dat") == ""
    assert donor_of(tmp_path / "data" / "9" / "pri" / "x.dat") == ""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('.SEGMENT CHARACTER 0:1-1:2 OK "4"', r"parts of components are not read \(0:1-1:2\)"),
        ('.SEGMENT CHARACTER ? OK "4"', r"no list of components \(\?\)"),
        ('.SEGMENT CHARACTER 0,,1 OK "4"', "no list of components"),
        ('.SEGMENT CHARACTER ² OK "4"', "no list of components"),
        ('.SEGMENT CHARACTER 3-4 OK "4"', "has not .3-4 of 4, counted from 0"),
        ('.SEGMENT CHARACTER 0-999999999 OK "4"', "has not"),
        ('.SEGMENT CHARACTER 2-1 OK "4"', "has not"),
        ('.SEGMENT CHARACTER 0-1,1 OK "4"', "named twice"),
        ('.SEGMENT CHARACTER 2 OK "4"', "all points are the same"),
        ('.SEGMENT CHARACTER 0 "4"', "expected .SEGMENT LEVEL COMPONENTS"),
        ('.SEGMENT CHARACTER 0 OK "4', "a label without its end"),
        (".COORD X T", "expected .COORD with an X and a Y .X T"),
    ],
)
def test_what_a_segment_cannot_mean(tmp_path, line, reason):
    with pytest.raises(DataError, match=rf"a\.dat, line 31: .*{reason}"):
        parsed(tmp_path, f"{INK}{LABELS}{line}\n")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("2 40 40 9", "2 40 40"), r"line 10: a row that is not full \(T Y X P\)"),
        (("2 40 40 9", "2 40 a 9"), "line 10: 'a' is not a number"),
        (("2 40 40 9", "2 40 nan 9"), "line 28: stroke 1: nan is not finite"),
        (("2 40 40 9", "2 1e99 4 9"), "line 28: stroke 1: -1e.99 is not finite, or too large"),
        (("2 40 40 9", "1 2 3 4\n" * MAX_POINTS), "line 10: more than 80,000 numbers"),
        ((".COORD T Y X P", ".COMMENT"), "line 10: no .COORD"),
        ((".VERSION 1.0", "Hello\n.VERSION 1.0"), "line 1: not UNIPEN"),
        ((INK + LABELS, "1 2 3"), "line 1: not UNIPEN"),
        ((INK + LABELS, ""), "line 1: not UNIPEN"),
        (
            (LABELS, '.SEGMENT CHARACTER 0 OK "a"'),
            r"a\.dat: no segment in it whose label is a digit",
        ),
    ],
)
def test_what_a_file_cannot_mean(tmp_path, change, reason):
    text = INK + LABELS
    assert change[0] in text
    with pytest.raises(DataError, match=reason):
        parsed(tmp_path, text.replace(*change))


def test_limits_of_strokes(tmp_path):
    ink = ".COORD X Y\n" + ".PEN_DOWN\n1 2\n3 4\n" * (3 * MAX_STROKES)
    most = f'.SEGMENT CHARACTER 0-{MAX_STROKES - 1} OK "4"\n'
    assert len(parsed(tmp_path, ink + most)[0].strokes) == MAX_STROKES
    for last, reason in ((MAX_STROKES, "65 strokes"), (2 * MAX_STROKES, "128 components")):
        with pytest.raises(DataError, match=reason):
            parsed(tmp_path, f'{ink}.SEGMENT CHARACTER 0-{last} OK "4"\n')


def test_a_segment_that_cannot_be_meant_leaves_the_others(tmp_path):
    text = INK + LABELS.replace("0-1 OK", "0-9 OK")
    error, seven = iterate_unipen(text, path=tmp_path / "a.dat")
    assert isinstance(error, UnipenError)
    assert error.reason == "components that the file has not"
    assert seven.label == 7
