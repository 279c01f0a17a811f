import strokes
from strokes.errors import DataError


def test_it_is_a_value_error_that_the_library_shows():
    assert issubclass(DataError, ValueError)
    assert strokes.DataError is DataError
