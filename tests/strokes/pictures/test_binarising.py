import cv2
import numpy as np
import pytest

from strokes.errors import DataError
from strokes.pictures.binarising import binarise, box_of, inked, stands_out, stroke_width


def stroke(contrast, noise, rng):
    ink = np.zeros((300, 300), np.float32)
    cv2.line(ink, (100, 60), (180, 240), contrast, 9, cv2.LINE_AA)
    return ink, (ink + rng.normal(0, noise, ink.shape)).astype(np.float32)


@pytest.mark.parametrize(("contrast", "noise"), [(0.9, 0.0), (0.6, 0.05), (0.08, 0.016)])
def test_ink_is_told_from_paper_as_far_as_noise_allows(rng, contrast, noise):
    clean, noisy = stroke(contrast, noise, rng)
    found = binarise(noisy)
    expected = clean > contrast / 2
    assert (found & expected).sum() / (found | expected).sum() > 0.75


def test_two_levels_are_told_apart():
    ink = np.full((60, 60), 1e-7, np.float32)
    ink[10:50, 20:26] = 0.4
    rows, columns = box_of(inked(ink))
    assert (columns.start, columns.stop) == pytest.approx((20, 26), abs=1)
    assert (rows.start, rows.stop) == pytest.approx((10, 50), abs=1)


def test_noise_alone_is_no_ink(rng):
    for level in (0.002, 0.05):
        noise = rng.normal(0, level, (300, 300)).astype(np.float32)
        assert not stands_out(noise)
        with pytest.raises(DataError, match="mine: blank"):
            binarise(noise, name="mine")


def test_the_width_of_strokes():
    mask = np.zeros((100, 100), bool)
    mask[10:90, 40:64] = True
    assert stroke_width(mask) == pytest.approx(24, rel=0.15)


def test_what_lies_in_the_rim_goes_unless_there_is_nothing_else():
    ink = np.zeros((120, 120), np.float32)
    ink[114:117] = 1.0
    assert binarise(ink, rim=0.1).any()
    ink[30:90, 50:58] = 1.0
    assert not binarise(ink, rim=0.1)[110:].any()
