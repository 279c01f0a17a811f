import json

import numpy as np
import pytest

from rasterizer import render
from strokes.errors import DataError
from strokes.formats.parquet import write_parquet
from strokes.writing.config import DrawingConfig
from strokes.writing.inference import concatenated
from tests.train.evaluation.written import shipped_writer, some_digits, some_written
from train.evaluation.sources import export_config, export_drawer, of_export, of_tracing, of_writer
from train.evaluation.tracing import trace
from train.export.export import export_metadata, to_sequences
from train.stroke_model.model import training_config


@pytest.fixture
def exported(tmp_path):
    """An export of some digits in two chunks, as if they were all test digits."""
    path = tmp_path / "test.parquet"
    written = some_written()
    parts = [to_sequences(written.of(slice(0, 30)), "test", 0)]
    parts.append(to_sequences(written.of(slice(30, None)), "test", 30))
    write_parquet(parts, path, metadata=export_metadata(shipped_writer()))
    return path


def test_a_writer_writes_the_targets_and_can_write_them_under_other_labels():
    images, labels = some_digits()
    source = of_writer(shipped_writer(), "ours", images, labels, refined=0)
    written = concatenated(source.chunks)
    for ours, theirs in zip(written, some_written(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    other = next(source.write(images[:3], np.int32([1, 2, 3])))
    assert other.label.tolist() == [1, 2, 3]
    assert (other.points != written.points[:3]).any()
    assert (source.name, source.drawing) == ("ours", shipped_writer().config.drawing)
    seed = training_config(shipped_writer()).seed
    assert source.facts == {"steps": shipped_writer().step, "seed": seed, "refinement": 0}
    soft = source.draw(written.points, 28, 28)
    np.testing.assert_allclose(
        written.mse, np.mean((soft - images) ** 2, axis=(1, 2)), rtol=1e-4, atol=1e-7
    )


def test_refined_sources_refine_what_is_written_again_too():
    images, labels = (array[:2] for array in some_digits())
    source = of_writer(shipped_writer(), "ours", images, labels, refined=20)
    written, again = next(source.chunks), next(source.write(images, labels))
    assert (written.mse < some_written().mse[:2]).all()
    np.testing.assert_array_equal(written.points, again.points)
    assert source.facts["refinement"] == 20


def test_an_export_is_what_was_written(exported):
    images, labels = some_digits()
    source = of_export(exported, images, labels)
    written, expected = concatenated(source.chunks), some_written()
    np.testing.assert_array_equal(written.points, expected.points)
    np.testing.assert_array_equal(written.pen_up, expected.pen_up)
    np.testing.assert_array_equal(written.label, labels)
    np.testing.assert_array_equal(written.pictures, images)
    np.testing.assert_allclose(written.mse, expected.mse, rtol=1e-4, atol=1e-7)
    assert source.write is None
    assert source.facts == {"seed": 0}
    assert source.name == str(exported)


def test_an_export_says_how_it_is_drawn(exported):
    config, draw = export_drawer(exported)
    assert config == export_config(exported) == training_config(shipped_writer())
    points = some_written().points[:4]
    np.testing.assert_allclose(draw(points, 28, 28), np.asarray(render(points)), atol=1e-6)
    assert draw(points, 14, 20).shape == (4, 14, 20)


@pytest.mark.parametrize(
    ("first", "count", "message"),
    [
        (0, 39, "39 sequences, expected the 40 MNIST test digits"),
        (1, 39, "expected the 40 MNIST test digits in order"),
        (0, 41, "expected the 40 MNIST test digits in order"),
    ],
)
def test_an_export_of_other_digits_is_refused(tmp_path, first, count, message):
    path, chosen = tmp_path / "other.parquet", np.arange(count) % 40
    part = to_sequences(some_written().of(chosen), "test", first)
    write_parquet([part], path, metadata=export_metadata(shipped_writer()))
    with pytest.raises(DataError, match=message):
        list(of_export(path, *some_digits()).chunks)


@pytest.mark.parametrize("metadata", [{}, {"config": "{"}, {"config": json.dumps({"a": 1})}])
def test_damaged_metadata_are_one_clear_error(tmp_path, metadata):
    path = tmp_path / "damaged.parquet"
    write_parquet([to_sequences(some_written(), "test", 0)], path, metadata=metadata)
    with pytest.raises(DataError, match=r"damaged\.parquet: no configuration of its writer"):
        export_config(path)


def test_tracing_presses_what_it_traces():
    images, labels = some_digits()
    source = of_tracing(images, labels)
    written = concatenated(source.chunks)
    paths, lifted = trace(images)
    np.testing.assert_array_equal(written.points[..., :2], paths)
    np.testing.assert_array_equal(written.pen_up, lifted)
    assert (written.points[..., 2] > 20)[~lifted].all()
    assert (written.points[..., 2] <= 1)[lifted].all()
    assert source.drawing == DrawingConfig()
    assert (source.write, source.facts) == (None, {})
    soft = source.draw(written.points, 28, 28)
    np.testing.assert_allclose(
        written.mse, np.mean((soft - images) ** 2, axis=(1, 2)), rtol=1e-4, atol=1e-7
    )
