from pathlib import Path

import numpy as np
import pytest

from datasets import load_thinned
from strokes.errors import DataError
from strokes.formats.parquet import read_parquet, write_parquet
from strokes.writing.inference import concatenated
from tests.train.evaluation.written import shipped_writer
from train.errors import RunError
from train.export.export import export_metadata, to_sequences
from train.export.figures import exported_figure, split_of


@pytest.fixture(scope="module")
def written():
    images, labels = (array[:30] for array in load_thinned("test"))
    return concatenated(shipped_writer().write_thinned(images, labels))


@pytest.mark.parametrize("split", ["train", "test"])
def test_the_split_is_that_of_the_names(written, split):
    assert split_of(Path("a.parquet"), to_sequences(written, split, 0)) == split


def test_other_pictures_have_no_ground_truth(written):
    of_mine = to_sequences(written, "all", 0)
    nothing = to_sequences(written.of(slice(0, 0)), "test", 0)
    for sequences in (of_mine, nothing):
        with pytest.raises(RunError, match=r"mine\.parquet: its pictures are of no split of a set"):
            split_of(Path("mine.parquet"), sequences)


def test_a_figure_from_the_file_is_the_writer_s_own(written, tmp_path):
    path = tmp_path / "test.parquet"
    metadata = export_metadata(shipped_writer())
    write_parquet([to_sequences(written, "test", 0)], path, metadata=metadata)
    chosen = np.array([29, 3, 3])
    found = exported_figure(path, read_parquet(path), "test", chosen)
    expected = shipped_writer().figure(written.of(chosen))
    np.testing.assert_array_equal(found.targets, expected.targets)
    np.testing.assert_array_equal(found.points, expected.points)
    np.testing.assert_array_equal(found.pen_up, expected.pen_up)
    np.testing.assert_allclose(found.drawings, expected.drawings, atol=1e-6)


def test_a_file_that_does_not_say_how_it_was_drawn_is_refused(written, tmp_path):
    path = tmp_path / "test.parquet"
    write_parquet([to_sequences(written, "test", 0)], path, metadata={})
    with pytest.raises(DataError, match=r"test\.parquet"):
        exported_figure(path, read_parquet(path), "test", np.array([0]))
