import numpy as np
import pytest

from strokes.pictures.paper import find_ink, paper_level


def test_uneven_light_is_evened_out():
    ink = np.zeros((120, 160), np.float32)
    ink[40:80, 70:76] = 1.0
    y, x = np.mgrid[-1:1:120j, -1:1:160j]
    paper = (0.7 + 0.15 * x - 0.1 * y + 0.05 * x * y).astype(np.float32)
    grey = paper - 0.3 * ink
    np.testing.assert_allclose(paper_level(grey), paper, atol=0.01)
    found = find_ink(grey)
    assert found[ink > 0].min() > 0.25
    assert found[ink == 0].max() < 0.02
    np.testing.assert_allclose(find_ink(1 - grey), found, atol=0.01)


@pytest.mark.parametrize("inverted", [False, True])
def test_a_frame_at_the_border_is_not_taken_for_paper(inverted):
    grey = np.full((200, 200), 0.9, np.float32)
    grey[2:14] = grey[-14:-2] = grey[:, 2:14] = grey[:, -14:-2] = 0.2
    grey[60:140, 96:106] = 0.2
    found = find_ink(1 - grey if inverted else grey)
    assert found[100, 100] > 0.5
    assert abs(found[40, 40]) < 0.1


def test_the_edge_of_a_shadow_is_no_ink():
    grey = np.full((200, 200), 0.9, np.float32)
    grey[:, 120:] = 0.6
    grey[60:140, 80:90] = 0.1
    found = find_ink(grey)
    assert found[60:140, 82:88].min() > 0.5
    assert np.abs(found[20:50, 140:180]).max() < 0.2
