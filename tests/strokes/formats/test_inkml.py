import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from tests.strokes.formats.files import read

INK = """<ink xmlns="http://www.w3.org/2003/InkML">
<traceGroup><annotation type="truth">4</annotation>
<trace>0 0, 0 5, 4 5</trace><trace>3 0, 3 9</trace></traceGroup>
<traceGroup><annotation type="label">one</annotation><trace>0 0 17, 0 5 18</trace></traceGroup>
</ink>"""

# As CROHME has it: the whole is labelled, its symbols are views of its traces.
FORMULA = """<?xml version="1.0" encoding="ISO-8859-1"?>
<ink xmlns="http://www.w3.org/2003/InkML">
<traceFormat><channel name="X" type="decimal"/><channel name="Y" type="decimal"/></traceFormat>
<annotation type="truth">$75+x$</annotation><annotation type="writer">Jürgen</annotation>
<trace id="0">10 12, 58 11, 31 90</trace><trace id="1"> 22 50, 49 49 </trace>
<trace id="2">60 10, 22 45, 15 88</trace><trace id="3">1 1, 2 2</trace><trace id="4"></trace>
<traceGroup xml:id="5"><annotation type="truth">Segmentation</annotation>
<traceGroup xml:id="6"><annotation type="truth">7</annotation>
<traceView traceDataRef="0"/><traceView traceDataRef="#1"/><annotationXML href="7_1"/></traceGroup>
<traceGroup xml:id="7"><annotation type="truth">5</annotation><traceView traceDataRef="2"/>
</traceGroup><traceGroup xml:id="8"><annotation type="truth">x</annotation>
<traceView traceDataRef="3"/></traceGroup></traceGroup></ink>"""


def lists(recording):
    return [stroke.tolist() for stroke in recording.strokes]


def test_inkml(tmp_path):
    four, one = read(tmp_path, "a.inkml", INK, strict=True)
    assert (four.label, one.label) == (4, 1)
    np.testing.assert_array_equal(four.strokes[1], [[3, 0], [3, 9]])
    np.testing.assert_array_equal(one.strokes[0], [[0, 0], [0, 5]])


@pytest.mark.parametrize("truth", ["7", " 7\n", "$7$", "seven"])
def test_one_in_all(tmp_path, truth):
    text = f"<ink><annotation type='truth'>{truth}</annotation><trace>0 0, 9 1, 2 9</trace></ink>"
    assert read(tmp_path, "b.inkml", text, strict=True)[0].label == 7


def test_a_formula_s_digits(tmp_path, caplog):
    path = tmp_path / "a.inkml"
    path.write_bytes(FORMULA.encode("latin-1"))
    seven, five = read_recordings(path)
    assert (seven.label, lists(seven)) == (
        7,
        [[[10, 12], [58, 11], [31, 90]], [[22, 50], [49, 49]]],
    )
    assert (five.label, lists(five)) == (5, [[[60, 10], [22, 45], [15, 88]]])
    assert "passed over 1 of 3; the first: trace group 3: label 'x'" in caplog.text


def test_groups_in_groups(tmp_path):
    inner = "<traceGroup><trace>0 0, 9 1</trace></traceGroup>"
    nested = (
        f"<ink><traceGroup><annotation type='truth'>7</annotation>{inner * 2}</traceGroup></ink>"
    )
    (seven,) = read(tmp_path, "a.inkml", nested, strict=True)
    assert (seven.label, len(seven.strokes)) == (7, 2)
    labelled = (
        "<traceGroup><annotation type='truth'>1</annotation><trace>0 0, 0 9</trace></traceGroup>"
    )
    deep = f"<ink><traceGroup><traceGroup>{labelled}</traceGroup>{labelled}</traceGroup></ink>"
    assert [one.label for one in read(tmp_path, "b.inkml", deep, strict=True)] == [1, 1]


def test_a_view_may_have_the_label_of_what_it_shows(tmp_path):
    group = "<traceGroup id='g'><trace>0 0, 9 1</trace><trace>3 0, 3 9</trace></traceGroup>"
    view = "<traceView traceDataRef='#g'><annotation type='truth'>7</annotation></traceView>"
    text = f"<ink><definitions>{group}</definitions>{view}</ink>"
    (seven,) = read(tmp_path, "a.inkml", text, strict=True)
    assert (seven.label, len(seven.strokes)) == (7, 2)


GROUP = """<traceGroup id='g'><trace id='t'>0 0, 1 1, 2 2, 3 3</trace>
<traceGroup><trace>4 4, 5 5</trace><trace>6 6, 7 7, 8 8</trace></traceGroup><trace>9 9</trace>
</traceGroup>"""


