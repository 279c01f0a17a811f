import typing

from strokes.formats.writers import WRITERS
from train.export.names import FormatName


def test_every_name_is_of_a_format_that_is_written():
    assert set(typing.get_args(FormatName)) == {"stroke-3", "stroke-5", *WRITERS}
