"""A decoder whose head is zero writes its plans' paths, whatever the picture: what it recovers
is known beforehand.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import logit

from strokes.networks.config import DecoderConfig, NetworksConfig, RecognizerConfig
from strokes.networks.recognizer import initial_recognizer
from strokes.networks.stack import initial_parameters
from strokes.pictures.pen import draw_as_mnist
from strokes.pictures.thinning import thin
from strokes.resampling import resample_counts
from strokes.writing.config import WriterConfig
from strokes.writing.plans import Plans, choose_plans
from strokes.writing.writer import Writer
from train.stroke_model.recordings import DeformedCopies
from train.stroke_model.recovery import learn_recovery, recovered_by_plan, shared_recovery

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
    sizes = RecognizerConfig(channels=(8, 8), units=32, outputs=30)
    gate = initial_recognizer(sizes, key=jax.random.key(0))
    plans = Plans([COUNTS[:number] for number in NUMBERS], sizes, gate)
    return Writer(WriterConfig(networks), parameters, 1, {}, plans=plans)


def copies_by(ways):
    """Digits in the ways of the given numbers, just as they are."""
    drawn = [draw_as_mnist(WAYS[way]) for way in ways]
    paths = [
        resample_counts(strokes, COUNTS[way]) for (_, strokes), way in zip(drawn, ways, strict=True)
    ]
    pictures = thin(np.stack([picture for picture, _ in drawn]))
    return pictures, np.stack([path for path, _ in paths]), np.stack([up for _, up in paths])


def shown(labels, ways):
    pictures, paths, lifted = copies_by(ways)
    return DeformedCopies(
        pictures, np.array(labels, np.int32), np.array(ways, np.int32), paths, lifted
    )


def test_each_plan_recovers_its_own_people():
    labels, ways = [0, 1, 1, 4, 4, 4, 7], [0, 0, 1, 0, 1, 2, 2]
    found = recovered_by_plan(exact_writer(), shown(labels, ways))
    np.testing.assert_array_equal(found, np.eye(3, dtype=bool)[ways])


def test_it_stops_when_it_is_asked_to():
    copies = shown([0], [0])
    assert recovered_by_plan(exact_writer(), copies, stop=lambda: True) is None


def test_shares_are_of_what_the_first_plan_recovers():
    recovered = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 0], [1, 0, 1], [0, 1, 0]], bool)
    numbers = np.array([1, 2, *[3] * 8], np.int32)
    table = shared_recovery(recovered, np.full(5, 7, np.int32), numbers)
    np.testing.assert_allclose(table[7], [[1, 0.5, 0.25], [2 / 3, 1, 0], [1, 0, 1]])
    sizes = [[len(row) for row in rows] for rows in table]
    assert sizes == [[n] * n for n in numbers]
    for digit in set(range(10)) - {7}:  # of which nothing is known
        np.testing.assert_array_equal(table[digit], np.eye(numbers[digit]))
    assert isinstance(hash(table), int)  # tuples throughout


def test_a_writer_s_gate_learns_what_its_plans_recover():
    writer = exact_writer()

    class Copies:
        """In place of a `Deformer`: sevens in two strokes, ones back, all others forth."""

        def copies(self, count, *, strength, some, generator):
            assert strength == 1.5
            labels = generator.permutation(np.arange(count) % 10)
            ways = np.select([labels == 7, labels == 1], [2, 1], 0)
            return shown(labels, ways)

    plans = learn_recovery(writer, Copies(), seed=0, copies=512, strength=1.5, epochs=16)
    assert plans.counts == writer.plans.counts
    some = shown(np.arange(10), np.select([np.arange(10) == 7, np.arange(10) == 1], [2, 1], 0))
    found = choose_plans(plans, plans.probabilities(some.images, some.labels), some.labels, 1)
    np.testing.assert_array_equal(found.plans, some.plans)
    assert found.probabilities.min() > 0.8
    stopped = learn_recovery(writer, Copies(), seed=0, copies=300, strength=1.5, stop=lambda: True)
    assert stopped is None
