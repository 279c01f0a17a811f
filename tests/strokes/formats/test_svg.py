import xml.etree.ElementTree as ElementTree

import numpy as np

from strokes.formats.svg import svg

SVG = "{http://www.w3.org/2000/svg}"


def test_svg_has_a_path_for_each_stroke():
    points = np.array([[0, 0], [0.5, 0], [0.5, 0.5], [1, 0.5], [1, 1]], np.float32)
    up = np.array([False, True, False, False, True])
    still = ElementTree.fromstring(svg(points, up))
    paths = list(still.iter(f"{SVG}path"))
    assert [path.get("d") for path in paths] == [
        "M0.0 0.0L140.0 0.0",
        "M140.0 140.0L280.0 140.0 280.0 280.0",
    ]
    assert not list(still.iter(f"{SVG}animate"))
    moving = ElementTree.fromstring(svg(points, up, seconds=2.0))
    times = [one.get("keyTimes").split(";") for one in moving.iter(f"{SVG}animate")]
    seconds = [[3.5 * float(time) for time in row] for row in times]  # the end is held
    np.testing.assert_allclose(seconds, [[0, 0, 0.5, 3.5], [0, 1.0, 2.0, 3.5]], atol=1e-3)
