import numpy as np
import pytest

from strokes.pictures.colours import best_direction, grey_step

LUMINANCE = [0.299, 0.587, 0.114]


def picture(paper, ink, rng):
    colours = np.full((120, 100, 3), paper, np.float64)
    colours[30:90, 45:55] = ink
    return np.clip(np.round(colours + rng.normal(0, 2, colours.shape)), 0, 255).astype(np.uint8)


def test_dark_ink_is_told_by_luminance(rng):
    for ink in ((20, 20, 25), (25, 40, 130)):
        colours = picture((250, 248, 240), ink, rng)
        np.testing.assert_array_equal(best_direction(colours), LUMINANCE)
        assert grey_step(colours).skipped


@pytest.mark.parametrize("paper", [(112, 112, 112), (90, 130, 200)])
def test_ink_as_bright_as_its_paper_is_told_by_its_colour(rng, paper):
    ink = np.array([215.0, 70.0, 60.0])
    ink += np.dot(LUMINANCE, np.array(paper) - ink)
    grey, done, _ = grey_step(picture(paper, ink, rng))
    assert done == "ink told by its colour"
    apart = abs(grey[30:90, 46:54].mean() - grey[:25].mean())
    assert apart > 12 * grey[:25].std()
    assert 0 <= grey.min() <= grey.max() <= 1


def test_grey_pictures_stay_as_they_are():
    grey = np.zeros((20, 20), np.float32)
    assert grey_step(grey).picture is grey
