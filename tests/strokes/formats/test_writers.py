import json
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest

from strokes.formats.recordings import read_recordings
from strokes.formats.writers import WRITERS, placed
from strokes.ink import CANVAS, Recording
from tests.strokes.formats.inkml_standard import NAMESPACE, violations

PRECISION = {"ndjson": 1e-5, "inkml": 1e-5, "unipen": 1e-4, "svg": 1e-4}


@pytest.fixture
def recordings(rng):
    """Two strokes each, in canvas units; and one in another unit, with times."""
    found = [
        Recording(label, [rng.random((9, 2)), rng.random((4, 2))], "canvas", f"train-{label:05d}")
        for label in (7, 0, 3)
    ]
    return [*found, Recording(1, [np.array([[10.0, 5, 0], [12, 90, 70]])], "px", "me")]


@pytest.mark.parametrize("name", [name for name in PRECISION if name != "svg"])
def test_what_is_written_is_read_back(tmp_path, recordings, name):
    path = tmp_path / f"train{WRITERS[name].suffix}"
    WRITERS[name].write(recordings, path)
    found = read_recordings(path, strict=True)
    assert [one.label for one in found] == [7, 0, 3, 1]
    for one, wrote in zip(found, map(placed, recordings), strict=True):
        assert len(one.strokes) == len(wrote.strokes)
        for ours, theirs in zip(one.strokes, wrote.strokes, strict=True):
            scale = 10_000 if name == "unipen" else 1  # whole numbers, y up
            np.testing.assert_allclose(ours / scale, theirs, atol=PRECISION[name])


def test_each_digit_is_an_svg(tmp_path, recordings):
    WRITERS["svg"].write(recordings, tmp_path / "train.svg.zip")
    with zipfile.ZipFile(tmp_path / "train.svg.zip") as archive:
        assert archive.namelist() == ["00000-7.svg", "00001-0.svg", "00002-3.svg", "00003-1.svg"]
        archive.extractall(tmp_path)
        for name, wrote in zip(archive.namelist(), map(placed, recordings), strict=True):
            (found,) = read_recordings(tmp_path / name, strict=True)
            assert (found.label, found.units) == (wrote.label, "canvas")
            for ours, theirs in zip(found.strokes, wrote.strokes, strict=True):
                np.testing.assert_allclose(ours, theirs, atol=PRECISION["svg"])


def test_quick_draw_s_drawings_are_simplified_in_a_box(tmp_path, recordings):
    path = tmp_path / "train.quickdraw.ndjson"
    line = np.stack([np.linspace(0.2, 0.8, 40), np.linspace(0.1, 0.9, 40)], axis=1)
    WRITERS["quickdraw"].write([*recordings, Recording(1, [line])], path)
    entries = [json.loads(text) for text in path.read_text().splitlines()]
    assert [entry["word"] for entry in entries] == ["seven", "zero", "three", "one", "one"]
    for entry in entries:
        numbers = [n for stroke in entry["drawing"] for column in stroke for n in column]
        assert all(type(number) is int for number in numbers)
        assert (min(numbers), max(numbers)) == (0, 255)
    assert entries[-1]["drawing"] == [[[0, 191], [0, 255]]]  # a straight line needs two points
    found = read_recordings(path, strict=True)
    for one, wrote in zip(found, recordings, strict=False):
        together = np.concatenate(wrote.strokes)[:, :2]
        low, side = together.min(axis=0), np.ptp(together, axis=0).max()
        for ours, theirs in zip(one.strokes, wrote.strokes, strict=True):
            scaled = 255 * (theirs[:, :2] - low) / side
            gaps = np.linalg.norm(ours[:, None] - scaled[None], axis=-1)
            assert gaps.min(axis=1).max() < 1  # each point is one that was there, rounded


def test_inkml_is_as_the_standard_has_it(tmp_path, recordings):
    path = tmp_path / "a.inkml"
    WRITERS["inkml"].write(recordings, path)
    root = ElementTree.parse(path).getroot()
    space = "{http://www.w3.org/2003/InkML}"
    assert root.tag == f"{space}ink"
    assert [child.tag for child in root] == [f"{space}context"] + [f"{space}traceGroup"] * 4
    names = [one.get("name") for one in root.iter(f"{space}channel")]
    assert names == ["X", "Y"]
    for trace in root.iter(f"{space}trace"):
        assert all(len(point.split()) == 2 for point in trace.text.split(","))


@pytest.mark.parametrize("name", list(WRITERS))
def test_equal_content_gives_equal_bytes_and_half_a_file_none(tmp_path, recordings, name):
    for path in (tmp_path / "one", tmp_path / "two"):
        WRITERS[name].write(recordings, path)
    before = (tmp_path / "one").read_bytes()
    assert before == (tmp_path / "two").read_bytes()

    def broken():
        yield recordings[0]
        raise RuntimeError("out of ink")

    with pytest.raises(RuntimeError, match="out of ink"):
        WRITERS[name].write(broken(), tmp_path / "one")
    assert (tmp_path / "one").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_inkml_is_what_the_standard_allows(tmp_path, rng):
    places = [rng.normal(0.5, 0.5, (count, 2)) for count in (2, 5, 9)]
    tiny = np.array([[1e-7, -1e-7], [0.0, -0.0], [1.0, 1e-12]])
    recordings = [
        Recording(7, places[:2], CANVAS, "me"),
        Recording(1, [tiny], CANVAS, "me"),
        Recording(3, [400 * places[2]], "px", 'a "name" & <more>'),
    ]
    path = tmp_path / "a.inkml"
    WRITERS["inkml"].write(recordings, path)
    root = ElementTree.parse(path).getroot()
    assert violations(root) == []
    assert len(list(root.iter(f"{NAMESPACE}trace"))) == 4


@pytest.mark.parametrize(
    ("change", "violation"),
    [
        (("<traceGroup>", "<traceGroup><context/>"), "traceGroup holds context annotation trace"),
        (("<trace>", "<trace label='7'>"), "trace has no label"),
        (("<trace>", "<trace type='down'>"), "trace type is down"),
        (("<channel name='X'", "<channel name='Z'/><channel name='X'"), "of 2 values, of 3"),
        (("1 0.5", "1e0 0.5"), "'1e0' is no decimal"),
        (("1 0.5", "1 0.5,"), "of 0 values, of 2 channels"),
        (("name='X'", ""), "channel without name"),
        (("2003/InkML", "2003/Ink"), "the root is"),
        (("</traceGroup>", "7</traceGroup>"), "traceGroup holds text"),
    ],
)
def test_the_standard_tells_what_it_does_not_allow(change, violation):
    """The check above can fail."""
    right = (
        "<ink xmlns='http://www.w3.org/2003/InkML'><context><traceFormat>"
        "<channel name='X'/><channel name='Y'/></traceFormat></context>"
        "<traceGroup><annotation type='truth'>7</annotation><trace>0 0, 1 0.5</trace></traceGroup>"
        "</ink>"
    )
    assert violations(ElementTree.fromstring(right)) == []
    assert change[0] in right
    found = violations(ElementTree.fromstring(right.replace(*change, 1)))
    assert any(violation in one for one in found), found
