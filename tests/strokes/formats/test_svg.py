import re
import xml.etree.ElementTree as ElementTree
from typing import get_args

import numpy as np
import pytest

from rasterizer import CurveName, subdivide
from strokes.formats.svg import svg
from strokes.ink import pen_runs
from tests.reference import curve_points

SVG = "{http://www.w3.org/2000/svg}"
each_curve = pytest.mark.parametrize("curve", get_args(CurveName))


def shapes(document):
    return [path.get("d") for path in ElementTree.fromstring(document).iter(f"{SVG}path")]


def times(document):
    """Seconds at which each path is begun, ended and begun anew; the end is held 1.5 s."""
    animations = ElementTree.fromstring(document).iter(f"{SVG}animate")
    rows = [(one.get("keyTimes").split(";"), float(one.get("dur")[:-1])) for one in animations]
    return [[whole * float(time) for time in row] for row, whole in rows]


def beziers(shape):
    """Control points ``[2 to 4, 2]`` of the curves of an SVG path, of absolute M, L, Q and C."""
    place, found = None, []
    for command, numbers in re.findall(r"([MLQC])([^MLQC]*)", shape):
        places = np.array(numbers.split(), float).reshape(-1, 2)
        size = {"M": 1, "L": 1, "Q": 2, "C": 3}[command]
        for group in places.reshape(-1, size, 2):
            if command != "M":
                found.append(np.concatenate([[place], group]))
            place = group[-1]
    return found


def at(controls, along):
    """A point of a Bezier, by de Casteljau's algorithm."""
    while len(controls) > 1:
        controls = (1 - along) * controls[:-1] + along * controls[1:]
    return controls[0]


def drawn_by(shape, curve, pieces):
    """Points of a path at the parameters at which `subdivide` puts them, in canvas units."""
    found = beziers(shape)
    if curve == "bezier":  # halves of a segment at either end, and joints in the middles between
        joints = [0.0, *np.arange(0.5, len(found) - 1.0), len(found) - 1.0]
    else:
        joints = np.arange(len(found) + 1.0)
    points = []
    for parameter in np.arange(joints[-1] * pieces + 1) / pieces:
        one = min(np.searchsorted(joints, parameter, side="right"), len(found)) - 1
        along = (parameter - joints[one]) / (joints[one + 1] - joints[one])
        points.append(at(found[one], along) / 280)
    return np.array(points)


def some_strokes(rng):
    """Strokes of 8, 2, 3 and 6 points, and a point that no stroke has."""
    up = np.zeros(20, bool)
    up[[7, 9, 12, 13, 19]] = True
    return rng.uniform(0.1, 0.9, (20, 2)).astype(np.float32), up


def with_softness(points):
    return np.pad(points, ((0, 0), (0, 1)), constant_values=60.0)


def test_svg_has_a_path_for_each_stroke():
    points = np.array([[0, 0], [0.5, 0], [0.5, 0.5], [1, 0.5], [1, 1]], np.float32)
    up = np.array([False, True, False, False, True])
    still = svg(points, up)
    assert shapes(still) == ["M0.0 0.0L140.0 0.0", "M140.0 140.0L280.0 140.0 280.0 280.0"]
    assert "<animate" not in still
    moving = svg(points, up, seconds=2.0)
    assert shapes(moving) == shapes(still)
    np.testing.assert_allclose(times(moving), [[0, 0, 0.5, 3.5], [0, 1.0, 2.0, 3.5]], atol=1e-3)


def test_lines_are_written_unless_a_curve_is_asked_for(rng):
    points, up = some_strokes(rng)
    for seconds in (None, 2.0):
        plain = svg(points, up, seconds=seconds)
        assert plain == svg(points, up, seconds=seconds, curve="line")
        assert not re.search("[QC]", "".join(shapes(plain)))


@each_curve
def test_a_path_is_the_rasterizer_s_curve(rng, curve):
    points, up = some_strokes(rng)
    pieces = 4
    fine = subdivide(with_softness(points), curve=curve, pieces=pieces, lifted=up)
    runs = pen_runs(up)
    assert [last - first for first, last in runs] == [7, 1, 2, 5]
    rounding = 0.05 if curve == "line" else 0.005  # of SVG's user units
    for shape, (first, last) in zip(shapes(svg(points, up, curve=curve)), runs, strict=True):
        expected = fine[first * pieces : last * pieces + 1, :2]
        found = drawn_by(shape, curve, pieces)
        np.testing.assert_allclose(found, expected, atol=1.01 * rounding / 280)


@each_curve
def test_a_moving_pen_is_as_fast_on_curves_as_between_them(rng, curve):
    points, up = some_strokes(rng)
    found = times(svg(points, up, seconds=10.0, curve=curve))
    fine = curve_points(with_softness(points), up, curve, 64)[:, :2]
    travelled = np.cumsum(np.linalg.norm(np.diff(fine, axis=0, prepend=fine[:1]), axis=1))
    for (_, begin, end, whole), (first, last) in zip(found, pen_runs(up), strict=True):
        assert begin == pytest.approx(10 * travelled[first * 64] / travelled[-1], abs=0.01)
        assert end == pytest.approx(10 * travelled[last * 64] / travelled[-1], abs=0.01)
        assert whole == 11.5
    others = [times(svg(points, up, seconds=10.0, curve=one)) for one in get_args(CurveName)]
    assert sum(np.allclose(found, other, atol=0.01) for other in others) == 1


def test_a_moving_path_is_measured_by_its_own_length(rng):
    points, up = some_strokes(rng)
    moving = ElementTree.fromstring(svg(points, up, seconds=2.0, curve="catmull-rom"))
    paths = list(moving.iter(f"{SVG}path"))
    assert len(paths) == 4
    assert {path.get("pathLength") for path in paths} == {"1"}


def test_an_unknown_curve_is_refused(rng):
    for seconds in (None, 2.0):
        with pytest.raises(ValueError, match="curve 'spline': expected one of 'line'"):
            svg(*some_strokes(rng), seconds=seconds, curve="spline")
