import numpy as np

from strokes.hands.registration import at_places, distances, mean_paths, register, stroke_slices
from strokes.resampling import resample_counts

COUNTS = (30, 16)


def seven(top, bar=0.5):
    """A 7 with a bar, whose upper line is so long."""
    strokes = [
        np.array([[0.0, -1.0], [top, -1.0], [0.1, 0.0]]),
        np.array([[0.0, -bar], [0.4, -bar]]),
    ]
    return resample_counts(strokes, COUNTS)[0].astype(np.float64)


def test_strokes_are_told_apart_by_their_segments():
    assert stroke_slices(COUNTS) == [slice(0, 31), slice(31, 48)]


def test_places_are_reached_between_points():
    path = np.array([[[0.0, 0.0], [1.0, 0.0], [1.0, 2.0]]])
    found = at_places(path, np.array([[0.0, 0.5, 1.5, 2.0]]))
    np.testing.assert_allclose(found[0], [[0, 0], [0.5, 0], [1, 1], [1, 2]])


def test_corners_come_upon_corners_and_strokes_keep_their_ends():
    short, wide = seven(0.5), seven(0.9)
    moved = register(wide[None], short, COUNTS)[0]
    corner = np.linalg.norm(short - [0.5, -1.0], axis=1).argmin()
    before = np.linalg.norm(wide[corner] - [0.9, -1.0])
    after = np.linalg.norm(moved[corner] - [0.9, -1.0])
    assert before > 0.1
    assert after < 0.05
    for part in stroke_slices(COUNTS):
        np.testing.assert_allclose(moved[part][[0, -1]], wide[part][[0, -1]])


def test_what_is_registered_upon_itself_stays():
    path = seven(0.6)
    np.testing.assert_allclose(register(path[None], path, COUNTS)[0], path)


def test_a_mean_keeps_the_corner_that_a_plain_mean_rounds():
    paths = np.stack([seven(0.45), seven(0.55), seven(0.9), seven(0.95), seven(0.5)])
    groups = np.array([0, 0, 1, 1, 0])
    means, registered = mean_paths(paths, groups, COUNTS)
    assert means.shape == (2, 48, 2)
    assert np.linalg.norm(means[0] - [0.5, -1.0], axis=1).min() < 0.045
    assert np.linalg.norm(means[1] - [0.925, -1.0], axis=1).min() < 0.045
    assert distances(registered[:2], means)[:, 0].max() < 0.05
