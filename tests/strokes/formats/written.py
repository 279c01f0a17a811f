"""Made-up sequences, and what it means that two are the same."""

import numpy as np

from strokes.formats.sequences import Sequences, sequence_ids


def some(rng, count, first=0, split="train"):
    indices = np.arange(first, first + count, dtype=np.int32)
    points = rng.random((count, 5, 3)).astype(np.float32)
    points[..., 2] = rng.random((count, 5)) > 0.5
    return Sequences(
        sequence_ids(split, indices),
        indices,
        rng.integers(0, 10, count),
        points,
        rng.random((count, 5)).astype(np.float32),
        rng.random(count).astype(np.float32),
        rng.integers(0, 4, count, dtype=np.int32),
        rng.random(count).astype(np.float32),
    )


def assert_equal(one, other):
    assert one.id == other.id
    for a, b in zip(one[1:], other[1:], strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)


def without_plans(sequences):
    """What is read of a file that was written before there were plans."""
    plan, probability = np.zeros_like(sequences.plan), np.ones_like(sequences.plan_probability)
    return sequences._replace(plan=plan, plan_probability=probability)


def joined(chunks):
    columns = [np.concatenate([c[k] for c in chunks]) for k in range(1, 8)]
    return Sequences([name for c in chunks for name in c.id], *columns)
