import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from strokes.pictures.thinning import count_components, ladder_thresholds, thin, zhang_suen
from tests.reference import components, ladder_threshold, thin_one

small_pictures = hnp.arrays(
    np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=st.integers(0, 1)
)
grey_pictures = hnp.arrays(np.uint8, (9, 9), elements=st.sampled_from([0, 10, 60, 110, 180, 255]))


@settings(max_examples=150, deadline=None)
@given(small_pictures)
def test_zhang_suen_equals_the_paper_step_by_step(picture):
    assert (zhang_suen(picture[None])[0] == thin_one(picture)).all()


@settings(max_examples=150, deadline=None)
@given(small_pictures)
def test_thinned_is_a_subset_stays_and_adds_no_component(picture):
    thinned = zhang_suen(picture[None])
    assert (thinned <= picture).all()
    assert (zhang_suen(thinned) == thinned).all()
    assert thinned.any() == picture.any()
    for connectivity in (4, 8):
        before = count_components(picture[None], connectivity=8)[0]
        assert connectivity == 4 or count_components(thinned, connectivity=8)[0] <= before


def test_a_bare_block_keeps_one_pixel():
    picture = np.zeros((1, 5, 5), np.uint8)
    picture[0, 1:3, 2:4] = 1
    thinned = zhang_suen(picture)
    assert thinned.sum() == 1
    assert (thinned <= picture).all()


def test_pictures_in_a_batch_do_not_touch_each_other(rng):
    pictures = (rng.random((5000, 7, 7)) > 0.4).astype(np.uint8)
    together = zhang_suen(pictures)
    chosen = rng.choice(5000, 50, replace=False)
    for index in chosen:
        assert (zhang_suen(pictures[index : index + 1])[0] == together[index]).all()


@settings(max_examples=60, deadline=None)
@given(small_pictures)
def test_components_equal_a_flood_fill(picture):
    for connectivity in (4, 8):
        assert count_components(picture[None], connectivity=connectivity)[0] == components(
            picture, connectivity
        )


@settings(max_examples=100, deadline=None)
@given(grey_pictures)
def test_ladder_equals_its_definition(picture):
    assert ladder_thresholds(picture[None])[0] == ladder_threshold(picture)


def test_ladder_separates_strokes_that_faint_grey_joins():
    picture = np.zeros((1, 9, 9), np.uint8)
    picture[0, :, 2] = picture[0, :, 6] = 255
    picture[0, 4, 3:6] = 60  # a faint bridge: one component below 75, two from there on
    assert ladder_thresholds(picture)[0] == 50
    assert thin(picture)[0, 4, 4] == 1


def test_real_digits_equal_the_slow_way(raw_mnist):
    from datasets import load_mnist

    images, _ = load_mnist("test", data_dir=raw_mnist)
    for image in images[::500]:
        binary = (image > ladder_threshold(image)).astype(np.uint8)
        assert (thin(image[None])[0] == thin_one(binary)).all()


def test_blank_stays_blank():
    assert not thin(np.zeros((2, 28, 28), np.uint8)).any()


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (np.zeros((4, 4), np.uint8), r"expected uint8 \[N, H, W\], got uint8 \[4, 4\]"),
        (np.zeros((1, 4, 4), np.float32), "got float32"),
        (np.full((1, 4, 4), 255, np.uint8), "expected 0 and 1, got 255"),
    ],
)
def test_other_input_is_refused(picture, message):
    with pytest.raises(ValueError, match=message):
        zhang_suen(picture)
