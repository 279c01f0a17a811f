"""A decoder whose head is zero writes its plans' paths, whatever the picture: what it recovers
is known beforehand.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.scipy.special import logit

from strokes.ink import Recording
from strokes.networks.config import DecoderConfig, NetworksConfig, RecognizerConfig
from strokes.networks.recognizer import initial_recognizer
from strokes.networks.stack import initial_parameters
from strokes.pictures.pen import draw_as_mnist
from strokes.resampling import resample_counts
from strokes.writing.config import WriterConfig
from strokes.writing.plans import Plans
from strokes.writing.writer import Writer
from tests.train.export.planned import tiny_writer
from train.stroke_model.recovery import measure_recovery

BENT = np.array([[10.0, 0.0], [40.0, 30.0], [90.0, 40.0], [100.0, 90.0]])
WAYS = [[BENT], [BENT[::-1]], [BENT[:2], BENT[1:]]]
"""Forth, back, and in two strokes."""
COUNTS = [[11], [11], [4, 6]]
NUMBERS = [1, 2, *[3] * 8]


def exact_writer():
    decoder = DecoderConfig(points=12, width=4, correction=0)
    networks = NetworksConfig(decoder, plans=3)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    parameters["head_kernel"][...] = jnp.zeros_like(parameters["head_kernel"][...])
    paths = [
        resample_counts(draw_as_mnist(way)[1], counts)[0]
        for way, counts in zip(WAYS, COUNTS, strict=True)
    ]
    parameters["plan_path"][...] = jnp.stack([logit(jnp.asarray(np.stack(paths)))] * 10)
    sizes = RecognizerConfig(channels=(2, 2), units=4, outputs=30)
    gate = initial_recognizer(sizes, key=jax.random.key(0))
    plans = Plans([COUNTS[:number] for number in NUMBERS], sizes, gate)
    return Writer(WriterConfig(networks), parameters, 1, {}, plans=plans)


def recordings_by(ways):
    """Of each digit, some in the ways of the given numbers."""
    return [
        Recording(digit, WAYS[way], "px")
        for digit, number in enumerate(NUMBERS)
        for way in ways
        if way < number
    ]


def test_each_plan_recovers_its_own_people():
    recordings = recordings_by([0, 1, 2, 0])
    of_recording = np.concatenate([[w for w in (0, 1, 2, 0) if w < n] for n in NUMBERS])
    table = measure_recovery(exact_writer(), recordings, of_recording)
    for found, number in zip(table, NUMBERS, strict=True):
        np.testing.assert_array_equal(found, np.eye(number))


def test_shares_are_of_those_who_follow_a_plan():
    """Sevens: of four who are said to write forth, one writes back; one is of no plan."""
    recordings = recordings_by([0, 1, 2])
    of_recording = np.concatenate([np.arange(number) for number in NUMBERS])
    more = [Recording(7, WAYS[way], "px") for way in (0, 0, 1, 1)]
    table = measure_recovery(
        exact_writer(), [*recordings, *more], np.array([*of_recording, 0, 0, 0, -1])
    )
    np.testing.assert_allclose(table[7], [[0.75, 0.25, 0], [0, 1, 0], [0, 0, 1]])
    for digit, (found, number) in enumerate(zip(table, NUMBERS, strict=True)):
        if digit != 7:
            np.testing.assert_array_equal(found, np.eye(number))


def test_the_table_is_as_files_and_choices_want_it():
    writer = tiny_writer()  # which learned nothing
    recordings = recordings_by([0])
    table = measure_recovery(writer, recordings, np.zeros(10, np.int64))
    sizes = [[len(row) for row in rows] for rows in table]
    assert sizes == [[n] * n for n in writer.plans.numbers]
    flat = [share for rows in table for row in rows for share in row]
    assert all(type(share) is float and 0 <= share <= 1 for share in flat)
    assert isinstance(hash(table), int)  # tuples throughout


@pytest.mark.parametrize("count", [49, 130])
def test_of_many_recordings_some_are_measured(count):
    """All alike: the shares stay what they are."""
    recordings = [*recordings_by([0]), *[Recording(5, WAYS[0], "px")] * count]
    table = measure_recovery(exact_writer(), recordings, np.zeros(10 + count, np.int64))
    np.testing.assert_array_equal(table[5], [[1, 0, 0], [0, 0, 0], [0, 0, 0]])
