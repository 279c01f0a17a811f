from typing import get_args

import numpy as np
import pytest

from datasets import load_mnist
from datasets.synthetic import as_photo, on_paper
from strokes.errors import DataError
from strokes.pictures.names import Centring, Form
from strokes.pictures.preparation import prepare, prepare_mask


@pytest.fixture(scope="module")
def mnist(raw_mnist):
    return load_mnist("test", data_dir=raw_mnist)[0]


def difference(picture, digit):
    return np.abs(picture / 255.0 - digit / 255.0).mean()


def test_mnist_s_own_digits_come_back(mnist):
    found = [difference(prepare(1 - np.float32(d) / 255).picture, d) for d in mnist[:200]]
    assert np.mean(found) < 0.035
    inverted = [difference(prepare(np.float32(d) / 255).picture, d) for d in mnist[:60]]
    assert np.mean(inverted) < 0.035


def test_a_person_s_photo_of_a_digit_comes_back(mnist, rng):
    found = [difference(prepare(as_photo(digit, rng)).picture, digit) for digit in mnist[:60]]
    assert np.mean(found) < 0.06


def test_place_size_and_polarity_change_nothing(rng):
    """A seven, drawn once; then moved, enlarged and inverted."""
    seven = np.zeros((100, 100), np.float32)
    seven[20:28, 25:75] = seven[20:80, 67:75] = 1.0
    expected = prepare(1 - seven).picture.astype(int)
    rows, columns = np.nonzero(expected)
    assert max(np.ptp(rows), np.ptp(columns)) == 19
    weights = expected / expected.sum()
    assert abs((weights.sum(1) * np.arange(28)).sum() - 14) <= 0.5
    assert abs((weights.sum(0) * np.arange(28)).sum() - 14) <= 0.5
    moved = np.roll(seven, (-9, 11), axis=(0, 1))
    larger = np.kron(seven, np.ones((3, 3), np.float32))
    for other in (seven, 1 - larger, larger, 0.4 + 0.3 * seven, 0.9 - 0.2 * seven):
        assert np.abs(prepare(other.astype(np.float32)).picture - expected).mean() < 4
    # Its centre of mass may lie just between two pixels: one column more or less is as good.
    found = prepare((1 - moved).astype(np.float32)).picture
    assert min(np.abs(np.roll(found, step, 1) - expected).mean() for step in (-1, 0, 1)) < 4


def test_a_thin_pen_is_made_as_thick_as_mnist_s():
    hair = np.ones((300, 300), np.float32)
    hair[50:250, 150:152] = 0.0
    hair[50:52, 100:200] = 0.0
    picture = prepare(hair).picture / 255
    assert 1.7 < picture.sum() / (20 + 10) < 3.2  # ink over the length of the strokes


def test_specks_and_a_ruled_line_at_the_edge_are_left_out(rng):
    digit = np.zeros((200, 200), np.float32)
    digit[50:150, 95:105] = 1.0
    clean = prepare(1 - digit).picture.astype(int)
    dirty = digit.copy()
    dirty[30:32, 40:43] = dirty[170:172, 120:122] = 1.0
    dirty[196:199, :] = 1.0
    assert np.abs(prepare(1 - dirty).picture - clean).mean() < 2


def test_centring_alternatives():
    ell = np.ones((100, 100), np.float32)
    ell[20:80, 30:38] = ell[72:80, 30:60] = 0.0
    boxes = {}
    for centring in ("mass", "box", "padded", "cell"):
        rows, columns = np.nonzero(prepare(ell, form=Form(centring)).picture > 60)
        boxes[centring] = (rows.min(), rows.max(), columns.min(), columns.max())
    assert boxes["box"] == (4, 23, 9, 18)
    assert boxes["padded"] == (3, 24, 8, 18)
    assert boxes["mass"][2] > boxes["box"][2]  # most of its ink is on the left
    top, bottom, left, right = boxes["cell"]
    assert (top, bottom) == pytest.approx((20 * 0.28, 80 * 0.28 - 1), abs=1)
    assert (left, right) == pytest.approx((30 * 0.28, 60 * 0.28 - 1), abs=1)


