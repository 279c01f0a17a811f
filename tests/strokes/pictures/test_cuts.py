import numpy as np

from strokes.pictures.cuts import atoms, may_be_several, parts_apart


def ring(mask, left, top=20, size=60, pen=8):
    y, x = np.mgrid[: mask.shape[0], : mask.shape[1]]
    away = np.hypot(y - top - size / 2, x - left - size / 2)
    mask |= (away < size / 2) & (away > size / 2 - pen)


def test_parts_are_cut_where_they_touch_and_nothing_is_lost():
    mask = np.zeros((100, 200), bool)
    ring(mask, 20)
    ring(mask, 76)  # they touch from 76 to 80
    found = atoms(mask)
    together = np.sum([one.mask for one in found], axis=0)
    np.testing.assert_array_equal(together, mask)
    lefts = [np.flatnonzero(one.mask.any(axis=0))[0] for one in found]
    at_touch = [one.cut for one, left in zip(found, lefts, strict=True) if abs(left - 78) < 6]
    assert min(at_touch) < 2.5
    assert found[0].cut == 0.0


def test_two_that_share_a_side_are_parted_along_it():
    """Where the least ink is, a ring would lose its side."""
    mask = np.zeros((100, 200), bool)
    ring(mask, 20)
    ring(mask, 73)  # from 73 to 80 they are both
    left = mask & (np.arange(200) < 77)
    before, apart = np.zeros_like(mask), []
    for one in atoms(mask):
        before = before | one.mask
        apart.append((before ^ left).sum())
    assert min(apart) < 0.02 * mask.sum()


def test_a_gap_is_a_cut_for_nothing():
    mask = np.zeros((100, 200), bool)
    mask[20:80, 30:40] = mask[20:80, 90:100] = True
    assert [one.cut for one in atoms(mask)] == [0.0, 0.0]


def test_what_is_slim_and_in_one_piece_is_one_digit():
    mask = np.zeros((100, 200), bool)
    mask[20:80, 30:70] = True
    assert not may_be_several(mask)
    mask[20:80, 72:100] = True
    assert may_be_several(mask)


def test_parts_with_paper_between_them_stay_whole():
    mask = np.zeros((100, 200), bool)
    ring(mask, 20)
    ring(mask, 76)  # they touch
    mask[10:20, 100:104] = mask[40:90, 150:160] = True  # above the second ring; apart
    first, second = (one.mask for one in parts_apart(mask))
    np.testing.assert_array_equal(first, mask & (np.arange(200) < 145))
    np.testing.assert_array_equal(second, mask & ~first)
