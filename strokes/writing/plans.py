"""Plans: the ways in which a character is written, and which of them a picture tells of.

A *plan* says how many strokes there are, where each begins, which way it runs, and in which
order. The finished picture does not show it, but hints at it. The decoder is told one. Which
one, a gate tells, a small convolutional network that sees the thinned picture and the label.
Plans of a class are numbered from 0, those that more people use first.
"""

import dataclasses
import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.facts import UNUSABLE, number, whole
from strokes.ink import Flags
from strokes.networks.config import NetworksConfig, RecognizerConfig, recognizer_config
from strokes.networks.recognizer import RecognizerParameters, recognize, recognizer_shapes
from strokes.parts import in_parts
from strokes.resampling import lifts_of_counts

Labels = npt.NDArray[np.int32]
Chances = npt.NDArray[np.float32]

_AT_ONCE = 1024
_IMPOSSIBLE = -1e9  # logit of a plan that a class does not have
_UNLIKELY = 1e-9


class Plans(NamedTuple):
    """The plans of each of C classes, K at most, and the gate that chooses among them."""

    counts: list[list[list[int]]]
    """Of each class and plan, the segments of each of its strokes."""
    config: RecognizerConfig
    """Of the gate; it has ``C K`` outputs."""
    gate: RecognizerParameters
    shared: tuple[tuple[tuple[float, ...], ...], ...] = ()
    """``[C][K][K]``: of the pictures that decoders recover (`strokes.likeness`) when they are told
    the first plan, the share that they recover when they are told the second one too. The gate
    then says how likely each plan recovers what the person did. Empty before decoders have
    learned: the gate says which plan the person followed."""

    @property
    def most(self) -> int:
        """K."""
        return self.config.outputs // len(self.counts)

    @property
    def numbers(self) -> Labels:
        """How many plans each class has, ``[C]``."""
        return np.array([len(plans) for plans in self.counts], np.int32)

    @property
    def lifted(self) -> Flags:
        """``[C, K, T]``: the segment that begins at a point of a plan is in the air."""
        points = sum(self.counts[0][0]) + len(self.counts[0][0])
        found = np.zeros((len(self.counts), self.most, points), np.bool_)
        found[..., -1] = True
        for label, plans in enumerate(self.counts):
            for plan, counts in enumerate(plans):
                found[label, plan] = lifts_of_counts(counts)
        return found

    def probabilities(self, pictures: npt.NDArray[Any], labels: Labels) -> Chances:
        """How likely each plan of each picture's class recovers what the person did.

        Before decoders have learned: how likely the person followed it.

        Args:
          pictures: thinned, ``[M, H, W]``, 0 paper and 1 ink.
          labels: ``[M]``, numbers of classes.

        Returns:
          ``[M, K]``; 0 for a plan that the class does not have. Each row is 1 together if it says
          which plan the person followed.
        """
        numbers = jnp.asarray(self.numbers)

        def told(pictures: npt.NDArray[Any], labels: Labels) -> jax.Array:
            found: jax.Array = _probabilities(
                self.config, self.gate, pictures, labels, numbers, exclusive=not self.shared
            )
            return found

        return in_parts(told, pictures, np.asarray(labels, np.int32), at_once=_AT_ONCE)


def plan_logits(
    config: RecognizerConfig,
    gate: RecognizerParameters,
    pictures: jax.Array,
    labels: jax.Array,
    numbers: jax.Array,
    *,
    dropout: float = 0.0,
    key: jax.Array | None = None,
) -> jax.Array:
    """What the gate says of pictures whose labels are known.

    Args:
      config: of the gate.
      gate: its parameters.
      pictures: ``[B, H, W]`` in [0, 1].
      labels: ``[B]``.
      numbers: how many plans each class has, ``[C]``.
      dropout: as of `recognize`.
      key: as of `recognize`.

    Returns:
      logits ``[B, K]``; far below 0 for a plan that the class does not have.
    """
    found = recognize(config, gate, pictures, dropout=dropout, key=key)
    mine = found.reshape(len(pictures), len(numbers), -1)[jnp.arange(len(pictures)), labels]
    there = jnp.arange(mine.shape[1]) < numbers[labels][:, None]
    return jnp.where(there, mine, _IMPOSSIBLE)


@functools.partial(jax.jit, static_argnums=0, static_argnames="exclusive")
def _probabilities(
    config: RecognizerConfig,
    gate: RecognizerParameters,
    pictures: jax.Array,
    labels: jax.Array,
    numbers: jax.Array,
    *,
    exclusive: bool,
) -> jax.Array:
    logits = plan_logits(config, gate, pictures.astype(jnp.float32), labels, numbers)
    return jax.nn.softmax(logits, axis=1) if exclusive else jax.nn.sigmoid(logits)


