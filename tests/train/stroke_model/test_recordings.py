import dataclasses

import numpy as np
import pytest

from datasets.recordings import teaching_recordings
from strokes.errors import DataError
from strokes.formats.ndjson import write_recordings
from strokes.ink import Recording
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.resampling import lifts_of_counts, resample_counts
from tests.train.stroke_model.tiny import PLAIN, TINY, teachers_of
from train.errors import RunError
from train.stroke_model.discovery import DiscoveredPlans
from train.stroke_model.recordings import Deformer
from train.stroke_model.teachers import find_teachers


def from_source(source, config=PLAIN):
    return dataclasses.replace(
        config, recordings=dataclasses.replace(config.recordings, source=str(source))
    )


def deformer_of(config):
    """Without plans."""
    recordings = teaching_recordings(config.recordings.source)
    return Deformer(recordings, config.recordings, config.networks)


@pytest.mark.parametrize("config", [TINY, PLAIN], ids=["plans", "plain"])
def test_the_same_seed_and_epoch_give_the_same_examples(config):
    deformer = teachers_of(config).deformer
    one, again = (deformer.examples(3, seed=1, epoch=2) for _ in "ab")
    for ours, theirs in zip(one, again, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    other = deformer.examples(3, seed=1, epoch=3)
    assert np.abs(other.points - one.points).max() > 0
    assert one.images.shape == (10, 3, 28, 28)
    assert (one.labels == np.arange(10)[:, None]).all()
    assert one.plans.any() == (config is TINY)


def test_a_single_network_sees_every_digit():
    networks = dataclasses.replace(PLAIN.networks, ensemble=False)
    examples = deformer_of(dataclasses.replace(PLAIN, networks=networks)).examples(
        3, seed=0, epoch=0
    )
    assert examples.images.shape == (1, 30, 28, 28)
    assert np.bincount(examples.labels[0]).tolist() == [3] * 10


def test_examples_have_as_many_points_and_pixels_as_the_decoders():
    decoder = DecoderConfig(points=9, picture_height=20, picture_width=20)
    config = dataclasses.replace(PLAIN, networks=NetworksConfig(decoder, plans=0))
    found = deformer_of(config).examples(2, seed=0, epoch=0)
    assert found.images.shape == (10, 2, 20, 20)
    assert found.points.shape == (10, 2, 9, 2)
    assert found.lifted.shape == (10, 2, 9)
    assert found.lifted[..., -1].all()


def test_recordings_that_do_not_serve(tmp_path):
    path = tmp_path / "one.ndjson"
    stroke = np.array([[0.2, 0.2], [0.8, 0.8]])
    write_recordings([Recording(1, [stroke])], path)
    for config in (PLAIN, TINY):
        with pytest.raises(RunError, match="no recording of digit 0, 2, 3"):
            find_teachers(from_source(path, config))
    write_recordings([Recording(1, [stroke] * 4)], path)
    with pytest.raises(RunError, match="recording of a 1: 4 strokes do not fit into 6 points"):
        find_teachers(from_source(path))
    with pytest.raises(DataError, match="no such file"):
        find_teachers(from_source(tmp_path / "none.ndjson"))
    assert find_teachers(from_source("none")).deformer is None


def test_recordings_of_too_many_strokes_do_not_serve_plans_either(tmp_path):
    path = tmp_path / "one.ndjson"
    stroke = np.array([[0.2, 0.2], [0.8, 0.8]])
    write_recordings([Recording(1, [stroke] * 4)], path)
    with pytest.raises(RunError, match="4 strokes do not fit into 6 points"):
        find_teachers(from_source(path, TINY))


def test_recordings_of_other_strokes_than_their_plans_do_not_serve():
    recordings, found = by_two_plans(one=2, other=2)
    changed = [recordings[0]._replace(strokes=WAYS[1]), *recordings[1:]]
    with pytest.raises(RunError):
        Deformer(changed, PLAIN.recordings, SMALL, found)


def test_recordings_need_a_square():
    decoder = DecoderConfig(points=6, picture_height=28, picture_width=20)
    config = dataclasses.replace(PLAIN, networks=NetworksConfig(decoder, plans=0))
    with pytest.raises(RunError, match="pictures of 28x20: recordings are drawn on a square"):
        deformer_of(config)


SMALL = NetworksConfig(DecoderConfig(points=6, width=4, picture_height=12, picture_width=12))
COUNTS = [[5], [1, 3]]
WAYS = [
    [np.array([[0.3, 0.2], [0.6, 0.8]])],
    [np.array([[0.3, 0.2], [0.7, 0.2]]), np.array([[0.7, 0.2], [0.4, 0.5], [0.5, 0.9]])],
]


def by_two_plans(*, one, other, plans=(0, 1)):
    """Of each digit, so many recordings in one stroke and so many in two, each its own."""
    recordings, of_recording = [], []
    for digit in range(10):
        for index in range(one + other):
            way = int(index >= one)
            moved = [stroke + 0.01 * index + 0.001 * digit for stroke in WAYS[way]]
            recordings.append(Recording(digit, moved))
            of_recording.append(plans[way])
    return recordings, DiscoveredPlans(np.array(of_recording), [COUNTS] * 10)


def test_rare_plans_teach_more_than_their_share():
    recordings, found = by_two_plans(one=9, other=1)
    planned = Deformer(recordings, PLAIN.recordings, SMALL, found)
    examples = planned.examples(200, seed=0, epoch=0)
    # By one over the square root of 9 and of 1: 9/3 to 1.
    assert examples.plans.mean() == pytest.approx(0.25, abs=0.04)
    for plan, counts in enumerate(COUNTS):
        mine = examples.lifted[examples.plans == plan]
        np.testing.assert_array_equal(mine, np.tile(lifts_of_counts(counts), (len(mine), 1)))
    evenly = Deformer(recordings, PLAIN.recordings, SMALL).examples(200, seed=0, epoch=0)
    assert not evenly.plans.any()
    two_strokes = evenly.lifted[..., :-1].any(axis=-1)
    assert two_strokes.mean() == pytest.approx(0.1, abs=0.03)


def test_every_recording_has_the_segments_of_its_plan():
    recordings, found = by_two_plans(one=2, other=1)
    deformer = Deformer(recordings, PLAIN.recordings, SMALL, found)
    np.testing.assert_array_equal(deformer.labels, np.repeat(np.arange(10), 3))
    np.testing.assert_array_equal(deformer.plans, found.of_recording)
    for row, recording in enumerate(recordings):
        counts = COUNTS[found.of_recording[row]]
        path, lifted = resample_counts(recording.strokes, counts)
        np.testing.assert_allclose(deformer.paths[row, ::4], path, atol=1e-6)
        np.testing.assert_array_equal(deformer.lifted[row, ::4], lifted)


def test_recordings_of_no_plan_teach_nothing():
    recordings, found = by_two_plans(one=2, other=1, plans=(0, -1))
    deformer = Deformer(recordings, PLAIN.recordings, SMALL, found)
    assert len(deformer.paths) == len(deformer.labels) == 20
    assert not deformer.examples(20, seed=0, epoch=0).lifted[..., :-1].any()
    recordings, found = by_two_plans(one=2, other=0)
    found.of_recording[:2] = -1
    with pytest.raises(
        RunError, match="no recording of digit 0: training needs some of each class"
    ):
        Deformer(recordings, PLAIN.recordings, SMALL, found)


def test_other_recordings_than_plans_were_found_in_are_refused():
    recordings, found = by_two_plans(one=2, other=1)
    with pytest.raises(RunError, match="29 recordings, but 30 when the run's plans were found"):
        Deformer(recordings[:-1], PLAIN.recordings, SMALL, found)


def test_mean_paths_are_of_those_who_follow_each_plan():
    recordings, found = by_two_plans(one=3, other=2)
    paths = Deformer(recordings, PLAIN.recordings, SMALL, found).mean_paths(4)
    assert paths.shape == (10, 4, 6, 2)
    assert paths.dtype == np.float32
    for digit in range(10):
        for plan, counts in enumerate(COUNTS):
            followers = [
                resample_counts(one.strokes, counts)[0]
                for one, theirs in zip(recordings, found.of_recording, strict=True)
                if (one.label, theirs) == (digit, plan)
            ]
            np.testing.assert_allclose(paths[digit, plan], sum(followers) / len(followers), 1e-5)
    assert (paths[:, 2:] == 0.5).all()


def test_copies_are_of_each_recording_or_of_some_by_lot():
    recordings, found = by_two_plans(one=2, other=2)
    deformer = Deformer(recordings, PLAIN.recordings, SMALL, found)
    generator = np.random.default_rng(0)
    each, many, some = (
        deformer.copies(count, some=by_lot, generator=generator)
        for count, by_lot in ((7, False), (41, True), (7, True))
    )
    assert [len(one.labels) for one in (each, many, some)] == [40, 80, 7]
    assert np.bincount(each.labels).tolist() == [4] * 10
    assert len(set(some.labels.tolist())) > 1
