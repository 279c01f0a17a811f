import dataclasses
import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from rasterizer import PEN_UP, pen_up
from strokes.networks.config import DecoderConfig
from strokes.networks.decoder import SOFTNESS_RANGE, Decoder
from tests.reference import lstm_points

pytestmark = pytest.mark.usefixtures("quick_compiler")

SMALL = DecoderConfig(points=6, width=5, layers=3, rounds=2, picture_height=7, picture_width=4)


@functools.partial(nnx.jit, static_argnames="rounds")
def write(decoder, pictures, contexts, *, rounds=None, **told):
    """Compiled once for all decoders of one configuration."""
    return decoder(pictures, contexts, rounds=rounds, **told)


@nnx.jit
def slope_of(decoder, pictures, contexts, **told):
    """How the sum of all points changes with the pictures."""
    return jax.grad(lambda shown: jnp.sum(decoder(shown, contexts, **told)))(pictures)


def pictures_and_labels(rng, *leading, config=SMALL):
    shape = (*leading, config.picture_height, config.picture_width)
    pictures = (rng.random(shape) > 0.7).astype(np.float32)
    return pictures, rng.integers(0, 10, leading)


def corrected(decoder):
    """The decoder; its corrections, which begin with no change, move points."""
    for number, correction in enumerate(decoder._corrections()):
        shape = correction.head_kernel[...].shape
        moves = jax.random.normal(jax.random.key(number), shape)
        correction.head_kernel[...] = moves
    return decoder


@pytest.mark.parametrize(  # every pair of choices
    ("context_to_all_layers", "layers", "correction", "rounds"),
    [(True, 1, 0, 1), (False, 3, 0, 1), (True, 3, 7, 1), (False, 1, 7, 1), (True, 3, 7, 2)],
)
def test_equals_a_slow_loop(rng, context_to_all_layers, layers, correction, rounds):
    config = dataclasses.replace(
        SMALL,
        layers=layers,
        context_to_all_layers=context_to_all_layers,
        correction=correction,
        rounds=rounds,
    )
    decoder = corrected(Decoder(config, contexts=10, rngs=nnx.Rngs(3)))
    parameters = jax.tree.map(np.asarray, nnx.to_pure_dict(nnx.state(decoder)))
    pictures, labels = pictures_and_labels(rng, 4)
    points = write(decoder, pictures, labels)
    for index in range(4):
        expected = lstm_points(parameters, pictures[index], labels[index], config)
        np.testing.assert_allclose(points[index], expected, rtol=5e-5)


def test_leading_axes(rng):
    decoder = Decoder(SMALL, contexts=10, rngs=nnx.Rngs(0))
    pictures, labels = pictures_and_labels(rng, 2, 3)
    points = write(decoder, pictures, labels)
    assert points.shape == (2, 3, 6, 3)
    one = write(decoder, pictures[1, 2], labels[1, 2])
    np.testing.assert_allclose(points[1, 2], one, rtol=1e-5)
    mapped = jax.jit(jax.vmap(jax.vmap(decoder)))(pictures, labels)
    np.testing.assert_allclose(mapped, points, rtol=1e-5)


def test_picture_and_label_matter(rng):
    decoder = Decoder(SMALL, contexts=10, rngs=nnx.Rngs(0))
    pictures, labels = pictures_and_labels(rng, 1)
    points = write(decoder, pictures, labels)
    assert jnp.abs(write(decoder, 1 - pictures, labels) - points).max() > 1e-3
    assert jnp.abs(write(decoder, pictures, (labels + 1) % 10) - points).max() > 1e-3


