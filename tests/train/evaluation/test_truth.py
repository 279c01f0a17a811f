import numpy as np
import pytest

from datasets import load_thinned
from datasets.recordings import OWN_RECORDINGS
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.pictures.thinning import thin
from train.evaluation.truth import adaptive_iou, truth_measures, truth_of


@pytest.fixture(scope="module")
def recordings():
    return read_recordings(OWN_RECORDINGS)[::9]


@pytest.fixture(scope="module")
def truth(recordings):
    return truth_of(recordings)


def test_what_the_person_wrote_is_recovered(truth):
    measured = truth_measures(truth.strokes, truth.strokes)
    assert set(measured) == {"recovered", "dtw_px", "strokes_right", "start_right", "reversed"}
    assert measured["dtw_px"].max() < 1e-9
    for name in ("recovered", "strokes_right", "start_right"):
        assert measured[name].all()
    assert not measured["reversed"].any()


def test_a_reversed_trajectory_is_seen_to_be_one(truth):
    backwards = [[stroke[::-1] for stroke in strokes[::-1]] for strokes in truth.strokes]
    measured = truth_measures(backwards, truth.strokes)
    assert measured["reversed"].all()
    assert not measured["recovered"].any()
    assert measured["strokes_right"].all()


def test_another_order_or_another_number_of_strokes_is_not_recovered(truth):
    several = [strokes for strokes in truth.strokes if len(strokes) > 1]
    assert len(several) >= 2
    turned = truth_measures([strokes[::-1] for strokes in several], several)
    assert not turned["recovered"].any()
    assert turned["strokes_right"].all()
    joined = truth_measures([[np.concatenate(strokes)] for strokes in several], several)
    assert not joined["strokes_right"].any()
    assert not joined["recovered"].any()


def shifted(truth, pixels):
    down = np.array([0, pixels / 28])
    return [[stroke + down for stroke in strokes] for strokes in truth.strokes]


def test_small_moves_are_forgiven_and_large_ones_are_not(truth):
    near = truth_measures(shifted(truth, 0.5), truth.strokes)
    assert near["dtw_px"].max() <= 0.5 + 1e-9
    assert near["recovered"].mean() > 0.95
    far = truth_measures(shifted(truth, 3.5), truth.strokes)
    assert not far["start_right"].any()
    # A line may slide along itself, so that a 1 moved down is still near.
    assert far["recovered"][truth.labels != 1].mean() < 0.2


def test_recordings_are_drawn_as_mnist_s_digits_are(truth, recordings):
    assert truth.labels.tolist() == [one.label for one in recordings]
    np.testing.assert_array_equal(truth.thinned, thin(truth.grey))
    rows, columns = np.mgrid[:28, :28]
    for picture, strokes in zip(truth.grey.astype(float), truth.strokes, strict=True):
        mass = picture.sum()
        assert (picture * rows).sum() / mass == pytest.approx(13.5, abs=0.15)
        assert (picture * columns).sum() / mass == pytest.approx(13.5, abs=0.15)
        together = np.concatenate(strokes)
        assert np.ptp(together, axis=0).max() * 28 == pytest.approx(19.0)
    images, _ = load_thinned("test")
    ours, theirs = truth.thinned.sum((1, 2)).mean(), images[:2000].sum((1, 2)).mean()
    assert ours == pytest.approx(theirs, rel=0.2)


def test_the_skeleton_lies_where_the_pen_went(truth):
    for picture, strokes in zip(truth.thinned, truth.strokes, strict=True):
        ink = np.argwhere(picture)[:, ::-1]
        dense = np.concatenate(
            [
                np.stack(
                    [
                        np.interp(np.linspace(0, len(s) - 1, 200), np.arange(len(s)), s[:, a])
                        for a in (0, 1)
                    ],
                    1,
                )
                for s in strokes
            ]
        )
        gaps = np.linalg.norm(ink[:, None] - (28 * dense - 0.5), axis=-1).min(axis=1)
        assert np.mean(gaps) < 0.8


def test_nothing_to_compare_with_is_said():
    with pytest.raises(DataError, match="no recording"):
        truth_of([])


def test_the_adaptive_iou_does_not_mind_the_pen(truth):
    thinned = adaptive_iou(truth.thinned, truth.grey)
    assert thinned.min() > 0.6  # whatever the pen's width was
    moved = adaptive_iou(np.roll(truth.thinned, 4, axis=2), truth.grey)
    assert (moved < thinned - 0.2).all()
    assert adaptive_iou(np.zeros_like(truth.thinned), truth.grey).max() == 0
