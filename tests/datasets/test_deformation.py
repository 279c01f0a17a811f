import numpy as np
import pytest

from datasets.config import Deformation
from datasets.deformation import deform, draw_thinned
from datasets.recordings import OWN_RECORDINGS
from strokes.formats.recordings import read_recordings
from strokes.pictures.thinning import zhang_suen
from strokes.resampling import MNIST_EXTENT, fit_to_canvas, resample

STILL = Deformation(rotation=0, shear=0, stretch=0, size=0, elastic=0, trimmed=0)


@pytest.fixture(scope="module")
def own():
    pairs = [resample(fit_to_canvas(r), 20, finer=4) for r in read_recordings(OWN_RECORDINGS)]
    return np.stack([path for path, _ in pairs]), np.stack([up for _, up in pairs])


def test_nothing_deformed_is_only_fitted(own, rng):
    paths, lifted = own
    same = deform(paths, lifted, STILL, generator=rng)
    np.testing.assert_allclose(same, paths, atol=0.01)


def test_size_place_and_seed(own):
    paths, lifted = own
    full = Deformation(size=0)
    one, again = (deform(paths, lifted, full, generator=np.random.default_rng(3)) for _ in "ab")
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - paths).max() > 0.05
    extent = np.ptp(one, axis=1).max(axis=1)
    np.testing.assert_allclose(extent, MNIST_EXTENT, atol=0.12)  # air may reach beyond the ink
    single = lifted.sum(axis=1) == 1
    np.testing.assert_allclose(extent[single], MNIST_EXTENT, atol=1e-4)


@pytest.mark.parametrize(
    "change",
    [{"elastic": 0.06}, {"shear": 0.4}, {"rotation": 20.0}, {"stretch": 0.4}, {"trimmed": 0.1}],
)
def test_each_kind_does_something(own, rng, change):
    paths, lifted = own
    changed = deform(paths, lifted, Deformation(**(vars(STILL) | change)), generator=rng)
    assert np.abs(changed - paths).mean() > 0.004
    assert np.isfinite(changed).all()


def test_trimming_leaves_lifts_in_place(own, rng):
    paths, lifted = own
    two = lifted.sum(axis=1) > 1
    only = Deformation(**(vars(STILL) | {"trimmed": 0.1, "size": 0.0}))
    trimmed = deform(paths[two], lifted[two], only, generator=rng)
    for before, after, up in zip(paths[two], trimmed, lifted[two], strict=True):
        cut = np.flatnonzero(up)[0]
        jump = np.linalg.norm(before[cut + 4] - before[cut])
        assert np.linalg.norm(after[cut + 4] - after[cut]) == pytest.approx(jump, rel=0.5, abs=0.02)


def test_drawings_are_thin_and_blank_where_the_pen_is_lifted(own, rng):
    paths, lifted = own
    pictures = draw_thinned(paths, lifted, generator=rng)
    np.testing.assert_array_equal(zhang_suen(pictures), pictures)
    assert pictures.any(axis=(1, 2)).all()
    path = np.array([[[0.2, 0.2], [0.2, 0.8], [0.8, 0.2], [0.8, 0.8]]], np.float32)
    gap = draw_thinned(path, np.array([[False, True, False, True]]), generator=rng)
    assert gap[0, :, 9:19].sum() == 0
    assert gap[0, :, 4:7].any()
    assert gap[0, :, 20:24].any()