@pytest.mark.parametrize("initial", [2.0, 4.4])
def test_softness_starts_where_it_is_told_and_stays_bounded(rng, initial):
    config = dataclasses.replace(SMALL, initial_log_softness=initial)
    decoder = Decoder(config, contexts=10, rngs=nnx.Rngs(0))
    pictures, labels = pictures_and_labels(rng, 3)
    np.testing.assert_allclose(jnp.log(write(decoder, pictures, labels)[..., 2]), initial, atol=0.5)
    for extreme in (1e9, -1e9):
        decoder.head_bias[...] = jnp.full(3, extreme)
        points = write(decoder, pictures, labels)
        assert jnp.isfinite(points).all()
        bound = initial + np.sign(extreme) * SOFTNESS_RANGE
        np.testing.assert_allclose(jnp.log(points[..., 2]), bound, rtol=1e-5)
        assert jnp.isfinite(slope_of(decoder, pictures, labels)).all()


def test_dropout_needs_a_key_and_keeps_the_mean(rng):
    config = dataclasses.replace(SMALL, correction=0)  # which would mix the points
    plain = Decoder(config, contexts=10, rngs=nnx.Rngs(0))
    dropping = Decoder(dataclasses.replace(config, dropout=0.4), contexts=10, rngs=nnx.Rngs(0))
    pictures, labels = pictures_and_labels(rng, 1)
    expected = write(plain, pictures, labels)
    np.testing.assert_array_equal(write(dropping, pictures, labels), expected)
    keyed = write(plain, pictures, labels, key=jax.random.key(0))
    np.testing.assert_array_equal(keyed, expected)
    many = (np.repeat(pictures, 4000, 0), np.repeat(labels, 4000))
    dropped = write(dropping, *many, key=jax.random.key(0))
    assert len(np.unique(np.asarray(dropped[:, 3, 0]))) > 100  # each example by itself
    again = write(dropping, *many, key=jax.random.key(0))
    np.testing.assert_array_equal(dropped, again)
    # The first point sees one dropped output, scaled so that its mean stays.
    raw = jax.scipy.special.logit(dropped[:, 0, :2]).mean(0)
    expected = jax.scipy.special.logit(expected[0, 0, :2])
    np.testing.assert_allclose(raw, expected, atol=0.05)


LIFTED = np.array([False, True, False, False, True, True])


def planned(config=SMALL, plans=3, seed=3):
    """A decoder with plan paths that are anywhere."""
    decoder = Decoder(config, contexts=plans, planned=True, rngs=nnx.Rngs(seed))
    paths = jax.random.normal(jax.random.key(seed), (plans, config.points, 2))
    decoder.plan_path[...] = paths
    return decoder


@pytest.mark.parametrize(("correction", "rounds"), [(0, 1), (7, 3)])
def test_a_planned_decoder_equals_a_slow_loop(rng, correction, rounds):
    config = dataclasses.replace(SMALL, correction=correction, rounds=rounds)
    decoder = corrected(planned(config))
    decoder.head_bias[...] = jnp.array([0.3, -0.2, 0.9])
    parameters = jax.tree.map(np.asarray, nnx.to_pure_dict(nnx.state(decoder)))
    pictures, _ = pictures_and_labels(rng, 4)
    plans, lifted = np.array([0, 2, 1, 2]), rng.random((4, 6)) < 0.4
    lifted[:, -1] = True
    points = write(decoder, pictures, plans, lifted=lifted)
    for index in range(4):
        expected = lstm_points(parameters, pictures[index], plans[index], config, lifted[index])
        np.testing.assert_allclose(points[index], expected, rtol=5e-5)


