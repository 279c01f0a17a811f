import json
import re
import resource
import shutil
import subprocess

import numpy as np
import pytest

from datasets.folders import Pictures
from strokes.files import checksums_hold
from strokes.formats.npz import read_npz
from strokes.formats.parquet import iterate_pictures_of, read_metadata, read_parquet
from strokes.formats.sequences import Sequences
from strokes.pictures.files import read_grey
from tests import hugging_face
from tests.train.evaluation.written import Count, shipped_writer, some_digits, some_written
from tests.train.export.planned import COUNTS, tiny_writer
from train.evaluation.faithfulness import faithfulness_measures
from train.export.export import export, export_metadata, to_sequences
from train.export.sources import ExportSource
from train.stroke_model.config_files import config_from_dict
from train.stroke_model.model import training_config


def sources():
    """Some digits as a split in two chunks, and a few as another."""
    images, labels = some_digits()
    parts = [Pictures(images[part], labels[part]) for part in (slice(0, 13), slice(13, None))]
    return [
        ExportSource("train", parts),
        ExportSource("test", [Pictures(images[:5], labels[:5])]),
    ]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A folder, its scores, and how many digits the progress counted."""
    out, count = tmp_path_factory.mktemp("export") / "deep", Count()
    scores = export(shipped_writer(), sources(), out, count, name="digits")
    return out, scores, count.done


def test_a_chunk_becomes_sequences_that_begin_where_they_are_told():
    written = some_written().of(slice(0, 3))
    found = to_sequences(written, "test", 40)
    assert found.id == ["test-00040", "test-00041", "test-00042"]
    assert found.mnist_index.tolist() == [40, 41, 42]
    points, pen_up = found.with_softness()
    np.testing.assert_array_equal(points, written.points)
    np.testing.assert_array_equal(pen_up, written.pen_up)
    np.testing.assert_array_equal(found.label, written.label)
    np.testing.assert_array_equal(found.mse, written.mse)
    np.testing.assert_array_equal(found.plan, written.plan)
    np.testing.assert_array_equal(found.plan_probability, written.plan_probability)
    assert set(np.unique(found.points[..., 2])) <= {0.0, 1.0}
    found.points[:] = found.softness[:] = 0
    assert written.points.all()  # the sequences are copies


def test_every_split_is_what_the_writer_writes(exported):
    out, _, count = exported
    assert count == 45
    written = some_written()
    for split, size in (("train", 40), ("test", 5)):
        table = read_parquet(out / f"{split}.parquet")
        arrays = read_npz(out / "digits.npz", split)
        expected = to_sequences(written.of(slice(0, size)), split, 0)
        assert table.id == expected.id
        for name in Sequences._fields[1:]:
            np.testing.assert_allclose(
                getattr(table, name), getattr(expected, name), rtol=1e-4, atol=1e-5
            )
            np.testing.assert_array_equal(getattr(table, name), getattr(arrays, name))


def test_every_sequence_has_the_picture_that_it_was_written_from(exported):
    images, labels = some_digits()
    found = list(iterate_pictures_of(exported[0] / "train.parquet"))
    assert [label for _, label in found] == labels.tolist()
    pictures = [read_grey(content, name="a picture") for content, _ in found]
    np.testing.assert_array_equal(pictures, images)


def test_the_card_s_examples_run_where_the_card_is(exported, tmp_path):
    folder = shutil.copytree(exported[0], tmp_path / "export")
    card = (folder / "README.md").read_text()
    examples = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    assert len(examples) == 3
    told = "print(points.shape, points.dtype)\n"
    said = hugging_face.run(told.join([*examples, ""]), folder)
    shape = (40, shipped_writer().config.written_points, 3)
    assert said.split("\n") == [*[f"{shape} float32"] * 3, ""]


def test_scores_are_means_over_the_split(exported):
    _, scores, _ = exported
    for split, size in (("train", 40), ("test", 5)):
        measured = faithfulness_measures(some_written().of(slice(0, size)))
        means = {name: values.mean() for name, values in measured.items()}
        assert scores[split]["all"] == pytest.approx(means, rel=1e-4)
    assert set(scores["train"]["digits"]) == {str(digit) for digit in range(10)}


def test_files_say_who_made_them_and_are_whole(exported):
    out, scores, _ = exported
    names = {"README.md", "SHA256SUMS", "train.parquet", "test.parquet", "digits.npz"}
    assert {path.name for path in out.iterdir()} == names
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=out,
        check=False,
        capture_output=True,
    )
    assert done.returncode == 0
    assert checksums_hold(out / "SHA256SUMS")
    assert done.stdout.count(b"OK") == len(names) - 1
    for split in ("train", "test"):
        metadata = read_metadata(out / f"{split}.parquet")
        assert metadata.items() >= export_metadata(shipped_writer()).items()
    card = (out / "README.md").read_text()
    for split in ("train", "test"):
        assert f"{scores[split]['all']['iou']:.4f}" in card


def test_each_digit_is_written_by_its_likeliest_plan_and_says_so(tmp_path):
    images, labels = some_digits()
    source = ExportSource("all", [Pictures(images, labels)])
    export(tiny_writer(), [source], tmp_path, Count(), name="mine")
    found = read_parquet(tmp_path / "all.parquet")
    chances = tiny_writer().plans.probabilities(images, labels)
    np.testing.assert_array_equal(found.plan, chances.argmax(axis=1))
    assert len(set(found.plan)) > 1
    np.testing.assert_allclose(found.plan_probability, chances.max(axis=1), rtol=1e-5)
    for label, plan, up in zip(labels, found.plan, found.points[..., 2], strict=True):
        begins = np.diff(up, prepend=1.0) < 0
        assert begins.sum() == len(COUNTS[label][plan])


def test_metadata_hold_the_configuration_and_the_refinement():
    plain, refined = (export_metadata(shipped_writer(), refined=steps) for steps in (0, 30))
    assert (plain["refine"], refined["refine"]) == ("0", "30")
    assert plain["step"] == str(shipped_writer().step)
    found = config_from_dict(json.loads(plain["config"]))
    assert found == training_config(shipped_writer())
    assert plain != refined


def test_a_second_export_replaces_the_first_and_may_be_refined(exported, tmp_path):
    images, labels = (array[:5] for array in some_digits())
    one = [ExportSource("all", [Pictures(images, labels)])]
    for refined in (0, 20):
        export(shipped_writer(), one, tmp_path, Count(), name="mine", refined=refined)
    again = read_parquet(tmp_path / "all.parquet")
    assert again.mse.mean() < 0.9 * some_written().mse[:5].mean()
    assert read_metadata(tmp_path / "all.parquet")["refine"] == "20"
    assert "20 steps of gradient descent" in (tmp_path / "README.md").read_text()
    assert checksums_hold(tmp_path / "SHA256SUMS")


def test_a_source_that_fails_leaves_no_file_of_its_split(tmp_path):
    images, labels = some_digits()

    def digits():
        yield Pictures(images, labels)
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        export(shipped_writer(), [ExportSource("all", digits())], tmp_path, Count(), name="x")
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_does_not_fit_leaves_the_one_before(exported, tmp_path):
    out = shutil.copytree(exported[0], tmp_path / "out")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    # As ulimit -f: the Parquet files fit, the arrays of all splits do not.
    most = out.joinpath("train.parquet").stat().st_size + 1000
    digits = sources()[0].digits
    alike = [ExportSource("train", digits), ExportSource("test", digits)]
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, limit[1]))
    try:
        with pytest.raises(OSError, match="File too large: raise the limit") as error:
            export(shipped_writer(), alike, out, Count(), name="digits")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert error.value.filename == str(out / "digits.npz")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
