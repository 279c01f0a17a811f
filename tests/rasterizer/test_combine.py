import jax
import jax.numpy as jnp
import numpy as np
import pytest

from rasterizer.combine import combine_max, combine_sum
from rasterizer.lines import LINES, Pixels, Segments
from tests.conftest import random_points
from tests.rasterizer.kinds import drawn, each_kind

CENTRES = (jnp.arange(9) + 0.5) / 9
PIXELS = Pixels(CENTRES[None, :, None], CENTRES[:, None, None])


def some_segments(rng, count, batch=2):
    ends = [jnp.asarray(rng.uniform(0.1, 0.9, (count, batch)), jnp.float32) for _ in range(4)]
    softness = jnp.asarray(np.exp(rng.uniform(3.3, 4.5, (count, batch))), jnp.float32)
    return LINES["capsule"].prepare(Segments(*ends, softness))


@pytest.mark.parametrize("count", [1, 2, 3, 8, 9])
def test_each_segment_by_itself_then_all_together(rng, count):
    line, segments = LINES["capsule"], some_segments(rng, count)
    one = [jax.tree.map(lambda leaf, k=k: leaf[k], segments) for k in range(count)]
    ink = jax.jit(lambda segment: line.ink(line.score(segment, PIXELS)))
    inks = np.stack([ink(segment) for segment in one])
    for combine, expected in ((combine_sum, inks.sum(0)), (combine_max, inks.max(0))):
        combined = jax.jit(lambda segments, combine=combine: combine(line, segments, PIXELS))
        np.testing.assert_allclose(combined(segments), expected, rtol=1e-5)


def test_a_pixel_s_gradient_goes_to_one_of_two_equally_bright_segments(rng):
    line, lone = LINES["capsule"], some_segments(rng, 1)
    twice = jax.tree.map(lambda leaf: jnp.concatenate([leaf, leaf]), lone)

    slopes = jax.jit(jax.grad(lambda segments: jnp.sum(combine_max(line, segments, PIXELS))))

    found, expected = (jax.tree.leaves(slopes(segments)) for segments in (twice, lone))
    for both, alone in zip(found, expected, strict=True):
        np.testing.assert_allclose(both.sum(0), alone[0], rtol=1e-4, atol=1e-5)


@each_kind
def test_a_lone_segment_is_the_same_either_way(rng, line, combine):
    points = random_points(rng, 5, points=2)
    np.testing.assert_allclose(
        drawn(points, line=line, combine=combine),
        drawn(points, line=line, combine="sum" if combine == "max" else "max"),
        atol=1e-5,
    )


def test_the_order_of_strokes_does_not_matter(rng):
    ends = random_points(rng, 6, points=2)
    lifted = np.float32([1.0, 1.0, np.exp(-4.0)])

    def chain(order):
        return drawn(np.stack([p for k in order for p in (ends[k, 0], ends[k, 1] * lifted)]))

    np.testing.assert_allclose(chain(range(6)), chain([5, 2, 0, 3, 1, 4]), atol=1e-5)


@each_kind
def test_memory_does_not_grow_with_segments_times_pixels(line, combine):
    """Compiled temporaries for 80 segments stay near those for 10."""

    def temporaries(count):
        points = jax.ShapeDtypeStruct((64, count + 1, 3), jnp.float32)

        def total(p):
            return jnp.sum(drawn(p, line=line, combine=combine) ** 2)

        compiled = jax.jit(jax.grad(total)).lower(points).compile()
        return compiled.memory_analysis().temp_size_in_bytes

    field = 64 * 28 * 28 * 4
    assert temporaries(80) < temporaries(10) + 2 * field
