import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.lines import parse_lines, read_text
from strokes.ink import Recording

INK = [np.array([[0.0, 0.0], [1.0, 1.0]])]


def parse(line):
    return Recording(int(line), INK)


def test_blank_lines_are_skipped_and_counted():
    text = "4\n\n  \r\n2\n"
    assert [one.label for one in parse_lines(text, parse, source="mine")] == [4, 2]
    with pytest.raises(DataError, match="mine, line 5: invalid literal"):
        parse_lines(text + "x", parse, source="mine")


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_no_line_at_all(text):
    with pytest.raises(DataError, match="mine: no recording in it"):
        parse_lines(text, parse, source="mine")


def test_a_mistake_in_the_parser_is_not_blamed_on_the_file():
    with pytest.raises(ZeroDivisionError):
        parse_lines("1", lambda line: 1 / 0, source="mine")


def test_text_is_utf_8(tmp_path):
    path = tmp_path / "mine"
    path.write_bytes("drei: \u00fc".encode())
    assert read_text(path) == "drei: \u00fc"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="mine: not text"):
        read_text(path)
