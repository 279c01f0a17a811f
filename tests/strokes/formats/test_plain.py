import pytest

from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from tests.strokes.formats.files import read

UCI = "47,100,27,81,57,37,26,0,0,23,56,53,100,90,40,98,8\n"
UNIPEN = '.COORD X Y\n.PEN_DOWN\n1 2\n3 9\n.PEN_UP\n.SEGMENT CHARACTER 0 ? "7"\n'
UJI = "// comment\nWORD 4 W01\nNUMSTROKES 1\nPOINTS 2 # 1 2 3 4\n"
DE_JONG = "0 0 0 0 0 0 0 0 0 1 9 9 0 0\n0 0 0 0 0 0 0 0 0 1 0 1 0 0\n"
TEXTS = {8: UCI, 7: UNIPEN, 4: UJI, 9: DE_JONG}


@pytest.mark.parametrize("suffix", ["txt", "tra", "csv", "dat"])
@pytest.mark.parametrize("digit", list(TEXTS))
@pytest.mark.parametrize("before", ["", "\n \n", "\ufeff"])
def test_the_first_line_says_which_text_it_is(tmp_path, digit, suffix, before):
    if (digit, suffix) in ((8, "dat"), (4, "dat")):
        return  # UNIPEN's own suffix
    (found,) = read(tmp_path, f"a.{suffix}", before + TEXTS[digit])
    assert found.label == digit


def test_the_uci_set_as_it_was_recorded(tmp_path):
    """Its file begins with an include that is lost, and no statement names the columns."""
    text = (
        ' .INCLUDE dene.doc\n.LEXICON "0" "1"\n.HIERARCHY DIGIT\n'
        '.SEGMENT DIGIT 0-1 ? "7"\n.COMMENT 7 30 1\n.PEN_DOWN\n 10 90\n 60 91\n 30 5\n.PEN_UP\n'
        ".DT 100\n.PEN_DOWN\n 20 50\n 50 50\n.PEN_UP\n.DT 100\n"
        '.SEGMENT DIGIT 2 ? "1"\n.COMMENT 1 30 2\n.PEN_DOWN\n 10 90\n 10 5\n.PEN_UP\n'
    )
    seven, one = read(tmp_path, "pendigits-orig.tra", text)
    assert (seven.label, one.label) == (7, 1)
    assert [stroke.tolist() for stroke in seven.strokes] == [
        [[10, -90], [60, -91], [30, -5]],
        [[20, -50], [50, -50]],
    ]
    with pytest.raises(DataError, match=r"no .COORD before it"):
        read(tmp_path, "other.tra", text.replace(" 10 90\n", " 10 90 1\n"), strict=True)


def test_other_text_is_none(tmp_path):
    for name, text, reason in (
        ("a.txt", "Dear reader", "not the UJI pen characters"),
        ("a.dat", "1 2 3", "not UNIPEN"),
        ("a.csv", "label,pixel0\n1,2\n", "2 fields, expected 16"),
    ):
        with pytest.raises(DataError, match=reason):
            read(tmp_path, name, text)
    (tmp_path / "none.csv").write_text("")
    with pytest.raises(DataError, match="no recording in it"):
        read_recordings(tmp_path / "none.csv")
