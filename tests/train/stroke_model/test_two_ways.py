"""What plans are for: a digit that people write in two ways."""

import jax.numpy as jnp
import numpy as np
import pytest

from datasets import load_thinned
from datasets.deformation import draw_thinned
from strokes.formats.ndjson import write_recordings
from strokes.ink import Recording
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.writing.inference import concatenated
from train.stroke_model.batches import Digits
from train.stroke_model.config import RecordingsConfig, TrainConfig
from train.stroke_model.model import writer_of
from train.stroke_model.order import epoch_plan, group_by_network
from train.stroke_model.step import EpochState, initial_state, metric_names, run_steps
from train.stroke_model.teachers import find_teachers

pytestmark = pytest.mark.slow

STEPS = 200
FORTH = np.array([[0.0, 0.0], [60.0, 0.0]])
ENDS = np.array([[5.0, 14.0], [23.0, 14.0]])
"""In pixels, of the line at the size that recordings are brought to."""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Each digit is the same line, half of the times left to right, half right to left."""
    path = tmp_path_factory.mktemp("two") / "two.ndjson"
    ways = [FORTH, FORTH[::-1]] * 6
    write_recordings([Recording(digit, [way], "px") for digit in range(10) for way in ways], path)
    return str(path)


def trained(source, plans):
    """A writer that saw recordings only."""
    config = TrainConfig(
        networks=NetworksConfig(
            DecoderConfig(points=6, width=16, layers=1, correction=0), plans=plans
        ),
        recordings=RecordingsConfig(source=source, pretraining=STEPS, each=60),
        gate_epochs=1,
        gate_copies=1000,
        batch_size=80,
        warmup_steps=10,
    )
    teachers = find_teachers(config)
    images, labels = (part[:400] for part in load_thinned("train"))
    digits = Digits(jnp.asarray(images), jnp.asarray(labels))
    if teachers.plans is not None:
        chances = teachers.plans.probabilities(images, labels)
        digits = teachers.planned(digits, chances, epoch=0)
    groups = group_by_network(labels, config.networks)
    order = np.concatenate([epoch_plan(groups, 8, seed=0, epoch=k) for k in range(STEPS)])[:STEPS]
    assert len(order) == STEPS
    blank = {name: jnp.zeros(STEPS) for name in metric_names(config)}
    state = initial_state(config, STEPS, teachers.plan_paths())
    done = run_steps(
        EpochState(state, blank, jnp.asarray(True)),
        digits,
        teachers.examples(0),
        jnp.asarray(order),
        jnp.int32(0),
        jnp.int32(STEPS),
        config=config,
        total_steps=STEPS,
    )
    assert bool(done.finite)
    return writer_of(config, done.state, plans=teachers.plans)


def ends_written(writer, **options):
    """First and last point of each digit's line, ``[10, 2, 2]``, in pixels."""
    paths = np.repeat(ENDS[None] / 28, 10, axis=0).astype(np.float32)
    lifted = np.array([[False, True]] * 10)
    pictures = draw_thinned(paths, lifted, generator=np.random.default_rng(0))
    labels = np.arange(10, dtype=np.int32)
    written = concatenated(writer.write_thinned(pictures, labels, **options))
    return 28 * written.points[:, [0, -1], :2]


def test_told_plans_a_decoder_writes_both_ways(source):
    writer = trained(source, plans=4)
    assert writer.plans.counts == [[[5], [5]]] * 10
    first, second = (ends_written(writer, plan=plan) for plan in (0, 1))
    for digit in range(10):
        one, other = first[digit], second[digit]
        if one[0, 0] > one[1, 0]:
            one, other = other, one
        assert np.linalg.norm(one - ENDS, axis=1).max() < 1.5, digit
        assert np.linalg.norm(other - ENDS[::-1], axis=1).max() < 1.5, digit


def test_told_the_label_alone_it_writes_neither(source):
    ends = ends_written(trained(source, plans=0))
    to_middle = np.linalg.norm(ends - 14.0, axis=-1)
    to_ends = np.linalg.norm(ends[:, :, None] - ENDS, axis=-1).min(axis=-1)
    assert (to_middle < to_ends).all()
