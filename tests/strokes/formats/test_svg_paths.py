import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.svg import svg
from strokes.formats.svg_paths import points_of_path
from tests.strokes.formats.files import read

POINTS = np.array([[0.2, 0.3], [0.6, 0.3], [0.4, 0.9], [0.1, 0.5], [0.7, 0.5]], np.float32)
LIFTED = np.array([False, False, True, False, True])


@pytest.mark.parametrize("curve", ["line", "catmull-rom"])
@pytest.mark.parametrize("label", [None, 7])
def test_our_own_are_read_back(tmp_path, curve, label):
    (found,) = read(tmp_path, "a.svg", svg(POINTS, LIFTED, curve=curve), label=7)
    assert (found.label, found.units) == (7, "canvas")
    np.testing.assert_allclose(found.strokes[0], POINTS[:3], atol=2e-4)
    np.testing.assert_allclose(found.strokes[1], POINTS[3:], atol=2e-4)


@pytest.mark.parametrize(
    ("description", "points"),
    [
        ("M1 2L3 4 5 6", [[[1, 2], [3, 4], [5, 6]]]),
        ("M1,2 L 3-4.5.5", [[[1, 2], [3, -4.5]]]),
        ("M1 2 3 4M5 6C0 0 0 0 7 8", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]),
        ("M1e1 2Q0 0 3 4", [[[10, 2], [3, 4]]]),
    ],
)
def test_paths(description, points):
    if ".5.5" in description:  # five numbers where a point has two
        with pytest.raises(ValueError, match="L has 3 numbers"):
            points_of_path(description)
    else:
        assert points_of_path(description) == points


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<svg viewBox='0 0 9 9'><path d='L1 2'/></svg>", "does not begin with M"),
        ("<svg viewBox='0 0 9 9'><path d='1 2'/></svg>", "begins with '1 2', expected M"),
        ("<svg viewBox='0 0 9 9'><path d='M1 2l3 4'/></svg>", "a path with 'l', expected M, L"),
        ("<svg viewBox='0 0 9 9'><path d='M1 2C3 4'/></svg>", "C has 2 numbers"),
        ("<svg viewBox='0 0 9 9'/>", "at least one stroke"),
        ("<svg><path d='M1 2L3 4'/></svg>", "viewBox"),
        ("<svg viewBox='0 0 9 9'><title>x</title><path d='M1 2L3 4'/></svg>", "label 'x'"),
        ("<ink/>", "not SVG"),
        ("<svg", "not XML"),
    ],
)
def test_what_it_cannot_mean(tmp_path, text, reason):
    with pytest.raises(DataError, match=rf"a\.svg(, line 1)?: .*{reason}"):
        read(tmp_path, "a.svg", text, label=7)
