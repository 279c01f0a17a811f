from xml.etree import ElementTree

import numpy as np
import pytest

from strokes.formats.inkml_traces import Channel, Channels, channels_of, points_of


def trace_format(*channels):
    text = "".join(f"<channel {one}/>" for one in channels)
    return ElementTree.fromstring(f"<traceFormat>{text}</traceFormat>")


def test_the_order_and_sense_of_channels():
    turned = trace_format("name='T'", "name='Y' orientation='-ve'", "name='X' orientation='+ve'")
    channels = channels_of(turned)
    assert channels == Channels(Channel(2, 1.0), Channel(1, -1.0))
    np.testing.assert_array_equal(points_of("0 -12 10, 9 -13 20", channels), [[10, 12], [20, 13]])
    assert channels_of(trace_format()) == Channels()
    with_more = ElementTree.fromstring(
        "<traceFormat><channel name='X'/><channel name='Y'/>"
        "<intermittentChannels><channel name='B'/></intermittentChannels></traceFormat>"
    )
    found = points_of("1 2 : T, 3 4", channels_of(with_more))
    np.testing.assert_array_equal(found, [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("channels", "reason"),
    [
        (["name='X'"], "expected channels X and Y"),
        (["name='X' units='mm'", "name='Y' units='cm'"], "X in 'mm', Y in 'cm'"),
    ],
)
def test_formats_that_are_none(channels, reason):
    with pytest.raises(ValueError, match=reason):
        channels_of(trace_format(*channels))


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("10 12, '20 '-1, 28 0, \"-5 \"10", [[10, 12], [30, 11], [58, 11], [81, 21]]),
        # The example of the standard: first differences, then second ones, without spaces.
        (
            "1125 18432,'23'43,\"7\"-8,3-5,7 -3",
            [[1125, 18432], [1148, 18475], [1178, 18510], [1211, 18540], [1251, 18567]],
        ),
        ("10 12, '1'1, !5!6, 7 8", [[10, 12], [11, 13], [5, 6], [7, 8]]),
        ("10 12, * 13, 14 *", [[10, 12], [10, 13], [14, 13]]),
        ("#A #1f, 1e1 -.5", [[10, 31], [10, -0.5]]),
        ("1 2,\n3 4,", [[1, 2], [3, 4]]),
        ("", np.zeros((0, 2))),
        (" ,", np.zeros((0, 2))),
    ],
)
def test_values(text, points):
    np.testing.assert_array_equal(points_of(text, Channels()), points)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("'1 '2", "a difference without a value"),
        ("1 2, ? 3", "not known"),
        ("* 2", "not known"),
        ("1 2, x 3", "'x 3', expected numbers"),
        ("1 2,, 3 4", "expected at least 2 values"),
        ("1 2, nan 3", "expected numbers"),
        ("1" * 400 + "x 2", "expected numbers"),
    ],
)
def test_values_that_are_none(text, reason):
    with pytest.raises(ValueError, match=reason):
        points_of(text, Channels())