def test_stages_can_be_looked_at(rng):
    ink = np.zeros((90, 90), np.float32)
    ink[20:70, 40:46] = 1.0
    stages = prepare(on_paper(ink, rng)).stages
    assert [stage.name for stage in stages] == [
        *("picture", "page", "grey", "ink", "frame", "rules", "dots", "binarised", "digit"),
        "28x28",
    ]
    for stage in stages:
        assert stage.picture.dtype == np.float32
        assert 0 <= stage.picture.min() <= stage.picture.max() <= 1


@pytest.mark.parametrize(
    ("grey", "message"),
    [
        (np.ones((50, 50)), "blank"),
        (np.zeros((50, 50)), "blank"),
        (0.8 + 0.02 * np.random.default_rng(0).normal(size=(80, 80)), "blank"),
        (np.linspace(0.4, 0.9, 6400).reshape(80, 80), "blank"),
        (np.ones((50, 7)), "expected at least 8"),
        (
            np.where(np.arange(4000).reshape(1, -1) % 4000 < 3500, 0.0, 1.0) * np.ones((9, 1)),
            "mine",
        ),
    ],
)
def test_what_is_no_digit_is_one_clear_line(grey, message):
    with pytest.raises(DataError, match=message) as error:
        prepare(grey.astype(np.float32), name="mine")
    assert "\n" not in str(error.value)


def bar(width, length=20):
    mask = np.zeros((240, 240), bool)
    half = round(width * 240 / length / 2)
    mask[:, 120 - half : 120 + half] = True
    return mask


def test_a_marker_s_strokes_are_made_thinner():
    prepared = prepare_mask(bar(9.0))
    assert prepared.done == ["strokes thinned"]
    assert 2.5 < prepared.picture.sum(axis=1)[6:22].mean() / 255 < 7.0
    assert prepare_mask(bar(3.5)).done == []


def test_gaps_of_a_display_are_closed_and_others_stay():
    dashes = np.zeros((240, 240), bool)
    for top in range(10, 220, 44):
        dashes[top : top + 36, 110:130] = True
    assert "gaps closed" in prepare_mask(dashes).done
    five = np.zeros((240, 240), bool)
    five[10:25, 60:160] = five[60:200, 100:120] = True  # a bar that does not touch
    assert "gaps closed" not in prepare_mask(five).done


def test_a_digit_that_is_small_in_its_picture_is_seen():
    picture = np.ones((900, 1200), np.float32)
    picture[300:302, 500:540] = 0.0
    picture[300:360, 538] = 0.0
    found = prepare(picture).picture
    rows, columns = np.nonzero(found > 60)
    assert np.ptp(rows) >= 18
    assert 10 <= np.ptp(columns) <= 16


@pytest.mark.parametrize("centring", get_args(Centring))
def test_pictures_of_another_size_show_the_same(centring):
    ell = np.ones((100, 100), np.float32)
    ell[20:80, 30:38] = ell[72:80, 30:60] = 0.0
    small, large = (prepare(ell, form=Form(centring, side)) for side in (28, 56))
    assert (large.picture.shape, large.stages[-1].name) == ((56, 56), "56x56")
    places = [np.argwhere(one.picture > 60) for one in (small, large)]
    boxes = [np.stack([one.min(axis=0), one.max(axis=0) + 1]) for one in places]
    np.testing.assert_allclose(boxes[1], 2 * boxes[0], atol=2)
    assert large.picture.mean() == pytest.approx(small.picture.mean(), rel=0.05)


def test_characters_of_many_parts_keep_them():
    dashes = np.zeros((240, 240), bool)
    for top in range(10, 220, 44):
        dashes[top : top + 26, 60:180] = True
    assert "gaps closed" in prepare_mask(dashes).done
    kept = prepare_mask(dashes, form=Form(digits=False))
    assert "gaps closed" not in kept.done
    assert len(np.flatnonzero(np.diff(kept.picture[:, 14] > 127))) == 10
    hair = np.zeros((300, 300), bool)
    hair[10:290, 100:102] = True
    with pytest.raises(DataError, match="thin as a hair, no character"):
        prepare_mask(hair, form=Form(digits=False))
