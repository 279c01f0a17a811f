import numpy as np
import pytest

from datasets.download import ENVIRONMENT_VARIABLE
from datasets.recordings import OWN_RECORDINGS, recordings_of
from strokes.errors import DataError
from strokes.reading.recognizer import load_recognizer
from strokes.weights import THINNED_RECOGNIZER
from tests.conftest import SHARED
from tests.train.evaluation.written import Count, shipped_writer, some_digits, some_written
from train.evaluation.evaluation import evaluate, find_humans, held_out_scores
from train.evaluation.faithfulness import faithfulness_measures
from train.evaluation.humanness import Humans, shapes_of_points
from train.evaluation.legibility import legibility_measures
from train.evaluation.sources import of_tracing, of_writer
from train.evaluation.strokes import stroke_measures


@pytest.fixture(scope="module")
def humans():
    return Humans.of(recordings_of("own"), source="own")


def test_every_measure_is_taken_of_every_digit(humans):
    source = of_writer(shipped_writer(), "ours", *some_digits(), refined=0)
    count = Count()
    found = evaluate(source, humans, count)
    assert count.done == 40
    written = some_written()
    for ours, theirs in zip(found.written, written, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    expected = faithfulness_measures(written) | stroke_measures(written)
    shapes = shapes_of_points(written.points[..., :2], written.pen_up)
    expected |= humans.measure(shapes, written.label)
    reader = load_recognizer(THINNED_RECOGNIZER, of="thinned")
    expected |= legibility_measures(reader, written, shipped_writer().write_thinned)
    assert found.scores["all"] == pytest.approx({k: v.mean() for k, v in expected.items()})
    for digit in range(10):
        of_digit = {name: values[written.label == digit] for name, values in expected.items()}
        means = {name: values.mean() for name, values in of_digit.items()}
        assert found.scores["digits"][str(digit)] == pytest.approx(means)
    np.testing.assert_array_equal(found.iou, expected["iou"])


def test_chunks_change_nothing_and_tracing_has_no_label_to_be_told(humans):
    whole = of_tracing(*some_digits())
    (written,) = whole.chunks
    parts = (written.of(part) for part in (slice(0, 7), slice(7, 8), slice(8, None)))
    one = evaluate(whole._replace(chunks=iter([written])), humans, Count())
    other = evaluate(whole._replace(chunks=parts), humans, Count())
    assert other.scores["all"] == pytest.approx(one.scores["all"])
    np.testing.assert_array_equal(other.iou, one.iou)
    np.testing.assert_array_equal(other.written.points, one.written.points)
    assert "legibility_read" not in one.scores["all"]


def test_held_out_humans_are_scored_as_writers_are(humans):
    scores, measured = held_out_scores(humans), humans.held_out()
    assert scores["all"] == pytest.approx({k: v.mean() for k, v in measured.items()})
    assert set(scores["digits"]) == {str(digit) for digit in range(10)}


def test_humans_are_found_by_name_or_in_a_file(tmp_path, humans):
    by_name, in_a_file = find_humans("own"), find_humans(str(OWN_RECORDINGS))
    assert (by_name.source, in_a_file.source) == ("own", str(OWN_RECORDINGS))
    for found in (by_name, in_a_file):
        np.testing.assert_array_equal(found.shapes, humans.shapes)
    with pytest.raises(DataError, match="no such file"):
        find_humans(str(tmp_path / "nobody.ndjson"))


def test_people_of_one_s_own_serve_where_none_were_downloaded(tmp_path, monkeypatch):
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert find_humans("auto").source == "own"
    with pytest.raises(DataError, match=r"pendigits\.tra not found"):
        find_humans("pendigits")


def test_people_who_were_downloaded_are_taken_by_themselves(monkeypatch):
    folder = SHARED / "data" / "pen"
    if not (folder / "pendigits.tra").is_file():
        pytest.skip("pen recordings are not beside this checkout")
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(folder))
    found = find_humans("auto")
    assert found.source == "pendigits"
    assert len(found.labels) > 3000