@pytest.mark.parametrize("correction", [0, 7])
@pytest.mark.parametrize("bias", [0.0, 30.0, -30.0, 1e9, -1e9])
def test_the_pen_is_lifted_where_the_plan_says_whatever_the_head_says(rng, bias, correction):
    decoder = corrected(planned(dataclasses.replace(SMALL, correction=correction)))
    decoder.head_bias[...] = jnp.array([0.0, 0.0, bias])
    pictures, _ = pictures_and_labels(rng, 3)
    plans = np.array([0, 1, 2])
    lifted = np.stack([LIFTED, np.roll(LIFTED, 2), LIFTED])
    points = write(decoder, pictures, plans, lifted=lifted)
    assert jnp.isfinite(points).all()
    log_softness = np.log(points[..., 2])
    assert log_softness[lifted].max() < PEN_UP["capsule"] - 0.5
    assert log_softness[~lifted].min() > max(PEN_UP["capsule"], PEN_UP["box"])
    for line in ("capsule", "box"):
        np.testing.assert_array_equal(pen_up(points[..., 2], line=line), lifted)
    assert jnp.isfinite(slope_of(decoder, pictures, plans, lifted=lifted)).all()


def test_a_pressed_pen_begins_at_the_initial_softness_and_the_head_moves_it(rng):
    decoder = planned(dataclasses.replace(SMALL, correction=0))
    decoder.head_kernel[...] = jnp.zeros((5, 3))
    pictures, _ = pictures_and_labels(rng, 1)
    found = []
    for bias in (-0.5, 0.0, 0.5):
        decoder.head_bias[...] = jnp.array([0.0, 0.0, bias])
        points = write(decoder, pictures[0], np.int32(0), lifted=LIFTED)
        found.append(np.log(points[~LIFTED, 2]))
    np.testing.assert_allclose(found[1], SMALL.initial_log_softness, rtol=1e-5)
    assert (found[0] < found[1] - 0.05).all()
    assert (found[2] > found[1] + 0.05).all()


def test_it_begins_from_the_path_of_its_plan(rng):
    decoder = planned(dataclasses.replace(SMALL, correction=0))
    decoder.head_kernel[...] = jnp.zeros((5, 3))
    pictures, _ = pictures_and_labels(rng, 3)
    points = write(decoder, pictures, np.arange(3), lifted=np.stack([LIFTED] * 3))
    expected = 1 / (1 + np.exp(-np.float64(decoder.plan_path[...])))
    np.testing.assert_allclose(points[..., :2], expected, rtol=1e-5)


def test_a_plan_s_path_moves_its_own_points_only(rng):
    decoder = planned()
    pictures, _ = pictures_and_labels(rng, 3)

    def told(path):
        other = nnx.clone(decoder)
        other.plan_path[...] = path
        return write(other, pictures, np.arange(3), lifted=np.stack([LIFTED] * 3))

    path = decoder.plan_path[...]
    before, after = told(path), told(path.at[1, 2].add(1.0))
    np.testing.assert_array_equal(before[np.array([0, 2])], after[np.array([0, 2])])
    assert jnp.abs(after[1, 2, :2] - before[1, 2, :2]).min() > 0.05


def test_lifts_go_with_plans_and_plans_with_lifts(rng):
    pictures, labels = pictures_and_labels(rng, 1)
    with pytest.raises(ValueError, match="lifted goes with a decoder that is told plans"):
        planned()(pictures, labels % 3)
    plain = Decoder(SMALL, contexts=10, rngs=nnx.Rngs(0))
    with pytest.raises(ValueError, match="and only with it"):
        plain(pictures, labels, lifted=LIFTED[None])


def test_later_rounds_of_the_correction_move_nothing_until_they_have_learned(rng):
    config = dataclasses.replace(SMALL, rounds=3)
    decoder = Decoder(config, contexts=10, rngs=nnx.Rngs(0))
    pictures, labels = pictures_and_labels(rng, 4)
    one, two = (write(decoder, pictures, labels, rounds=rounds) for rounds in (1, 2))
    np.testing.assert_allclose(one, write(decoder, pictures, labels), rtol=1e-6)
    assert jnp.abs(write(decoder, pictures, labels, rounds=0) - one).max() > 1e-4
    decoder.later_corrections[1].head_kernel[...] += 0.1
    assert jnp.abs(write(decoder, pictures, labels) - one).max() > 1e-4
    np.testing.assert_array_equal(write(decoder, pictures, labels, rounds=2), two)
