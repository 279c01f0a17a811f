import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.recordings import read_recordings


def test_arrays_of_points_and_labels(tmp_path):
    points = np.array([[[0.1, 0.1, 0], [0.2, 0.9, 1], [0.5, 0.1, 0], [0.5, 0.9, 0]]])
    np.savez(tmp_path / "a.npz", points=points, labels=np.array([4]))
    (found,) = read_recordings(tmp_path / "a.npz")
    assert [len(stroke) for stroke in found.strokes] == [2, 2]
    points[0, 1, 2] = 0.5
    np.savez(tmp_path / "b.npz", points=points, labels=np.array([4]))
    with pytest.raises(DataError, match="recording 1: pen-up is neither 0 nor 1"):
        read_recordings(tmp_path / "b.npz")
    np.savez(tmp_path / "c.npz", points=points[0], labels=np.array([4]))
    with pytest.raises(DataError, match=r"expected \[N, T, 3\]"):
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
