import jax
import numpy as np
import pytest

import strokes
from datasets import load_mnist, load_thinned
from datasets.recordings import OWN_RECORDINGS
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.weights import GREY_RECOGNIZER, THINNED_RECOGNIZER
from strokes.weights.files import save_weights
from strokes.writing.inference import concatenated
from strokes.writing.plans import gate_tree, plan_facts
from strokes.writing.writer import load_writer, save_writer
from tests.train.export.planned import tiny_writer
from train.evaluation.faithfulness import intersection_over_union
from train.recognizer.robustness import drawn_and_prepared


@pytest.fixture(scope="module")
def writer():
    return load_writer()


def test_the_shipped_stroke_model_writes_as_well_as_it_should(writer):
    images, labels = (array[:500] for array in load_thinned("test"))
    written = concatenated(writer.write_thinned(images, labels))
    assert written.mse.mean() < 0.009
    drawings = writer.draw(written.points) > 0.5
    assert intersection_over_union(drawings, images > 0).mean() > 0.7


def test_what_is_written_again_covers_the_thinned_picture(writer):
    recordings = read_recordings(OWN_RECORDINGS)[::10]
    labels = np.array([one.label for one in recordings], np.int32)
    written = writer.write(drawn_and_prepared(recordings), labels, refine=20)
    assert written.points.shape == (len(labels), writer.config.written_points, 3)
    figure = writer.figure(written)
    ink = figure.drawings > 0.5
    overlap = (ink & (figure.targets > 0)).sum((1, 2)) / (figure.targets > 0).sum((1, 2))
    assert overlap.mean() > 0.8


def test_grey_pictures_are_thinned_and_thinned_ones_stay(writer, raw_mnist):
    grey, labels = (array[:4] for array in load_mnist("test", data_dir=raw_mnist))
    thinned, _ = (array[:4] for array in load_thinned("test"))
    expected = concatenated(writer.write_thinned(thinned, labels))
    for pictures in (grey, grey / 255.0, thinned, 255 * thinned, thinned > 0):
        written = writer.write(pictures)
        np.testing.assert_array_equal(written.pictures, thinned)
        np.testing.assert_array_equal(written.label, labels)
        np.testing.assert_array_equal(written.points, expected.points)
        np.testing.assert_array_equal(written.pen_up, expected.pen_up)


def test_a_single_picture_is_one_of_many(writer):
    images, _ = (array[:2] for array in load_thinned("test"))
    one, two = writer.write(images[1], 2), writer.write(images, [7, 2])
    assert one.points.shape == (1, writer.config.written_points, 3)
    np.testing.assert_allclose(one.points[0], two.points[1], rtol=2e-5)
    assert one.label.tolist() == [2]


@pytest.mark.parametrize(
    ("pictures", "labels", "reason"),
    [
        (np.zeros((28, 27)), None, r"shape \[28, 27\], expected \[28, 28\]"),
        (np.zeros((0, 28, 28)), None, "prepare photos first"),
        (np.zeros((28, 28), np.int64), None, "int64, expected uint8"),
        (np.full((28, 28), 2.0), None, "from 2.0 to 2.0, expected 0"),
        (np.full((28, 28), np.nan), None, "from nan to nan"),
        (np.zeros((1, 28, 28)), None, "picture 1: nothing is left of it when thinned"),
        (np.eye(28), 10, "labels from 10 to 10, expected 0 to 9"),
        (np.eye(28), [1, 2], r"labels are int64 \[2\], expected integers \[1\]"),
        (np.eye(28), 1.0, "labels are float64"),
    ],
)
def test_what_cannot_be_written_is_said(writer, pictures, labels, reason):
    with pytest.raises(DataError, match=reason):
        writer.write(pictures, labels)


def test_steps_of_refinement_are_counted_from_0(writer):
    with pytest.raises(DataError, match="refine is -1"):
        writer.write(np.eye(28), 1, refine=-1)


def test_what_was_saved_writes_the_same(writer, tmp_path):
    save_writer(writer, tmp_path / "writer.safetensors")
    loaded = strokes.load(tmp_path / "writer.safetensors")
    assert (loaded.config, loaded.step) == (writer.config, writer.step)
    for mine, own in zip(
        jax.tree.leaves(loaded.parameters), jax.tree.leaves(writer.parameters), strict=True
    ):
        np.testing.assert_array_equal(mine, own)  # which were of few bits already


@pytest.mark.parametrize("path", [THINNED_RECOGNIZER, GREY_RECOGNIZER])
def test_what_is_no_model_is_refused(path):
    with pytest.raises(DataError, match="no stroke model"):
        load_writer(path)


def test_a_folder_is_taken_for_the_writer_in_it(tmp_path):
    with pytest.raises(DataError, match=r"no writer\.safetensors in it, .*release_model"):
        strokes.load(str(tmp_path))
    save_writer(tiny_writer(), tmp_path / "writer.safetensors")
    images, labels = some_pictures([0, 1])
    ours, theirs = (
        strokes.load(path).write(images, labels)
        for path in (str(tmp_path), tmp_path / "writer.safetensors")
    )
    np.testing.assert_array_equal(ours.points, theirs.points)


def some_pictures(labels):
    return load_thinned("test")[0][: len(labels)], np.array(labels, np.int32)


