import strokes
from strokes.errors import DataError, reason_of


def test_it_is_a_value_error_that_the_library_shows():
    assert issubclass(DataError, ValueError)
    assert strokes.DataError is DataError


def test_a_reason_is_one_line_that_can_be_shown():
    assert reason_of(ValueError("a\n  b\x0e\x1b[2J")) == "a b??[2J"
    assert reason_of(KeyError()) == "KeyError"
    assert len(reason_of(ValueError("x" * 1000))) == 300


def test_what_a_file_puts_into_a_message_does_no_harm():
    assert str(DataError("a.dat: \x00\x1b[2J\n  b")) == "a.dat: ??[2J\n  b"