@pytest.mark.parametrize(
    ("view", "first_and_last"),
    [
        ("#t' from='2' to='3", [(1, 2)]),
        ("#t' from='3", [(2, 3)]),
        ("#g' to='1", [(0, 3)]),
        ("#g' from='2' to='2", [(4, 5), (6, 8)]),
        ("#g' from='1:4' to='2:2:2", [(3, 3), (4, 5), (6, 7)]),
        ("#g' from='2:2", [(6, 8), (9, 9)]),
    ],
)
def test_a_view_may_show_a_part(tmp_path, view, first_and_last):
    view = f"<traceView traceDataRef='{view}'><annotation type='truth'>7</annotation></traceView>"
    text = f"<ink><definitions>{GROUP}</definitions>{view}</ink>"
    (seven,) = read(tmp_path, "a.inkml", text, strict=True)
    assert [(stroke[0, 0], stroke[-1, 1]) for stroke in seven.strokes] == first_and_last


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        ("#t' from='0", "a view from '0', expected as 2, or 2:15"),
        ("#t' to='last", "a view to 'last'"),
        ("#t' from='5", "trace 1: a view of points that it has not"),
    ],
)
def test_parts_that_are_not_there(tmp_path, view, reason):
    view = f"<traceView traceDataRef='{view}'><annotation type='truth'>7</annotation></traceView>"
    text = f"<ink><definitions>{GROUP}</definitions>{view}</ink>"
    with pytest.raises(DataError, match=reason):
        read(tmp_path, "a.inkml", text, strict=True)


@pytest.mark.parametrize(
    ("traces", "strokes"),
    [
        ('<trace>0 0, 9 0</trace><trace type="penUp">9 0, 0 9</trace><trace>0 9, 9 9</trace>', 2),
        ("<trace>0 0, 9 0</trace><trace/><trace>  </trace><trace>,</trace>", 1),
        ('<trace>0 0, 9 0</trace><trace continuation="end">9 0, 0 9</trace>', 1),
        ('<trace type="penDown">0 0, 9 0</trace><trace type="indeterminate">1 1</trace>', 2),
    ],
)
def test_what_is_a_stroke(tmp_path, traces, strokes):
    text = f"<ink><annotation type='truth'>7</annotation>{traces}</ink>"
    assert len(read(tmp_path, "a.inkml", text, strict=True)[0].strokes) == strokes


def test_ink_without_a_label_is_what_one_says(tmp_path):
    text = "<ink><trace>0 0, 9 1</trace><trace>0 0, 9 1</trace></ink>"
    with pytest.raises(DataError, match=r"a\.inkml: no label in it"):
        read(tmp_path, "a.inkml", text)
    (seven,) = read(tmp_path, "a.inkml", text, label=7)
    assert (seven.label, len(seven.strokes)) == (7, 2)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("0 5, 4 5", "x5, 4 5"), "trace group 1: trace 1: 'x5', expected numbers"),
        (("truth", "writer"), "2 traces that belong to no labelled group"),
        (("</ink>", ""), "line 5: not XML"),
        (("3 0, 3 9", "3, 3 9"), "trace group 1: trace 2: '3', expected at least 2 values"),
        (("3 0, 3 9", "3 0, " * 20_001 + "3 9"), "more than 20,000 points"),
        ((">one<", ">eleven<"), "trace group 2: label 'eleven'"),
        (("<trace>", "<trace contextRef='#none'>"), "a context '#none' that is not there"),
        (("<trace>", "<trace/><traceView traceDataRef='none'/><trace>"), "a view of 'none'"),
        (("</ink>", "<trace>0 0, 1 1</trace></ink>"), "1 traces that belong to no"),
        (("<ink", "<!DOCTYPE ink [<!ENTITY a 'b'>]><ink"), "it defines entities"),
        (("<traceGroup>", "<traceGroup>" * 50), "line 5: not XML"),
    ],
)
def test_what_inkml_cannot_mean(tmp_path, change, reason):
    assert change[0] in INK
    with pytest.raises(DataError, match=f"a.inkml(, |: ).*{reason}"):
        read(tmp_path, "a.inkml", INK.replace(*change), strict=True)


def test_depth_and_multiplication_have_an_end(tmp_path):
    deep = "<ink>" + "<traceGroup>" * 20_000 + "</traceGroup>" * 20_000 + "</ink>"
    with pytest.raises(DataError, match="more than 32 deep"):
        read(tmp_path, "a.inkml", deep)
    doubled = "".join(
        f'<traceGroup id="g{n}">' + f'<traceView traceDataRef="g{n + 1}"/>' * 9 + "</traceGroup>"
        for n in range(30)
    )
    with pytest.raises(DataError, match=r"too many views of views|which is not there"):
        read(tmp_path, "b.inkml", f"<ink>{doubled}</ink>")
    itself = '<ink><traceGroup id="a"><traceView traceDataRef="a"/></traceGroup></ink>'
    with pytest.raises(DataError, match="too many views of views"):
        read(tmp_path, "c.inkml", itself)


def test_encodings(tmp_path):
    path = tmp_path / "a.inkml"
    text = "<ink><annotation type='truth'>7</annotation><trace>0 0, 9 1</trace></ink>"
    for content in (text.encode("utf-16"), text.encode("utf-8-sig")):
        path.write_bytes(content)
        assert read_recordings(path)[0].label == 7
    for encoding in ("punycode", "utf-7", "none"):
        path.write_bytes(f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode())
        with pytest.raises(DataError, match=f"in '{encoding}', expected UTF-8"):
            read_recordings(path)