def test_a_planned_writer_gives_alternatives():
    images, labels = some_pictures([0, 1, 2, 2])
    written = tiny_writer().write(images, labels, alternatives=2)
    assert written.picture_index.tolist() == [0, 0, 1, 2, 2, 3, 3]
    np.testing.assert_array_equal(written.label, labels[written.picture_index])
    expected = concatenated(tiny_writer().write_thinned(images, labels, alternatives=2))
    np.testing.assert_array_equal(written.plan, expected.plan)
    np.testing.assert_allclose(written.points, expected.points, rtol=2e-5)
    assert set(zip(written.picture_index, written.plan, strict=True)) >= {(0, 0), (0, 1), (1, 0)}
    alone = tiny_writer().write(images[2], 2, alternatives=9)
    assert sorted(alone.plan) == [0, 1, 2]
    assert alone.picture_index.tolist() == [0, 0, 0]


def test_a_planned_writer_writes_by_the_plan_that_it_is_asked_for():
    images, labels = some_pictures([3, 2, 9])
    for plan in range(3):
        written = tiny_writer().write(images, labels, plan=plan)
        assert written.plan.tolist() == [plan] * 3
        assert [len(strokes) for strokes in written.strokes] == [plan + 1] * 3


@pytest.mark.parametrize(
    ("plans", "options", "reason"),
    [
        (3, {"plan": 2}, "plan 2: digit 0 has 2, numbered from 0 on"),
        (3, {"plan": 3, "labels": [5, 5]}, "plan 3: digit 5 has 3, numbered from 0 on"),
        (3, {"plan": 1, "labels": [5, 1]}, "plan 1: digit 1 has 1, numbered from 0 on"),
        (3, {"plan": -1}, "plan -1: digit 0 has 2, numbered from 0 on"),
        (3, {"plan": 0, "alternatives": 2}, "plan 0 with 2 alternatives: give one or the other"),
        (3, {"alternatives": 0}, "alternatives is 0, expected at least 1"),
        (3, {"alternatives": -2, "plan": 0}, "alternatives is -2"),
        (0, {"plan": 0}, "plan 0: this writer knows no plans"),
        (0, {"alternatives": 0}, "alternatives is 0"),
    ],
)
def test_plans_that_cannot_be_written_are_said(plans, options, reason):
    images, labels = some_pictures(options.get("labels", [0, 4]))
    asked = {name: value for name, value in options.items() if name != "labels"}
    with pytest.raises(DataError, match=reason):
        tiny_writer(plans=plans).write(images, labels, **asked)


def measured_writer():
    tables = [np.eye(n) * 0.75 + 0.125 for n in tiny_writer().plans.numbers]
    shared = tuple(tuple(map(tuple, table.tolist())) for table in tables)
    plans = tiny_writer().plans._replace(shared=shared)
    return tiny_writer()._replace(plans=plans)


def test_a_planned_writer_comes_back_with_its_plans(tmp_path):
    writer = measured_writer()
    save_writer(writer, tmp_path / "writer.safetensors")
    loaded = load_writer(tmp_path / "writer.safetensors")
    assert loaded.config == writer.config
    assert loaded.plans._replace(gate=None) == writer.plans._replace(gate=None)
    pairs = ((loaded.plans.gate, writer.plans.gate), (loaded.parameters, writer.parameters))
    for mine, own in pairs:
        assert jax.tree.structure(mine) == jax.tree.structure(own)
        for one, other in zip(jax.tree.leaves(mine), jax.tree.leaves(own), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-3, atol=np.abs(other).max() / 250)

    save_writer(loaded, tmp_path / "again.safetensors")
    again = load_writer(tmp_path / "again.safetensors")
    assert again.facts == loaded.facts
    images, labels = some_pictures([0, 1, 2, 3])
    for one, other in zip(
        loaded.write(images, labels, alternatives=3),
        again.write(images, labels, alternatives=3),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)


def test_a_planned_writer_without_its_plans_is_damaged(tmp_path):
    path = tmp_path / "writer.safetensors"
    save_writer(tiny_writer()._replace(plans=None), path)
    with pytest.raises(DataError, match=r"writer\.safetensors: no plans"):
        load_writer(path)
    writer = tiny_writer()
    plans = writer.plans._replace(counts=writer.plans.counts[:9])
    facts = writer.facts | {"step": 1, "plans": plan_facts(plans)}
    save_weights(path, writer.parameters, gate_tree(plans), facts=facts)
    with pytest.raises(DataError, match=r"writer\.safetensors: plans of other networks"):
        load_writer(path)
    facts["plans"] = plan_facts(writer.plans)
    save_weights(path, writer.parameters, facts=facts)  # the gate is not there
    with pytest.raises(DataError, match="weights of another network"):
        load_writer(path)


def test_a_writer_without_plans_comes_back_without(tmp_path):
    save_writer(tiny_writer(plans=0), tmp_path / "writer.safetensors")
    loaded = load_writer(tmp_path / "writer.safetensors")
    assert loaded.plans is None
    assert "plans" not in loaded.facts
    images, labels = some_pictures([0, 1])
    assert loaded.write(images, labels, alternatives=3).plan_probability.tolist() == [1, 1]
