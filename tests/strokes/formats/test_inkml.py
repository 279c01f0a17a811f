import numpy as np
import pytest

from strokes.errors import DataError
from tests.strokes.formats.files import read

INK = """<ink xmlns="http://www.w3.org/2003/InkML">
<traceGroup><annotation type="truth">4</annotation>
<trace>0 0, 0 5, 4 5</trace><trace>3 0, 3 9</trace></traceGroup>
<traceGroup><annotation type="label">one</annotation><trace>0 0 17, 0 5 18</trace></traceGroup>
</ink>"""


def test_inkml(tmp_path):
    four, one = read(tmp_path, "a.inkml", INK)
    assert (four.label, one.label) == (4, 1)
    np.testing.assert_array_equal(four.strokes[1], [[3, 0], [3, 9]])
    np.testing.assert_array_equal(one.strokes[0], [[0, 0], [0, 5]])
    single = "<ink><annotation type='truth'>7</annotation><trace>0 0, 9 1, 2 9</trace></ink>"
    assert read(tmp_path, "b.inkml", single)[0].label == 7


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("0 5, 4 5", "'0 5, 4 5"), "trace group 1: trace 1: .*differences are not read"),
        (("truth", "writer"), "trace group 1: no digit"),
        (("</ink>", ""), "line 5: not XML"),
        (("3 0, 3 9", "3, 3 9"), "expected at least x and y"),
        ((">one<", ">eleven<"), "trace group 2: label 'eleven'"),
    ],
)
def test_what_inkml_cannot_mean(tmp_path, change, reason):
    with pytest.raises(DataError, match=reason):
        read(tmp_path, "a.inkml", INK.replace(*change))
