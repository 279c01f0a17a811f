import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.recordings import read_recordings

STEPS = "9 10 0 0\n0 1 0 0\n1 0 0 0\n0 0 1 0\n1 -9 0 0\n0 -1 0 0\n0 0 1 1\n"
POINTS = "x,y\n9,10\n9,11\n10,11\n-1,-1\n11,2\n11,1\n-1,-1\n"
CLASS = "0 0 0 0 1 0 0 0 0 0 "
FIRST, SECOND = [[9, 10], [9, 11], [10, 11]], [[11, 2], [11, 1]]


def rows(*parts):
    return "".join(CLASS + line + "\n" for line in parts)


WHOLE = rows(*STEPS.splitlines())
TO_COME = rows(*STEPS.splitlines()[1:])  # what follows each row: without the first place


def assert_four(found, start=(0, 0)):
    assert [one.label for one in found] == [4]
    for ours, theirs in zip(found[0].strokes, (FIRST, SECOND), strict=True):
        np.testing.assert_array_equal(ours, np.array(theirs) - start)


@pytest.mark.parametrize("kind", ["inputdata", "points"])
@pytest.mark.parametrize("beside", ["targetdata", "labels", ""])
def test_a_digit_whose_class_is_in_a_file_beside(tmp_path, kind, beside):
    path = tmp_path / f"trainimg-2-{kind}.txt"
    path.write_text(STEPS if kind == "inputdata" else POINTS)
    if beside == "targetdata":
        (tmp_path / "trainimg-2-targetdata.txt").write_text(TO_COME)
    elif beside == "labels":
        (tmp_path / "trainlabels.txt").write_text("5\n0\n4\n1\n")
    else:
        with pytest.raises(DataError, match="no label in it"):
            read_recordings(path)
    assert_four(read_recordings(path, label=4))


def test_a_class_and_steps_in_one_file(tmp_path):
    path = tmp_path / "testimg-2-targetdata.txt"
    path.write_text(WHOLE)
    assert_four(read_recordings(path))
    path.write_text(TO_COME)
    assert_four(read_recordings(path), start=(9, 10))


def test_a_folder_has_each_digit_once_and_in_order(tmp_path):
    for number in (10, 2):
        (tmp_path / f"trainimg-{number}-inputdata.txt").write_text(STEPS)
        (tmp_path / f"trainimg-{number}-points.txt").write_text(POINTS)
        one_hot = CLASS if number == 2 else "0 1 0 0 0 0 0 0 0 0 "
        (tmp_path / f"trainimg-{number}-targetdata.txt").write_text(TO_COME.replace(CLASS, one_hot))
    (tmp_path / "notes.txt").write_text("none")
    assert [one.label for one in read_recordings(tmp_path)] == [4, 1]
    with pytest.raises(DataError, match="a folder; expected a file, or de Jong's"):
        read_recordings(tmp_path.parent / tmp_path.name / "..")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (STEPS.replace("0 -1 0 0", "0 -1 0"), "expected rows of 4 numbers"),
        (STEPS.replace("0 -1 0 0", "0 x 0 0"), "'x' is not a number"),
        (STEPS.replace("0 -1 0 0", "0 -1 2 0"), "neither 0 nor 1"),
        (STEPS.replace("0 -1 0 0", "0 1e99 0 0"), "too large to be a place"),
        (WHOLE.replace(CLASS, "0 0 0 0 1 0 0 1 0 0 "), "one 1 among the ten columns"),
        ("0 0 0 0\n0 0 1 1\n", "nothing was written"),
        ("0 1 0 0\n" * 20_001, "20001 lines"),
    ],
)
def test_what_a_digit_cannot_mean(tmp_path, text, reason):
    path = tmp_path / "trainimg-0-inputdata.txt"
    path.write_text(text)
    with pytest.raises(DataError, match=f"trainimg-0-inputdata.txt: .*{reason}"):
        read_recordings(path, label=4)


def test_labels_that_lack_the_digit_are_named(tmp_path):
    path = tmp_path / "trainimg-2-inputdata.txt"
    path.write_text(STEPS)
    (tmp_path / "trainlabels.txt").write_text("5\n0\n")
    with pytest.raises(DataError, match=r"trainlabels.txt has no digit for number 2"):
        read_recordings(path)
