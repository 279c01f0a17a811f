import jax
import numpy as np
import pytest

from datasets import load_thinned
from rasterizer import render, subdivide_flags
from strokes.networks import stack
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.networks.stack import contexts_of, initial_parameters
from strokes.writing import inference
from strokes.writing.config import WriterConfig
from strokes.writing.drawing import along_curve
from strokes.writing.inference import concatenated, write_digits
from strokes.writing.plans import choose_plans
from tests.train.export.planned import tiny_writer

DECODER = DecoderConfig(points=5, width=6, layers=2, rounds=2)
decode = jax.jit(stack.decode, static_argnums=0)


@pytest.mark.parametrize("ensemble", [True, False])
@pytest.mark.parametrize("count", [1, 33, 700])
def test_equals_writing_each_digit_alone(monkeypatch, ensemble, count):
    monkeypatch.setattr(inference, "CHUNK", 300)
    networks = NetworksConfig(DECODER, ensemble=ensemble, plans=0)
    config = WriterConfig(networks)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    images, labels = (part[:count] for part in load_thinned("test"))
    chunks = list(write_digits(parameters, images, labels, config=config))
    assert [len(chunk.points) for chunk in chunks] == [
        min(300, count - start) for start in range(0, count, 300)
    ]
    points = np.concatenate([chunk.points for chunk in chunks])
    mse = np.concatenate([chunk.mse for chunk in chunks])
    for index in range(0, count, 97):
        network = labels[index] if ensemble else 0
        mine = jax.tree.map(lambda leaf, k=network: leaf[k : k + 1], parameters)
        picture = images[index].astype(np.float32)
        alone = decode(networks, mine, picture[None, None], labels[index][None, None])
        along = along_curve(alone[0, 0], config.drawing)
        np.testing.assert_allclose(points[index], along, rtol=2e-5, atol=1e-6)
        drawing = np.asarray(render(along))
        assert mse[index] == pytest.approx(float(np.mean((drawing - picture) ** 2)), rel=1e-4)


def test_labels_need_not_be_balanced_or_complete():
    networks = NetworksConfig(DECODER, plans=0)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    images, _ = load_thinned("test")
    for labels in (np.full(200, 3, np.int32), np.array([9, 0, 9], np.int32)):
        pictures = images[: len(labels)]
        (chunk,) = write_digits(parameters, pictures, labels, config=WriterConfig(networks))
        assert np.isfinite(chunk.points).all()
        assert len(chunk.points) == len(labels)


def test_the_last_point_ends_a_stroke():
    networks = NetworksConfig(DECODER, plans=0)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    images, labels = (part[:20] for part in load_thinned("test"))
    (chunk,) = write_digits(parameters, images, labels, config=WriterConfig(networks))
    assert chunk.pen_up[:, -1].all()
    assert not chunk.pen_up[:, :-1].any()  # an untrained decoder presses the pen


def test_some_of_what_was_written_and_all_of_it_again():
    networks = NetworksConfig(DECODER, plans=0)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    images, labels = (part[:7] for part in load_thinned("test"))
    (whole,) = write_digits(parameters, images, labels, config=WriterConfig(networks))
    for one, other in zip(
        concatenated([whole.of(slice(0, 3)), whole.of([3, 4, 5, 6])]), whole, strict=True
    ):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(whole.pictures, images)
    np.testing.assert_array_equal(whole.label, labels)
    lone = whole.of([2])
    (strokes,) = lone.strokes
    np.testing.assert_array_equal(strokes[0], whole.points[2, :, :2])  # one stroke: see above
    assert lone.svg(0).count("<path") == len(strokes) == 1


LABELS = np.arange(23, dtype=np.int32) % 10
SHARED = (
    ((1.0, 0.3), (0.2, 1.0)),
    ((1.0,),),
    *[((1.0, 0.1, 0.6), (0.0, 1.0, 0.5), (0.4, 0.2, 1.0))] * 8,
)


def pictures():
    return load_thinned("test")[0][: len(LABELS)]


def plans_of(writer, shared=()):
    return writer.plans._replace(shared=shared)


def write(images, labels, *, shared=(), **options):
    writer = tiny_writer()
    return list(
        write_digits(
            writer.parameters,
            images,
            labels,
            config=writer.config,
            plans=plans_of(writer, shared),
            **options,
        )
    )


