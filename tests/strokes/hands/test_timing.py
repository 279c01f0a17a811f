import numpy as np

from strokes.hands.timing import move


def ellipse(points=400, high=0.5):
    along = np.linspace(0, 1.9 * np.pi, points)
    return np.stack([high * np.cos(along), 0.2 * np.sin(along)], axis=1)


def moved(strokes, *, rate=100.0, height=1.0, tempo=1.0):
    starts = np.concatenate([[0], np.cumsum([len(one) for one in strokes])])
    ones = np.ones(len(strokes))
    return move(
        np.concatenate(strokes),
        starts,
        heights=height * ones,
        tempo=tempo * ones,
        rate=rate,
        generator=np.random.default_rng(0),
    )


def test_speed_follows_the_two_thirds_power_law():
    found = moved([ellipse()], rate=400.0)
    speed = np.linalg.norm(np.gradient(found.points, found.times, axis=0), axis=1)
    dx, dy = np.gradient(found.points, axis=0).T
    ddx, ddy = np.gradient(dx), np.gradient(dy)
    curvature = np.abs(dx * ddy - dy * ddx) / (dx**2 + dy**2) ** 1.5
    inner = slice(len(speed) // 5, -len(speed) // 5)
    slope = np.polyfit(np.log(curvature[inner] + 0.4), np.log(speed[inner]), 1)[0]
    assert abs(slope + 1 / 3) < 0.05


def test_strokes_keep_their_ends_and_the_air_between_them_takes_time():
    strokes = [ellipse(60), ellipse(60) + [2.0, 0.0]]
    found = moved(strokes)
    for stroke, start, end in zip(strokes, found.starts[:-1], found.starts[1:], strict=True):
        np.testing.assert_allclose(found.points[[start, end - 1]], stroke[[0, -1]], atol=1e-9)
    assert (np.diff(found.times) > 0).all()
    assert found.times[found.starts[1]] - found.times[found.starts[1] - 1] > 0.1
    np.testing.assert_allclose(np.diff(found.times)[:10], 0.01, rtol=0.05)


def test_what_is_larger_takes_no_longer_and_haste_does_not():
    small, large = moved([ellipse()]), moved([10 * ellipse()], height=10.0)
    np.testing.assert_allclose(small.times[-1], large.times[-1])
    assert moved([ellipse()], tempo=2.0).times[-1] < 0.6 * small.times[-1]


def test_a_dot_is_a_stroke_too():
    found = moved([np.zeros((48, 2)), ellipse()])
    assert found.starts[1] == 3
    assert np.isfinite(found.points).all()
