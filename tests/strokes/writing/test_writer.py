import jax
import numpy as np
import pytest

import strokes
from datasets import load_mnist, load_thinned
from datasets.recordings import OWN_RECORDINGS
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.weights import GREY_RECOGNIZER, THINNED_RECOGNIZER
from strokes.writing.inference import concatenated
from strokes.writing.writer import load_writer, save_writer
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
    assert written.points.shape == (len(labels), 20, 3)
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
    assert one.points.shape == (1, 20, 3)
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
        np.testing.assert_array_equal(mine, own)  # which were of half precision already


@pytest.mark.parametrize("path", [THINNED_RECOGNIZER, GREY_RECOGNIZER])
def test_what_is_no_model_is_refused(path):
    with pytest.raises(DataError, match="no stroke model"):
        load_writer(path)


def test_a_run_is_to_be_packed_first(tmp_path):
    with pytest.raises(DataError, match=r"is a folder, .* python -m scripts.release_model"):
        load_writer(tmp_path)
