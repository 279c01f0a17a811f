import numpy as np
import pytest

from datasets.recordings import OWN_RECORDINGS
from strokes.formats.recordings import read_recordings
from strokes.resampling import resample
from tests.conftest import SHARED
from train.evaluation.humanness import Humans, disagreement, shape_of, shapes_of_points


@pytest.fixture(scope="module")
def own():
    recordings = read_recordings(OWN_RECORDINGS)
    return recordings, Humans.of(recordings, source="own")


def points_of(recordings, points=40):
    pairs = [resample([s[:, :2] for s in r.strokes], points) for r in recordings]
    return np.stack([p for p, _ in pairs]), np.stack([up for _, up in pairs])


def test_a_shape_knows_no_place_size_or_sampling():
    line = np.array([[3.0, 1.0], [3.0, 9.0], [7.0, 9.0]])
    dense = np.concatenate([np.linspace(a, b, 50) for a, b in zip(line, line[1:], strict=False)])
    np.testing.assert_allclose(shape_of(line), shape_of(5 * dense + 2), atol=0.02)
    assert np.ptp(shape_of(line), axis=0).max() == pytest.approx(1.0)
    assert np.isfinite(shape_of(np.ones((4, 2)))).all()


def test_recordings_are_human_and_their_reversals_are_not(own):
    recordings, humans = own
    points, up = points_of(recordings)
    labels = np.array([r.label for r in recordings], np.int32)
    forwards = humans.measure(shapes_of_points(points, up), labels)
    assert forwards["direction"].mean() > 0.97
    assert forwards["human_1nn"].mean() > 0.9
    assert np.median(forwards["human_distance"]) < 0.12
    lifted_after = np.ones_like(up)
    lifted_after[:, :-1] = up[:, -2::-1]
    backwards = humans.measure(shapes_of_points(points[:, ::-1], lifted_after), labels)
    assert backwards["direction"].mean() < 0.1


def test_equals_a_slow_loop(own, rng):
    _, humans = own
    shapes = rng.normal(size=(7, 2, 8, 2)).astype(np.float32)
    labels = rng.integers(0, 10, 7).astype(np.int32)
    found = humans.measure(shapes, labels)
    for index in range(7):
        mine = np.flatnonzero(humans.labels == labels[index])
        for kind, suffix in enumerate(("", "_square")):
            one, recorded = shapes[index, kind], humans.shapes[:, kind]
            gaps = [np.linalg.norm(one - s, axis=1).mean() for s in recorded]
            nearest, read = min(np.take(gaps, mine)), humans.labels[np.argmin(gaps)]
            assert found[f"human_distance{suffix}"][index] == pytest.approx(nearest, rel=1e-5)
            assert found[f"human_1nn{suffix}"][index] == (read == labels[index])
        back = [
            np.linalg.norm(shapes[index, 0, ::-1] - s, axis=1).mean() for s in humans.shapes[:, 0]
        ]
        forwards = found["human_distance"][index] <= min(np.take(back, mine))
        assert found["direction"][index] == forwards


def test_squares_know_no_proportions_but_a_line_stays_one():
    corner = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 2.0]])
    wide, narrow = (shape_of(corner * scale, square=True) for scale in ([1, 1], [0.4, 3]))
    np.testing.assert_allclose(wide, narrow, atol=1e-6)
    assert np.ptp(wide, axis=0) == pytest.approx([1.0, 1.0])
    line = shape_of(np.array([[0.0, 0.0], [0.01, 9.0]]), square=True)
    assert np.ptp(line[:, 0]) < 0.05


def test_air_before_and_after_the_ink_does_not_count():
    path = np.array([[[9, 9], [0, 0], [1, 0], [1, 1], [5, 5]]], np.float32)
    up = np.array([[True, False, False, True, True]])
    kept, square = shapes_of_points(path, up)[0]
    np.testing.assert_allclose(kept, shape_of(path[0, 1:4]))
    np.testing.assert_allclose(square, shape_of(path[0, 1:4], square=True))
    assert np.isfinite(shapes_of_points(path, np.ones((1, 5), bool))).all()


def test_held_out_humans_of_the_real_set():
    path = SHARED / "data" / "pen" / "pendigits.tra"
    if not path.is_file():
        pytest.skip("pen recordings are not beside this checkout")
    humans = Humans.of(read_recordings(path), source="pendigits")
    scores = {name: values.mean() for name, values in humans.held_out().items()}
    assert scores["human_1nn"] > 0.97
    assert scores["direction"] > 0.99
    assert scores["human_distance"] == pytest.approx(0.059, abs=0.002)


def test_disagreement_of_runs(rng):
    points = rng.random((5, 8, 2)).astype(np.float32)
    up = np.zeros((5, 8), bool)
    assert disagreement([(points, up)] * 3) == pytest.approx(np.zeros(5), abs=1e-6)
    smaller = 0.5 * points + 0.1  # the same shape elsewhere
    assert disagreement([(points, up), (smaller, up)]) == pytest.approx(np.zeros(5), abs=1e-5)
    reverse = points[:, ::-1]
    gap = disagreement([(points, up), (reverse, up)])
    assert (gap > 0.1).all()
    both = disagreement([(points, up), (points, up), (reverse, up)])
    np.testing.assert_allclose(both, gap * 2 / 3, rtol=1e-5)


def test_every_second_recording_of_a_digit_is_held_out(own):
    recordings, humans = own
    counts = np.bincount([recording.label for recording in recordings])
    kept, held = (np.bincount(one) for one in (humans.labels, humans.held_out_labels))
    np.testing.assert_array_equal(kept + held, counts)
    assert (np.abs(kept - held) <= 1).all()
    assert humans.shapes.shape == (len(humans.labels), 2, 8, 2)
    assert humans.source == "own"
    found, again = humans.held_out(), humans.measure(humans.held_out_shapes, humans.held_out_labels)
    np.testing.assert_array_equal(found["human_distance"], again["human_distance"])
