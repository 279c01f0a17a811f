import dataclasses

import jax
import numpy as np
import pytest

from datasets.recordings import teaching_recordings
from strokes.errors import DataError
from strokes.networks.config import NetworksConfig
from strokes.networks.recognizer import initial_recognizer
from strokes.weights.files import save_weights
from strokes.writing.plans import Plans, gate_tree, plan_facts
from tests.train.export.planned import COUNTS
from tests.train.stroke_model.tiny import TINY, teachers_of
from train.stroke_model.gate import gate_config
from train.stroke_model.plans import (
    RunPlans,
    discovered,
    draw_plans,
    find_plans,
    load_run_plans,
    save_run_plans,
)


def made_up():
    sizes = gate_config(NetworksConfig(plans=3), 64)
    gate = initial_recognizer(sizes, key=jax.random.key(0))
    shared = tuple(tuple((0.5,) * len(plans) for _ in plans) for plans in COUNTS)
    plans = Plans(COUNTS, sizes, gate, shared)
    return RunPlans(plans, np.array([0, -1, 2, 1, 0]))


def test_what_is_kept_is_read(tmp_path):
    found, path = made_up(), tmp_path / "plans.safetensors"
    save_run_plans(found, path)
    read = load_run_plans(path, TINY)
    assert read.plans._replace(gate=None) == found.plans._replace(gate=None)
    assert read.of_recording.dtype == np.int64
    np.testing.assert_array_equal(read.of_recording, found.of_recording)
    halved = jax.tree.map(lambda leaf: np.float32(np.float16(leaf)), found.plans.gate)
    assert jax.tree.structure(read.plans.gate) == jax.tree.structure(halved)
    for one, other in zip(jax.tree.leaves(read.plans.gate), jax.tree.leaves(halved), strict=True):
        np.testing.assert_array_equal(one, other)
    save_run_plans(read, path)
    again = load_run_plans(path, TINY)
    for one, other in zip(jax.tree.leaves(again.plans.gate), jax.tree.leaves(halved), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_was_found_in_recordings():
    found = discovered(made_up())
    assert found.counts == COUNTS
    assert found.of_recording.tolist() == [0, -1, 2, 1, 0]


def networks(**change):
    return dataclasses.replace(TINY, networks=dataclasses.replace(TINY.networks, **change))


def with_points(points):
    return networks(decoder=dataclasses.replace(TINY.networks.decoder, points=points))


@pytest.mark.parametrize(
    "config", [networks(plans=2), networks(plans=4), with_points(7)], ids=["2", "4", "points"]
)
def test_plans_of_another_configuration_are_refused(tmp_path, config):
    save_run_plans(made_up(), tmp_path / "plans.safetensors")
    with pytest.raises(DataError, match=r"plans\.safetensors: plans of other networks"):
        load_run_plans(tmp_path / "plans.safetensors", config)


def test_a_missing_or_damaged_file_is_said(tmp_path):
    path = tmp_path / "plans.safetensors"
    with pytest.raises(DataError, match="no weights that this package wrote"):
        load_run_plans(path, TINY)
    path.write_bytes(b"nothing")
    with pytest.raises(DataError, match="no weights that this package wrote"):
        load_run_plans(path, TINY)
    plans = made_up().plans
    for facts, reason in (
        ({"of_recording": [0]}, "no plans"),
        ({"plans": plan_facts(plans)}, "no plans of recordings"),
        ({"plans": plan_facts(plans), "of_recording": ["a"]}, "no plans of recordings"),
        ({"plans": plan_facts(plans), "of_recording": None}, "no plans of recordings"),
    ):
        save_weights(path, gate_tree(plans), facts=facts)
        with pytest.raises(DataError, match=rf"plans\.safetensors: {reason}"):
            load_run_plans(path, TINY)


def test_plans_of_the_own_recordings():
    recordings, found = teaching_recordings("own"), teachers_of(TINY).found
    assert len(found.of_recording) == len(recordings)
    for digit, plans in enumerate(found.plans.counts):
        assert 1 <= len(plans) <= 3
        mine = [k for k, one in enumerate(recordings) if one.label == digit]
        followed = found.of_recording[mine]
        assert set(followed) - {-1} == set(range(len(plans)))
        sizes = np.bincount(followed[followed >= 0])
        assert (np.diff(sizes) <= 0).all()  # the commonest first
        assert np.mean(followed >= 0) > 0.8
        for index in mine:
            plan = found.of_recording[index]
            assert plan < 0 or len(recordings[index].strokes) == len(plans[plan])
    fours = found.plans.counts[4]  # those in one stroke and those in two
    assert {len(counts) for counts in fours} == {1, 2}


def test_to_find_plans_can_be_stopped():
    assert find_plans(TINY, teaching_recordings("own")[::5], stop=lambda: True) is None


def test_plans_are_drawn_by_their_chances(rng):
    chances = np.tile(np.float32([[0.7, 0.0, 0.3], [0.0, 1.0, 0.0], [0.2, 0.3, 0.5]]), (4000, 1))
    drawn = draw_plans(chances, seed=1, epoch=2).reshape(4000, 3)
    assert drawn.dtype == np.int32
    for column, expected in enumerate(chances[:3]):
        shares = np.bincount(drawn[:, column], minlength=3) / 4000
        np.testing.assert_allclose(shares, expected, atol=0.03)
        assert not shares[expected == 0].any()
    # One picture's draw says nothing of the next one's.
    both = np.mean((drawn[:, 0] == 0) & (drawn[:, 2] == 2))
    assert both == pytest.approx(0.7 * 0.5, abs=0.03)


def test_seed_and_epoch_decide_which_plans_are_drawn(rng):
    chances = rng.random((500, 3)).astype(np.float32)
    first = draw_plans(chances, seed=1, epoch=2)
    np.testing.assert_array_equal(first, draw_plans(chances, seed=1, epoch=2))
    assert (first != draw_plans(chances, seed=1, epoch=3)).any()
    assert (first != draw_plans(chances, seed=2, epoch=2)).any()
    # Chances are what they are to each other.
    np.testing.assert_array_equal(first, draw_plans(7 * chances, seed=1, epoch=2))
    assert draw_plans(chances[:0], seed=0, epoch=0).shape == (0,)
