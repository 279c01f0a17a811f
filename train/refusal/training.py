"""Training the head that tells digits from what is none, on what a recogniser saw of both."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from strokes.ink import Recording
from strokes.reading.recognizer import Recognizer
from strokes.reading.refusal import Head, Refusal, features_of, head_scores, head_shapes
from train.refusal.nondigits import (
    Pictures,
    draw_fast,
    line,
    lines_and_arcs,
    make_pictures,
    scribble,
    spoilt,
)

REFUSED = 0.01
"""Share of digits under the threshold."""

_EPOCHS, _BATCH, _RATE, _DECAY = 25, 256, 2e-3, 1e-3
_SHARES = {"lines": 0.2, "scribbles": 0.22, "lines and arcs": 0.4, "spoilt": 0.18}


class Examples(NamedTuple):
    """Pictures to learn from, uint8 ``[n, 28, 28]``."""

    digits: Pictures
    others: Pictures


def make_examples(
    digits: Pictures,
    recordings: list[Recording],
    *,
    drawn: int,
    others: int,
    generator: np.random.Generator,
) -> Examples:
    """Digits, some of them drawn from recordings, and what is none.

    Args:
      digits: pictures, as MNIST's.
      recordings: of digits.
      drawn: how many of them are drawn, with various pens.
      others: how many pictures of what is no digit.
      generator: of randomness.
    """
    chosen = generator.permutation(len(recordings))[:drawn]
    pens = [
        draw_fast([stroke[:, :2] for stroke in recordings[one].strokes], generator=generator)
        for one in chosen
    ]
    kinds = {
        "lines": line,
        "scribbles": scribble,
        "lines and arcs": lines_and_arcs,
        "spoilt": spoilt(recordings),
    }
    made = [
        make_pictures(kinds[name], round(share * others), generator=generator)
        for name, share in _SHARES.items()
    ]
    known = np.array(pens, np.uint8).reshape(-1, *digits.shape[1:])
    return Examples(np.concatenate([digits, known]), np.concatenate(made))


def train_refusal(
    recognizer: Recognizer,
    examples: Examples,
    held_out: Pictures,
    *,
    seed: int,
    facts: dict[str, Any],
) -> Refusal:
    """Train a head, and choose the threshold under which one held-out digit in a hundred lies.

    Args:
      recognizer: of grey digits.
      examples: to learn from.
      held_out: digits that are not among them.
      seed: of initial weights and order.
      facts: what else is to be known of it.
    """
    features = np.concatenate([features_of(recognizer, pictures) for pictures in examples])
    wanted = np.repeat([1.0, 0.0], [len(pictures) for pictures in examples]).astype(np.float32)
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-3
    head = _trained(head_shapes(recognizer), (features - mean) / spread, wanted, seed=seed)
    first = head["weights 0"] / spread[:, None]  # so that it reads features as they come
    head |= {"weights 0": first, "bias 0": head["bias 0"] - mean @ first}
    head = jax.tree.map(lambda leaf: leaf.astype(jnp.float16).astype(jnp.float32), head)
    scores = np.asarray(head_scores(head, features_of(recognizer, held_out)))
    return Refusal(recognizer, head, float(np.quantile(scores, REFUSED)), facts)


def _trained(
    shapes: dict[str, jax.ShapeDtypeStruct],
    features: npt.NDArray[np.float32],
    wanted: npt.NDArray[np.float32],
    *,
    seed: int,
) -> Head:
    generator = np.random.default_rng(seed)
    head = {
        name: jnp.asarray(
            generator.normal(0.0, np.sqrt(2.0 / shape.shape[0]), shape.shape)
            if name.startswith("weights")
            else np.zeros(shape.shape),
            jnp.float32,
        )
        for name, shape in shapes.items()
    }
    steps = _EPOCHS * (len(features) // _BATCH)
    optimizer = optax.adamw(optax.cosine_decay_schedule(_RATE, max(steps, 1)), weight_decay=_DECAY)
    state = optimizer.init(head)

    @jax.jit
    def step(head: Head, state: Any, inputs: jax.Array, targets: jax.Array) -> tuple[Head, Any]:
        def loss(head: Head) -> jax.Array:
            scores = head_scores(head, inputs)
            return optax.sigmoid_binary_cross_entropy(scores, targets).mean()

        updates, state = optimizer.update(jax.grad(loss)(head), state, head)
        return optax.apply_updates(head, updates), state

    for _ in range(_EPOCHS):
        order = generator.permutation(len(features))
        for start in range(0, len(order) - _BATCH + 1, _BATCH):
            rows = order[start : start + _BATCH]
            head, state = step(head, state, features[rows], wanted[rows])
    return head