@pytest.mark.parametrize("shared", [(), SHARED], ids=["not measured", "measured"])
@pytest.mark.parametrize("alternatives", [1, 2, 5])
def test_each_picture_is_written_by_its_likeliest_plans(monkeypatch, alternatives, shared):
    monkeypatch.setattr(inference, "CHUNK", 10)
    plans = plans_of(tiny_writer(), shared)
    chunks = write(pictures(), LABELS, shared=shared, alternatives=alternatives)
    assert len(chunks) == 3
    whole = concatenated(chunks)
    chances = plans.probabilities(pictures(), LABELS)
    expected = choose_plans(plans, chances, LABELS, alternatives)
    np.testing.assert_array_equal(whole.picture_index, expected.rows)
    np.testing.assert_array_equal(whole.plan, expected.plans)
    np.testing.assert_allclose(whole.plan_probability, expected.probabilities, rtol=1e-5)
    np.testing.assert_array_equal(whole.label, LABELS[whole.picture_index])
    np.testing.assert_array_equal(whole.pictures, pictures()[whole.picture_index])
    rows = np.bincount(whole.picture_index)
    np.testing.assert_array_equal(rows, np.minimum(alternatives, plans.numbers[LABELS]))
    together = np.bincount(whole.picture_index, whole.plan_probability)
    assert together.max() <= 1 + 1e-5


def test_alternatives_are_what_each_plan_writes_alone():
    (whole,) = write(pictures(), LABELS, alternatives=3)
    numbers = tiny_writer().plans.numbers
    for plan in range(3):
        mine = np.flatnonzero(numbers[LABELS] > plan)
        (alone,) = write(pictures()[mine], LABELS[mine], plan=plan)
        assert (alone.plan == plan).all()
        np.testing.assert_array_equal(alone.picture_index, np.arange(len(mine)))
        rows = whole.of(np.flatnonzero(whole.plan == plan))
        np.testing.assert_array_equal(mine, rows.picture_index)
        np.testing.assert_allclose(alone.points, rows.points, rtol=2e-5, atol=1e-6)
        np.testing.assert_array_equal(alone.pen_up, rows.pen_up)
        np.testing.assert_allclose(alone.mse, rows.mse, rtol=1e-4)
        np.testing.assert_allclose(alone.plan_probability, rows.plan_probability, rtol=1e-5)
    places = whole.points[:, ::2, :2]
    first = whole.picture_index == 2
    assert first.sum() == 3
    assert np.ptp(places[first], axis=0).max() > 1e-3  # they are different ways


def test_one_picture_alone_is_what_its_decoder_writes():
    writer = tiny_writer()
    networks = writer.config.networks
    (whole,) = write(pictures(), LABELS, alternatives=3)
    for row in (0, 7, len(whole.label) - 1):
        label, plan = whole.label[row], whole.plan[row]
        mine = jax.tree.map(lambda leaf, k=label: leaf[k : k + 1], writer.parameters)
        lifted = writer.plans.lifted[label, plan]
        context = contexts_of(networks, label, plan)
        picture = whole.pictures[row].astype(np.float32)[None, None]
        told = np.reshape(context, (1, 1))
        points = decode(networks, mine, picture, told, lifted=lifted[None, None])[0, 0]
        along = along_curve(points, writer.config.drawing)
        np.testing.assert_allclose(whole.points[row], along, rtol=2e-5, atol=1e-6)
        (alone,) = write(whole.pictures[row : row + 1], whole.label[row : row + 1], plan=int(plan))
        np.testing.assert_allclose(alone.points[0], along, rtol=2e-5, atol=1e-6)


def test_the_pen_is_lifted_where_the_plan_lifts_it():
    writer = tiny_writer()
    (whole,) = write(pictures(), LABELS, alternatives=3)
    expected = subdivide_flags(writer.plans.lifted[whole.label, whole.plan], 2)
    np.testing.assert_array_equal(whole.pen_up, expected)
    counts = [len(writer.plans.counts[d][p]) for d, p in zip(whole.label, whole.plan, strict=True)]
    assert [len(strokes) for strokes in whole.strokes] == counts


def test_the_first_alternative_is_what_is_written_without_others():
    (whole,) = write(pictures(), LABELS, shared=SHARED, alternatives=3)
    (best,) = write(pictures(), LABELS, shared=SHARED)
    first = whole.of(np.unique(whole.picture_index, return_index=True)[1])
    np.testing.assert_array_equal(first.plan, best.plan)
    np.testing.assert_array_equal(best.picture_index, np.arange(len(LABELS)))
    np.testing.assert_allclose(first.points, best.points, rtol=2e-5, atol=1e-6)
    np.testing.assert_allclose(first.plan_probability, best.plan_probability, rtol=1e-5)


def test_a_plan_that_is_asked_for_says_how_likely_it_recovers():
    plans = plans_of(tiny_writer(), SHARED)
    (written,) = write(pictures(), LABELS, shared=SHARED, plan=0)
    assert not written.plan.any()
    chances = plans.probabilities(pictures(), LABELS)
    expected = chances[:, 0]
    np.testing.assert_allclose(written.plan_probability, expected, rtol=1e-5)


def test_a_writer_that_knows_no_plans_writes_each_picture_once():
    networks = NetworksConfig(DECODER, plans=0)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    config = WriterConfig(networks)
    (written,) = write_digits(parameters, pictures(), LABELS, config=config, alternatives=3)
    np.testing.assert_array_equal(written.picture_index, np.arange(len(LABELS)))
    assert not written.plan.any()
    assert (written.plan_probability == 1).all()
