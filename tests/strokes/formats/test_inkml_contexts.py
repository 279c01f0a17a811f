from xml.etree import ElementTree

import pytest

from strokes.formats.inkml_contexts import Contexts
from strokes.formats.inkml_traces import Channel, Channels

YX = "<traceFormat {}><channel name='Y'/><channel name='X'/></traceFormat>"
NAMED = YX.format("id='f'")
TURNED = Channels(Channel(1, 1.0), Channel(0, 1.0))


def of_traces(text):
    root = ElementTree.fromstring(f"<ink>{text}</ink>")
    contexts = Contexts(root)
    return [contexts.channels(trace) for trace in root.iter("trace")]


@pytest.mark.parametrize(
    "before",
    [
        YX.format(""),
        f"<context>{YX.format('')}</context>",
        f"<context><inkSource>{YX.format('')}</inkSource></context>",
        f"<definitions>{NAMED}</definitions><context traceFormatRef='#f'/>",
        f"<definitions><inkSource id='s'>{YX.format('')}</inkSource></definitions>"
        "<context inkSourceRef='#s'/>",
        f"<definitions><context id='c'>{YX.format('')}</context></definitions>"
        "<context contextRef='#c'/>",
    ],
)
def test_what_is_in_force_holds_for_what_follows(before):
    assert of_traces(f"<trace/>{before}<trace/>") == [Channels(), TURNED]


def test_a_trace_or_its_group_may_name_its_own():
    defined = f"<definitions><context id='c'>{YX.format('')}</context></definitions>"
    group = "<traceGroup contextRef='#c'><trace/><trace contextRef='#DefaultContext'/></traceGroup>"
    found = of_traces(f"{defined}<trace/><trace contextRef='#c'/><traceGroup><trace/></traceGroup>")
    assert found == [Channels(), TURNED, Channels()]
    assert of_traces(defined + group) == [TURNED, Channels()]


def test_references_without_end_or_target():
    circle = "<definitions><context id='a' contextRef='#b'/><context id='b' contextRef='#a'/>"
    with pytest.raises(ValueError, match="without end"):
        of_traces(f"{circle}</definitions><context contextRef='#a'/><trace/>")
    with pytest.raises(ValueError, match="a context '#c' that is not there"):
        of_traces("<trace contextRef='#c'/>")
