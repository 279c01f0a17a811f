import pytest

from scripts.shared.written_sets import check_classes, pictures_of, set_of
from strokes.classes import DIGITS
from strokes.weights import SHIPPED_WRITER
from tests.alphabet import write_alphabet
from train.errors import RunError
from train.stroke_model.model import load_writer


@pytest.fixture(scope="module")
def writer():
    return load_writer(SHIPPED_WRITER)


def test_a_run_writes_its_own_set_unless_another_is_named(writer, tmp_path):
    assert set_of(writer, "") == "digits"
    assert set_of(writer, "mine.npz") == "mine.npz"
    shown = pictures_of(writer, "", "test")
    assert shown.images.shape == (10_000, 28, 28)
    assert shown.classes.names == DIGITS.names


def test_a_set_of_other_classes_is_refused(writer, tmp_path):
    pictures, _ = write_alphabet(tmp_path)
    with pytest.raises(RunError, match=r"others than this model writes, expected a digit"):
        check_classes(writer, str(pictures))
    check_classes(writer, "digits")
