"""The order in which a run sees the training pictures."""

import numpy as np
import numpy.typing as npt

from strokes.classes import DIGITS, Classes
from strokes.networks.config import NetworksConfig

Indices = npt.NDArray[np.int32]


def group_by_network(
    labels: npt.NDArray[np.int32], config: NetworksConfig, classes: Classes = DIGITS
) -> list[Indices]:
    """Indices of the examples of each decoder: one group a class, or a single one.

    Raises:
      ValueError: a decoder has no example.
    """
    if not config.ensemble:
        return [np.arange(len(labels), dtype=np.int32)]
    groups = [np.flatnonzero(labels == label).astype(np.int32) for label in range(config.count)]
    missing = [name for name, group in zip(classes.names, groups, strict=True) if not len(group)]
    if missing:
        raise ValueError(
            f"no example of {classes.listed(missing)}: an ensemble needs some of each class; "
            "add some, or train a single network"
        )
    return groups


def steps_per_epoch(groups: list[Indices], batch: int) -> int:
    """Steps of ``batch`` examples for each decoder until the largest group is through."""
    return -(-max(map(len, groups)) // batch)


def epoch_plan(groups: list[Indices], batch: int, *, seed: int, epoch: int) -> Indices:
    """Which examples each step of an epoch takes.

    Every decoder goes through a permutation of its own group, so that no example is
    left out. A group that is through before the largest one starts again with another
    permutation: all decoders take equally many full batches.

    Args:
      groups: examples of each of the N decoders.
      batch: examples for each decoder in a step.
      seed: of the run.
      epoch: counted from 0; the same seed and epoch give the same plan.

    Returns:
      int32 ``[steps, N, batch]``.
    """
    steps = steps_per_epoch(groups, batch)
    generator = np.random.default_rng([seed, epoch])
    columns = []
    for group in groups:
        rounds = -(-steps * batch // len(group))
        order = np.concatenate([generator.permutation(group) for _ in range(rounds)])
        columns.append(order[: steps * batch].reshape(steps, batch))
    return np.stack(columns, axis=1)