class Choice(NamedTuple):
    """Plans by which pictures are written; a row for each picture and plan."""

    rows: npt.NDArray[np.int64]
    """``[R]``: the picture, ascending."""
    plans: Labels
    """``[R]``: of one picture the best first."""
    probabilities: Chances
    """``[R]``: how likely it recovers what the person did, and none before it does."""


def choose_plans(plans: Plans, chances: Chances, labels: Labels, count: int) -> Choice:
    """The plans that most likely recover what a person wrote.

    The first choice is the plan that is likeliest to. Plans shade into each other: where a loop
    may begin anywhere along its top, what the first recovers its neighbours recover too. So the
    second choice is the plan that is likeliest to recover what the first does not; and so on.

    Args:
      plans: of the classes.
      chances: ``[M, K]``, as `Plans.probabilities` gives them.
      labels: ``[M]``.
      count: of plans for each picture; fewer where its class has fewer.

    Returns:
      choices; the probability of each is what it adds to those before it, so that those of one
      picture are 1 together at most.
    """
    shared = _shared(plans)
    left = chances.astype(np.float64)  # that a plan recovers what those chosen do not
    every = np.arange(len(labels))
    free = np.arange(plans.most) < plans.numbers[labels][:, None]
    rest = np.ones(len(labels))
    found, gains = [], []
    for _ in range(min(count, int(plans.numbers[labels].max(initial=1)))):
        best = np.where(free, left, -1.0).argmax(axis=1)
        found.append(best)
        gains.append(np.where(free[every, best], np.minimum(left[every, best], rest), -1.0))
        rest = rest - np.maximum(gains[-1], 0.0)
        both = np.minimum(chances[every, best][:, None] * shared[labels, best], chances)
        left = left * (1.0 - both / np.maximum(chances, _UNLIKELY))
        free[every, best] = False
    order, gained = np.stack(found, axis=1), np.stack(gains, axis=1)
    there = gained >= 0
    probabilities = gained[there].astype(np.float32)
    return Choice(np.nonzero(there)[0], order[there].astype(np.int32), probabilities)


def _shared(plans: Plans) -> npt.NDArray[np.float64]:
    """``[C, K, K]``."""
    shape = (len(plans.counts), plans.most, plans.most)
    found = np.broadcast_to(np.eye(plans.most), shape).copy()
    for label, table in enumerate(plans.shared):
        found[label, : len(table), : len(table)] = table
    return found


def plan_facts(plans: Plans) -> dict[str, Any]:
    """What a file says of plans, beside the gate's weights, as plain values."""
    return {
        "counts": plans.counts,
        "network": dataclasses.asdict(plans.config),
        "shared": plans.shared,
    }


def gate_shapes(facts: Any, networks: NetworksConfig, *, source: str) -> Plans:
    """Plans as `plan_facts` described them, with shapes for weights.

    Raises:
      DataError: they are damaged, or not of these networks.
    """
    try:
        config = recognizer_config(facts["network"])
        counts = [
            [[whole(n, lowest=1) for n in plan] for plan in plans] for plans in facts["counts"]
        ]
        shared = tuple(
            tuple(tuple(number(share, lowest=0, highest=1) for share in row) for row in table)
            for table in facts["shared"]
        )
    except UNUSABLE as error:
        raise DataError(f"{source}: no plans ({error!s:.200})") from error
    decoder = networks.decoder
    points = decoder.points
    fits = (
        len(counts) == networks.classes
        and all(1 <= len(plans) <= networks.plans for plans in counts)
        and all(plan for plans in counts for plan in plans)
        and all(sum(plan) + len(plan) == points for plans in counts for plan in plans)
        and config.outputs == networks.classes * networks.plans
        and (config.height, config.width) == (decoder.picture_height, decoder.picture_width)
        and (not shared or _fits(shared, counts))
    )
    if not fits:
        raise DataError(f"{source}: plans of other networks than its configuration's")
    shapes = recognizer_shapes(config)
    return Plans(counts, config, shapes, shared)


def _fits(shared: tuple[tuple[tuple[float, ...], ...], ...], counts: list[list[list[int]]]) -> bool:
    """Whether there is a share for each pair of a class's plans."""
    return [[len(row) for row in table] for table in shared] == [
        [len(plans)] * len(plans) for plans in counts
    ]


def gate_tree(plans: Plans) -> dict[str, Any]:
    """The gate's weights under names that no decoder's have."""
    return {"gate": plans.gate}
