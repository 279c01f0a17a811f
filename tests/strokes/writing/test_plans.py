import dataclasses
import functools
import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from datasets import load_thinned
from strokes.errors import DataError
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.networks.recognizer import recognize
from strokes.resampling import lifts_of_counts
from strokes.writing import plans as module
from strokes.writing.plans import (
    choose_plans,
    gate_shapes,
    gate_tree,
    plan_facts,
    plan_logits,
)
from tests.train.export.planned import COUNTS, tiny_writer

NETWORKS = tiny_writer().config.networks
LABELS = np.arange(40, dtype=np.int32) % 10


def made_up(**change):
    return tiny_writer().plans._replace(**change)


@functools.cache
def pictures():
    return load_thinned("test")[0][: len(LABELS)]


def random_shares(rng):
    """A table of each digit."""
    tables = [np.maximum(rng.random((len(p), len(p))) * 0.8, np.eye(len(p))) for p in COUNTS]
    return tuple(tuple(map(tuple, table.tolist())) for table in tables)


def random_chances(rng, count, *, together=1.0):
    labels = rng.integers(0, 10, count).astype(np.int32)
    raw = rng.random((count, 3)) * (np.arange(3) < made_up().numbers[labels][:, None])
    if together is not None:
        raw *= together / raw.sum(axis=1, keepdims=True)
    return raw.astype(np.float32), labels


def test_what_there_is_of_plans():
    plans = made_up()
    assert plans.most == 3
    assert plans.numbers.tolist() == [2, 1, *[3] * 8]
    assert plans.lifted.shape == (10, 3, 6)
    for digit in range(10):
        for plan in range(3):
            nothing = [False] * 5 + [True]
            there = plan < len(COUNTS[digit])
            expected = lifts_of_counts(COUNTS[digit][plan]) if there else nothing
            np.testing.assert_array_equal(plans.lifted[digit, plan], expected)


@pytest.mark.parametrize("measured", [False, True])
def test_probabilities_are_the_gate_s_of_the_plans_that_a_digit_has(rng, measured):
    plans = made_up(shared=random_shares(rng) if measured else ())
    found = plans.probabilities(pictures(), LABELS)
    assert found.shape == (40, 3)
    assert found.dtype == np.float32
    if not measured:  # a person followed one plan
        np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-5)
    logits = recognize(plans.config, plans.gate, jnp.asarray(pictures(), jnp.float32))
    for row, label in enumerate(LABELS):
        has = len(COUNTS[label])
        mine = np.exp(np.float64(logits[row, 3 * label : 3 * label + has]))
        expected = mine / (1 + mine) if measured else mine / mine.sum()
        np.testing.assert_allclose(found[row, :has], expected, rtol=1e-4)
        assert not found[row, has:].any()
    assert np.ptp(found[LABELS > 1], axis=0).min() > 0.01  # pictures tell something


def test_probabilities_do_not_depend_on_the_others(monkeypatch):
    monkeypatch.setattr(module, "_AT_ONCE", 16)
    plans = made_up()
    whole = plans.probabilities(pictures(), LABELS)
    order = np.random.default_rng(1).permutation(40)
    turned = plans.probabilities(pictures()[order], LABELS[order])
    np.testing.assert_allclose(turned, whole[order], rtol=1e-5)
    for row in (0, 15, 16, 39):
        alone = plans.probabilities(pictures()[row : row + 1], LABELS[row : row + 1])
        np.testing.assert_allclose(alone[0], whole[row], rtol=1e-5)
    assert plans.probabilities(pictures()[:0], LABELS[:0]).shape == (0, 3)


def test_the_logits_are_those_of_the_picture_s_digit():
    plans = made_up()
    shown = jnp.asarray(pictures(), jnp.float32)
    numbers = jnp.asarray(plans.numbers)
    found = plan_logits(plans.config, plans.gate, shown, jnp.asarray(LABELS), numbers)
    every = recognize(plans.config, plans.gate, shown).reshape(40, 10, 3)
    for row, label in enumerate(LABELS):
        has = len(COUNTS[label])
        np.testing.assert_allclose(found[row, :has], every[row, label, :has], rtol=1e-6)
        assert found[row, has:].size == 0 or found[row, has:].max() < -1e6
    dropped = plan_logits(
        plans.config,
        plans.gate,
        shown,
        jnp.asarray(LABELS),
        numbers,
        dropout=0.5,
        key=jax.random.key(0),
    )
    assert jnp.abs(dropped - found).max() > 1e-3


