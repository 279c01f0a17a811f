import numpy as np
import pytest

from strokes.hands.variation import factor, fit_amplitudes, parts

COUNTS = (30, 16)


@pytest.fixture
def path():
    along = np.linspace(0, 1.8 * np.pi, 31)
    loop = np.stack([0.4 * np.sin(along), -0.5 - 0.5 * np.cos(along)], axis=1)
    bar = np.stack([np.linspace(-0.3, 0.3, 17), np.full(17, -0.4)], axis=1)
    return np.concatenate([loop, bar])


def displaced(path, one, rng, count=1):
    return (rng.normal(size=(count, one.shape[1])) @ one.T).reshape(count, -1, 2)


def test_parts_do_what_they_are_called(path, rng):
    found = parts(path, COUNTS)
    slant = displaced(path, found["slant"], rng)[0]
    assert np.abs(slant[:, 1]).max() == 0
    assert abs(np.corrcoef(slant[:, 0], path[:, 1])[0, 1]) > 0.999
    apart = displaced(path, found["strokes"], rng)[0]
    assert np.ptp(apart[:31], axis=0).max() < 1e-12
    assert np.abs(apart[0] - apart[-1]).max() > 0
    ends = np.abs(displaced(path, found["ends"], rng)[0]).max(axis=1)
    assert ends[0] > 5 * ends[15]


def test_one_stroke_has_no_strokes_apart(path):
    assert "strokes" not in parts(path[:31], (30,))


def test_waves_are_of_unit_variance_and_near_points_move_together(path, rng):
    moved = displaced(path, parts(path, COUNTS)["waves 0.35"], rng, 4000)
    np.testing.assert_allclose(moved.std(axis=0), 1.0, atol=0.15)
    steps = np.diff(moved[:, :31], axis=1).std()
    assert steps < 0.5


def test_amplitudes_are_found_again(path, rng):
    told = {"slant": 0.1, "width": 0.06, "waves 0.35": 0.03, "strokes": 0.08}
    one = factor(path, COUNTS, told)
    people = [(path + displaced(path, one, rng, 6), COUNTS) for _ in range(60)]
    found = fit_amplitudes(people)
    for name, value in told.items():
        assert found[name] == pytest.approx(value, abs=0.35 * value), name
    assert found["turn"] < 0.04


def test_moving_along_the_way_is_no_variation(path, rng):
    slid = [
        np.stack([np.interp(np.arange(48) + shift, np.arange(48), path[:, a]) for a in (0, 1)], 1)
        for shift in rng.uniform(-0.4, 0.4, 8)
    ]
    middle = np.stack(slid)[:, 4:-20]
    found = fit_amplitudes([(middle, (len(middle[0]) - 1,))])
    assert found["waves 0.35"] < 0.01
    assert found["waves 1.0"] < 0.01


def test_no_amplitude_is_no_displacement(path):
    assert factor(path, COUNTS, {}).shape == (96, 0)
