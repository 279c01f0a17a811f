import numpy as np
import pytest

from strokes.pictures.lines import straight_ways, trace, without


def test_a_line_goes_and_what_crosses_it_stays():
    mask = np.zeros((200, 300), bool)
    mask[100:103] = True
    mask[40:160, 150:162] = True
    line = trace(mask, np.full(300, 102.0))
    assert line.covered.all()
    assert line.thickness == pytest.approx(3)
    assert line.itself[101, 10]
    rest = mask & ~line.itself
    assert rest[40:160, 150:162].all()
    assert rest.sum() == 120 * 12


def test_a_slanted_line_is_followed_and_a_missing_one_is_not_covered():
    mask = np.zeros((200, 300), bool)
    rows = 80 + 0.1 * np.arange(300)
    mask[np.round(rows).astype(int), np.arange(300)] = True
    line = trace(mask, rows)
    assert not (mask & ~line.itself).any()
    assert trace(mask, rows + 30).covered.mean() < 0.05


def test_the_clearest_straight_ways_come_first():
    mask = np.zeros((200, 300), bool)
    mask[50:53] = True
    slanted = np.round(140 + 0.05 * np.arange(40, 260)).astype(int)
    mask[slanted + np.array([[-1], [0], [1]]), np.arange(40, 260)] = True
    mask[:, 80:90] = True
    first, second = straight_ways(mask)
    np.testing.assert_allclose(first, 51, atol=1.5)
    np.testing.assert_allclose(second[40:260], slanted, atol=2.5)


def test_paper_takes_a_line_s_place():
    ink = np.array([[0.5, -0.1], [0.7, 0.2]], np.float32)
    lines = np.array([[True, True], [False, False]])
    np.testing.assert_allclose(without(ink, lines), [[0.0, -0.1], [0.7, 0.2]])
