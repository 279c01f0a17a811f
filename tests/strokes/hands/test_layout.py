import numpy as np

from strokes.hands.layout import Place, place

BOX = np.array([[-0.2, -1.0], [0.2, -1.0], [0.2, -0.5], [0.2, 0.0], [-0.2, 0.0], [-0.2, -0.5]])
SEVEN = np.array([[-0.3, -1.0], [0.3, -1.0], [0.0, -0.5], [-0.3, 0.0]])


def placed(paths, number, *, unevenness=0.0, size=5.0, spacing=0.25, seed=0):
    count = len(paths)
    ones = np.ones(count)
    asked = Place(np.array(number), size * ones, spacing * ones, unevenness * ones)
    return place(np.stack(paths), asked, generator=np.random.default_rng(seed))


def test_characters_stand_side_by_side_from_zero_on():
    found = placed([BOX, BOX, BOX, BOX], [0, 0, 0, 1])
    left, right = found[..., 0].min(axis=1), found[..., 0].max(axis=1)
    np.testing.assert_allclose(left, [0, 3.25, 6.5, 0], atol=1e-9)
    np.testing.assert_allclose(right - left, 2.0)
    np.testing.assert_allclose(found[..., 1].max(axis=1), 0.0, atol=1e-12)


def fine(path, points=60):
    along = np.linspace(0, len(path) - 1, points)
    return np.stack([np.interp(along, range(len(path)), path[:, axis]) for axis in (0, 1)], axis=1)


def test_what_leaves_room_below_is_followed_closely():
    low = fine(BOX) * [1.0, 0.4]
    gaps = []
    for first in (fine(SEVEN), fine(BOX)):
        found = placed([first, low], [0, 0])
        gaps.append(found[1, :, 0].min() - found[0, :, 0].max())
    assert gaps[0] < gaps[1] - 0.5


def test_digits_do_not_meet_across_a_point():
    dot = fine(np.array([[0.0, -0.03], [0.01, 0.0]]))
    for slant in (0.0, 0.5):
        leaning = fine(BOX) @ np.array([[1.0, 0.0], [-slant, 1.0]])
        found = placed([leaning, dot, leaning], [0, 0, 0])
        assert found[2, 0, 0] - found[0, 0, 0] > 5 * (0.4 + 0.1)
    assert placed([dot], [0]).shape == (1, 60, 2)


def test_people_are_uneven_and_ink_does_not_meet():
    paths = [BOX] * 200
    found = placed(paths, np.repeat(np.arange(20), 10), unevenness=1.0)
    heights = np.ptp(found[..., 1], axis=1)
    assert 0.15 < heights.std() < 0.4
    gaps = (found[1:, :, 0].min(axis=1) - found[:-1, :, 0].max(axis=1))[np.arange(199) % 10 != 9]
    assert gaps.min() > 0.2
    assert gaps.std() > 0.1
    assert found[..., 1].max(axis=1).std() > 0.05
