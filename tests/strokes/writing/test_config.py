import dataclasses

import pytest

from strokes.writing.config import LossConfig


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"angle": -1.0}, "angle is -1.0"),
        ({"blurred": float("nan")}, "blurred is nan, expected at least 0"),
        ({"blur": 0.0}, "blur is 0.0, expected more than 0"),
    ],
)
def test_impossible_weights_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(LossConfig(), **change)
