import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.npz import write_npz
from strokes.formats.parquet import write_parquet
from strokes.formats.recordings import read_recordings
from tests.strokes.formats.written import some

SEVEN = [
    [10, 12, 0],
    [20, -1, 0],
    [28, 0, 0],
    [-13, 39, 0],
    [-14, 40, 1],
    [-9, -40, 0],
    [27, -1, 1],
]


def test_arrays_of_points_and_labels(tmp_path):
    points = np.array([[[0.1, 0.1, 0], [0.2, 0.9, 1], [0.5, 0.1, 0], [0.5, 0.9, 0]]])
    np.savez(tmp_path / "a.npz", points=points, labels=np.array([4]))
    (found,) = read_recordings(tmp_path / "a.npz")
    assert [len(stroke) for stroke in found.strokes] == [2, 2]
    points[0, 1, 2] = 0.5
    np.savez(tmp_path / "b.npz", points=points, labels=np.array([4]))
    with pytest.raises(DataError, match="recording 1: pen-up is neither 0 nor 1"):
        read_recordings(tmp_path / "b.npz")
    np.savez(tmp_path / "c.npz", points=points[0], labels=np.arange(4))
    with pytest.raises(DataError, match=r"expected numbers \[N, T, 3\]"):
        read_recordings(tmp_path / "c.npz")
    (tmp_path / "d.npz").write_bytes(b"no archive")
    with pytest.raises(DataError, match="expected arrays 'points' and 'labels'"):
        read_recordings(tmp_path / "d.npz")


def test_a_recording_goes_into_arrays_and_comes_back(tmp_path, rng):
    """By the definition: the pen is lifted from a point with pen-up 1 to the next one."""
    strokes = [[rng.random((count, 2)) for count in counts] for counts in ([3, 4], [5, 2], [7])]
    points = np.zeros((3, 7, 3))
    for path, parts in zip(points, strokes, strict=True):
        path[:, :2] = np.concatenate(parts)
        path[np.cumsum([len(part) for part in parts]) - 1, 2] = 1
    np.savez(tmp_path / "a.npz", points=points, labels=np.array([4, 5, 6]))
    found = read_recordings(tmp_path / "a.npz")
    assert [recording.label for recording in found] == [4, 5, 6]
    for recording, parts in zip(found, strokes, strict=True):
        assert recording.units == "canvas"
        for ours, theirs in zip(recording.strokes, parts, strict=True):
            np.testing.assert_array_equal(ours, theirs)
    np.savez(tmp_path / "none.npz", points=points[:0], labels=np.array([], int))
    with pytest.raises(DataError, match="no recording in it"):
        read_recordings(tmp_path / "none.npz")


@pytest.mark.parametrize("stroke_5", [False, True])
@pytest.mark.parametrize("labelled", [False, True])
def test_sketch_rnn_s_drawings_in_all_their_splits(tmp_path, stroke_5, labelled):
    drawings = np.empty(2, object)
    drawings[0] = np.array(SEVEN, np.int16)
    drawings[1] = np.array(SEVEN[:5], np.float32)
    if stroke_5:  # padded to one length, in one array
        drawings = np.zeros((2, 9, 5))
        for drawing, count in zip(drawings, (7, 5), strict=True):
            rows = np.array(SEVEN[:count])
            drawing[:count, :2], drawing[:count, 3] = rows[:, :2], rows[:, 2]
            drawing[:count, 2], drawing[count:, 4] = 1 - rows[:, 2], 1
    arrays = dict.fromkeys(("train", "valid", "test"), drawings)
    if labelled:
        arrays |= {f"{split}_label": np.array([7, 1]) for split in ("train", "valid", "test")}
    path = tmp_path / "a.npz"
    np.savez(path, **arrays)
    if not labelled:
        with pytest.raises(DataError, match=r"a\.npz, train 1: no label in it; .*--label"):
            read_recordings(path)
    found = read_recordings(path, label=7)
    assert [one.label for one in found] == [7, 1 if labelled else 7] * 3
    np.testing.assert_array_equal(
        found[0].strokes[0], [[10, 12], [30, 11], [58, 11], [45, 50], [31, 90]]
    )
    np.testing.assert_array_equal(found[0].strokes[1], [[22, 50], [49, 49]])
    assert [len(one.strokes) for one in found] == [2, 1] * 3


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (np.zeros((4, 4)), "expected stroke-3 or stroke-5"),
        (np.array([[0.0, 0, 0.5], [1, 1, 0]]), "neither 0 nor 1"),
        (np.array([[0, 0, 1, 1, 0.0], [1, 1, 0, 1, 0]]), "not down, lifted or at its end"),
        (np.array([[0, 0, 0], [np.nan, 1, 0]]), "not finite"),
        (np.zeros((0, 3)), "at least one stroke"),
    ],
)
def test_a_drawing_that_cannot_be_meant_leaves_the_others(tmp_path, rows, reason):
    drawings = np.empty(2, object)
    drawings[:] = [rows, np.array(SEVEN)]
    np.savez(tmp_path / "a.npz", train=drawings)
    assert len(read_recordings(tmp_path / "a.npz", label=7)) == 1
    with pytest.raises(DataError, match=f"train 1: .*{reason}"):
        read_recordings(tmp_path / "a.npz", label=7, strict=True)


def test_an_export_is_read_as_recordings(tmp_path, rng):
    """Arrays and Parquet alike: a stroke for each run of points with the pen down."""
    wrote = some(rng, 6)
    write_parquet([wrote], tmp_path / "train.parquet", metadata={})
    write_npz({"train": tmp_path / "train.parquet"}, tmp_path / "all.npz")
    for name in ("train.parquet", "all.npz"):
        found = {one.source: one for one in read_recordings(tmp_path / name)}
        assert len(found) >= 4  # a pen that is lifted at every point wrote nothing
        for name, label, path in zip(wrote.id, wrote.label, wrote.points, strict=True):
            if name not in found:
                assert path[:-1, 2].all()
                continue
            assert (found[name].label, found[name].units) == (label, "canvas")
            inked = {tuple(p) for stroke in found[name].strokes for p in stroke.tolist()}
            ends = np.concatenate([path[:-1][path[:-1, 2] == 0], path[1:][path[:-1, 2] == 0]])
            assert inked == {tuple(p) for p in ends[:, :2].astype(float).tolist()}


def test_points_far_off_the_canvas_are_no_shares_of_it(tmp_path):
    points = np.array([[[0.1, 0.1, 0], [1e9, 0.9, 0]]])
    np.savez(tmp_path / "a.npz", points=points, labels=np.array([4]))
    with pytest.raises(DataError, match="recording 1: a point lies far off the canvas"):
        read_recordings(tmp_path / "a.npz")
