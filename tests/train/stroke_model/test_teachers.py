import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from datasets import load_thinned
from datasets.recordings import OWN_RECORDINGS
from strokes.errors import DataError
from strokes.formats.ndjson import write_recordings
from strokes.formats.recordings import read_recordings
from tests.train.stroke_model.tiny import PLAIN, TINY
from train.errors import RunError
from train.stroke_model.batches import Digits
from train.stroke_model.plans import load_run_plans, save_run_plans
from train.stroke_model.teachers import find_teachers


def from_source(source, config=TINY):
    recordings = dataclasses.replace(config.recordings, source=str(source))
    return dataclasses.replace(config, recordings=recordings)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A file of some recordings of each digit."""
    path = tmp_path_factory.mktemp("few") / "few.ndjson"
    write_recordings(read_recordings(OWN_RECORDINGS)[::4], path)
    return path


@pytest.fixture(scope="module")
def run(few, tmp_path_factory):
    """Teachers, the file of their plans, and what was said."""
    kept, said = tmp_path_factory.mktemp("run") / "plans.safetensors", []
    return find_teachers(from_source(few), kept, say=said.append), kept, said


def assert_equal(one, other):
    assert one.plans._replace(gate=None) == other.plans._replace(gate=None)
    np.testing.assert_array_equal(one.of_recording, other.of_recording)
    for ours, theirs in zip(
        jax.tree.leaves(one.plans.gate), jax.tree.leaves(other.plans.gate), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)


def test_plans_are_kept_and_read_again(few, run, tmp_path):
    teachers, kept, said = run
    numbers = ", ".join(f"{d}: {len(plans)}" for d, plans in enumerate(teachers.plans.counts))
    count = len(teachers.recordings)
    assert said == [f"plans in {count} recordings: {numbers}"]
    again = find_teachers(from_source(few), kept, say=said.append)
    assert len(said) == 1  # nothing was found anew
    assert_equal(again.found, teachers.found)
    one, other = teachers.examples(1), again.examples(1)
    for ours, theirs in zip(one, other, strict=True):
        np.testing.assert_array_equal(ours, theirs)

    copy = tmp_path / "other.safetensors"
    marked = teachers.found._replace(of_recording=teachers.found.of_recording.copy())
    marked.of_recording[0] = -1
    save_run_plans(marked, copy)
    assert find_teachers(from_source(few), copy).found.of_recording[0] == -1


def test_plans_that_are_not_kept_are_the_same_but_for_rounding(few, run):
    teachers = find_teachers(from_source(few))
    assert teachers.plans.counts == run[0].plans.counts
    np.testing.assert_array_equal(teachers.found.of_recording, run[0].found.of_recording)
    for exact, halved in zip(
        jax.tree.leaves(teachers.plans.gate), jax.tree.leaves(run[0].plans.gate), strict=True
    ):
        np.testing.assert_array_equal(np.float32(np.float16(exact)), halved)


def test_what_a_stop_interrupts_is_not_kept(few, tmp_path):
    kept = tmp_path / "plans.safetensors"
    assert find_teachers(from_source(few), kept, stop=lambda: True) is None
    assert not kept.exists()


def test_recordings_and_plans_give_examples_and_paths(run):
    teachers, _, _ = run
    config, plans = teachers.config, teachers.plans
    examples = teachers.examples(0)
    assert examples.images.shape == (10, 5, 28, 28)
    for digit in range(10):
        for row in range(5):
            plan = int(examples.plans[digit, row])
            assert plan < len(plans.counts[digit])
            np.testing.assert_array_equal(examples.lifted[digit, row], plans.lifted[digit, plan])
    assert jnp.abs(teachers.examples(1).points - examples.points).max() > 0
    paths = teachers.plan_paths()
    assert paths.shape == (10, 3, config.networks.decoder.points, 2)
    np.testing.assert_array_equal(paths, teachers.deformer.mean_paths(3))
    there = np.arange(3) < plans.numbers[:, None]
    assert np.ptp(paths[there], axis=1).max(axis=1).min() > 0.2
    assert (paths[~there] == 0.5).all()


def test_digits_are_given_plans_by_their_chances(run):
    teachers, _, _ = run
    images, labels = (part[:400] for part in load_thinned("train"))
    plain = Digits(jnp.asarray(images), jnp.asarray(labels))
    chances = teachers.plans.probabilities(images, labels)
    first, again, other = (teachers.planned(plain, chances, epoch) for epoch in (0, 0, 1))
    np.testing.assert_array_equal(first.plans, again.plans)
    assert (np.asarray(first.plans) != np.asarray(other.plans)).any()
    assert (np.asarray(first.plans) < teachers.plans.numbers[labels]).all()
    np.testing.assert_array_equal(first.lifts, teachers.plans.lifted)
    np.testing.assert_array_equal(first.images, images)
    sure = np.eye(3, dtype=np.float32)[np.zeros(400, int)]
    assert not teachers.planned(plain, sure, 0).plans.any()
    assert teachers.planned(plain, None, 0).plans is None


def test_without_plans_there_are_examples_alone(few, tmp_path):
    kept = tmp_path / "plans.safetensors"
    teachers = find_teachers(from_source(few, PLAIN), kept)
    assert not kept.exists()
    assert teachers.found is None
    assert teachers.plans is None
    assert teachers.plan_paths() is None
    assert teachers.examples(0).points.shape == (10, 5, 6, 2)
    digits = Digits(jnp.zeros((1, 28, 28)), jnp.zeros(1, jnp.int32))
    assert teachers.planned(digits, None, 0) is digits


def test_without_recordings_nothing_teaches():
    teachers = find_teachers(from_source("none", PLAIN), stop=lambda: True)
    assert teachers.recordings == []
    assert teachers.deformer is None
    assert teachers.found is None
    assert teachers.plans is None
    assert teachers.examples(0) is None
    assert teachers.plan_paths() is None


def test_other_recordings_than_the_plans_were_found_in_are_refused(run, tmp_path):
    teachers, kept, _ = run
    path = tmp_path / "more.ndjson"
    write_recordings([*teachers.recordings, teachers.recordings[0]], path)
    count = len(teachers.recordings)
    with pytest.raises(RunError, match=f"{count + 1} recordings, but {count} when the run's plans"):
        find_teachers(from_source(path), kept)
    assert_equal(load_run_plans(kept, teachers.config), teachers.found)


def test_a_source_that_is_not_there_is_said(tmp_path):
    for config in (TINY, PLAIN):
        with pytest.raises(DataError, match="no such file"):
            find_teachers(from_source(tmp_path / "none.ndjson", config))