def slow_choice(plans, chances, labels, count):
    """Plan by plan the one that likeliest recovers what those before do not."""
    rows = []
    for row, label in enumerate(labels.tolist()):
        has = len(plans.counts[label])
        chance = [float(chances[row, plan]) for plan in range(has)]

        def share(first, plan, label=label, chance=chance):
            """Of what a plan recovers, that which the first one recovers too."""
            told = plans.shared[label][first][plan] if plans.shared else float(first == plan)
            return min(chance[first] * told, chance[plan]) / max(chance[plan], 1e-9)

        chosen, together = [], 0.0
        while len(chosen) < min(count, has):
            left = {
                plan: chance[plan] * np.prod([1 - share(first, plan) for first in chosen])
                for plan in range(has)
                if plan not in chosen
            }
            best = max(left, key=left.get)
            rows.append((row, best, min(left[best], 1 - together)))
            together += rows[-1][2]
            chosen.append(best)
    return rows


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_plans_are_chosen_as_by_the_slow_oracle(rng, count, measured):
    plans = made_up(shared=random_shares(rng) if measured else ())
    chances, labels = random_chances(rng, 300, together=None if measured else 1.0)
    found = choose_plans(plans, chances, labels, count)
    expected = slow_choice(plans, chances, labels, count)
    assert list(zip(found.rows.tolist(), found.plans.tolist(), strict=True)) == [
        (row, plan) for row, plan, _ in expected
    ]
    np.testing.assert_allclose(found.probabilities, [gain for *_, gain in expected], atol=1e-6)


def test_without_a_table_the_likeliest_come_first(rng):
    chances, labels = random_chances(rng, 100)
    found = choose_plans(made_up(), chances, labels, 3)
    for row, label in enumerate(labels):
        mine = found.rows == row
        order = np.argsort(-chances[row])[: len(COUNTS[label])]
        np.testing.assert_array_equal(found.plans[mine], order)
        np.testing.assert_allclose(found.probabilities[mine], chances[row, order], atol=1e-6)


def test_the_chosen_of_one_picture_are_one_together_at_most(rng):
    plans = made_up(shared=random_shares(rng))
    chances, labels = random_chances(rng, 300, together=None)
    found = choose_plans(plans, chances, labels, 3)
    assert (np.diff(found.rows) >= 0).all()
    np.testing.assert_array_equal(np.bincount(found.rows), plans.numbers[labels])
    assert (found.probabilities >= 0).all()
    together = np.bincount(found.rows, found.probabilities)
    assert 1 - 1e-6 < together.max() <= 1 + 1e-6
    for row in range(300):  # each adds less than the one before
        assert (np.diff(found.probabilities[found.rows == row]) <= 1e-7).all()
    assert {(r, p) for r, p in zip(found.rows, found.plans, strict=True)} == {
        (row, plan) for row, label in enumerate(labels) for plan in range(plans.numbers[label])
    }


def test_what_the_first_recovers_is_not_counted_again():
    """The second plan recovers the same people as the first, the third plan others."""
    table = ((1.0, 0.9, 0.1), (0.9, 1.0, 0.1), (0.1, 0.1, 1.0))
    plans = made_up(shared=(*made_up_tables(), *[table] * 8))
    chances = np.array([[0.6, 0.58, 0.3]], np.float32)
    found = choose_plans(plans, chances, np.array([5], np.int32), 2)
    assert found.plans.tolist() == [0, 2]
    np.testing.assert_allclose(found.probabilities, [0.6, 0.3 - 0.06], rtol=1e-6)


def made_up_tables():
    """Of the digits 0 and 1."""
    return ((1.0, 0.0), (0.0, 1.0)), ((1.0,),)


def test_no_pictures_are_written_by_no_plans():
    found = choose_plans(made_up(), np.zeros((0, 3), np.float32), np.zeros(0, np.int32), 2)
    assert [len(part) for part in found] == [0, 0, 0]


@pytest.mark.parametrize("measured", [False, True])
def test_facts_come_back_through_json(rng, measured):
    plans = made_up(shared=random_shares(rng) if measured else ())
    found = gate_shapes(json.loads(json.dumps(plan_facts(plans))), NETWORKS, source="here")
    assert found._replace(gate=None) == plans._replace(gate=None)
    assert hash(found.config) == hash(plans.config)  # its channels are no list
    shapes = [leaf.shape for leaf in jax.tree.leaves(gate_tree(found))]
    assert shapes == [leaf.shape for leaf in jax.tree.leaves(gate_tree(plans))]
    assert jax.tree.structure(found.gate) == jax.tree.structure(plans.gate)


def changed(change):
    facts = json.loads(json.dumps(plan_facts(made_up(shared=random_shares(fresh())))))
    change(facts)
    return facts


def fresh():
    return np.random.default_rng(0)


DAMAGES = {
    "no object": lambda f: f.clear(),
    "no counts": lambda f: f.pop("counts"),
    "no network": lambda f: f.pop("network"),
    "no channels": lambda f: f["network"].pop("channels"),
    "no shares": lambda f: f.pop("shared"),
    "an unknown size": lambda f: f["network"].update(heads=3),
    "a network of no size": lambda f: f["network"].update(units=0),
    "counts that are none": lambda f: f.update(counts=3),
    "segments that are none": lambda f: f["counts"][4].append(["two", 2]),
    "nine digits": lambda f: f["counts"].pop(),
    "eleven digits": lambda f: f["counts"].append([[5]]),
    "too few points": lambda f: f["counts"][4].__setitem__(1, [2, 1]),
    "too many points": lambda f: f["counts"][4].__setitem__(1, [2, 2, 1]),
    "a stroke of no segment": lambda f: f["counts"][4].__setitem__(1, [4, 0]),
    "a plan of no stroke": lambda f: f["counts"][4].__setitem__(1, []),
    "a digit of no plan": lambda f: f["counts"].__setitem__(4, []),
    "too many plans": lambda f: f["counts"][4].append([5]),
    "a gate of another size": lambda f: f["network"].update(outputs=20),
    "a table too few": lambda f: f["shared"].pop(),
    "a row too few": lambda f: f["shared"][3].pop(),
    "a share too few": lambda f: f["shared"][3][1].pop(),
    "a share too many": lambda f: f["shared"][3][1].append(0.5),
    "a share above 1": lambda f: f["shared"][3][1].__setitem__(0, 1.01),
    "a share below 0": lambda f: f["shared"][3][1].__setitem__(0, -0.01),
    "a share NaN": lambda f: f["shared"][3][1].__setitem__(0, float("nan")),
    "a share that is none": lambda f: f["shared"][3][1].__setitem__(0, "half"),
}


@pytest.mark.parametrize("damage", list(DAMAGES.values()), ids=list(DAMAGES))
def test_damaged_facts_are_refused(damage):
    gate_shapes(changed(lambda facts: None), NETWORKS, source="here.safetensors")
    with pytest.raises(DataError, match=r"^here\.safetensors: (no plans|plans of other networks)"):
        gate_shapes(changed(damage), NETWORKS, source="here.safetensors")


@pytest.mark.parametrize("facts", [None, 3, [], "plans"])
def test_what_is_no_facts_at_all_is_refused(facts):
    with pytest.raises(DataError, match=r"^here: no plans"):
        gate_shapes(facts, NETWORKS, source="here")


@pytest.mark.parametrize(
    "networks",
    [
        NetworksConfig(dataclasses.replace(NETWORKS.decoder, points=7), plans=3),
        NetworksConfig(NETWORKS.decoder, plans=4),
        NetworksConfig(NETWORKS.decoder, plans=2),
        NetworksConfig(NETWORKS.decoder, plans=0),
    ],
    ids=["points", "more plans", "fewer plans", "no plans"],
)
def test_plans_of_other_networks_are_refused(networks):
    with pytest.raises(DataError, match="here: plans of other networks than its configuration's"):
        gate_shapes(plan_facts(made_up()), networks, source="here")


def test_a_gate_for_other_pictures_is_refused():
    decoder = dataclasses.replace(NETWORKS.decoder, picture_height=20, picture_width=20)
    assert isinstance(decoder, DecoderConfig)
    with pytest.raises(DataError, match="here: plans of other networks"):
        gate_shapes(plan_facts(made_up()), NetworksConfig(decoder, plans=3), source="here")
