"""Teaching a recogniser a person's own digits, or other characters, without forgetting the rest.

M. Wortsman et al., *Robust fine-tuning of zero-shot models* (2022): the weights end between
the old ones and the fine-tuned ones.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from strokes.reading.recognizer import Labels, Pictures, Recognizer
from train.errors import RunError
from train.recognizer.config import FinetuningConfig, RecognitionConfig
from train.recognizer.sampling import picture_chances
from train.recognizer.training import held_out_places, initial_state, run_steps

_SHARES = np.linspace(1.0, 0.1, 10).tolist()  # of the way from old weights to fine-tuned ones
_MOST_HELD_OUT = 5000  # of the pictures that are replayed


def split(labels: Labels, held_out: float, *, seed: int) -> tuple[Labels, Labels]:
    """Own pictures to teach and own pictures to test.

    Args:
      labels: ``[M]``, M at least 1.
      held_out: share of each class that is tested, in [0, 1), rounded down.
      seed: decides which.

    Returns:
      indices of those to teach, and of those to test, int32.
    """
    generator = np.random.default_rng(seed)
    taught, tested = [], []
    for label in np.unique(labels):
        places = generator.permutation(np.flatnonzero(labels == label))
        count = int(held_out * len(places))
        tested.append(places[:count])
        taught.append(places[count:])
    return np.concatenate(taught).astype(np.int32), np.concatenate(tested).astype(np.int32)


def finetune(
    recognizer: Recognizer,
    own: tuple[Pictures, Labels],
    replay: tuple[Pictures, Labels],
    config: FinetuningConfig,
    *,
    writers: Labels | None = None,
) -> Recognizer:
    """Teach a recogniser of grey pictures a person's own, each class equally often.

    Own pictures and those of others are learnt together; then the weights go back towards the old
    ones until held-out pictures of others are read nearly as before.

    Args:
      recognizer: what to begin with; it stays as it is.
      own: prepared pictures ``[M, H, W]`` and their labels, numbers of the recogniser's classes.
      replay: those that it was trained with, MNIST's if it reads digits. A tenth, at most 5,000, is
        held out (`train.recognizer.training.held_out_places`).
      config: how.
      writers: who wrote those that are replayed, where that is known: whole writers are held out.

    Raises:
      RunError: all of ``replay`` would be held out.
    """
    wanted = min(_MOST_HELD_OUT, max(1, len(replay[1]) // 10))
    replayed, judging = held_out_places(replay[1], wanted, writers)
    if not len(replayed):
        raise RunError(
            f"{len(replay[1])} pictures of others, all of them held out: expected more, or of "
            "more writers"
        )
    held_out = replay[0][judging], replay[1][judging]
    further = _taught(recognizer, own, replay, replayed, config)
    least = recognizer.accuracy(*held_out) - config.forgotten
    for share in _SHARES:
        better = _between(recognizer, further, share)
        if better.accuracy(*held_out) >= least:
            return better
    return recognizer


def _taught(
    recognizer: Recognizer,
    own: tuple[Pictures, Labels],
    replay: tuple[Pictures, Labels],
    replayed: Labels,
    config: FinetuningConfig,
) -> Recognizer:
    """After all steps, each on own pictures and on some of those in the places ``replayed``."""
    generator = np.random.default_rng(config.seed)
    training = RecognitionConfig(
        network=recognizer.config,
        augmentation=config.augmentation,
        sampling="class-balanced",
        seed=config.seed,
    )
    chances = picture_chances(own[1], training)
    mine = generator.choice(len(own[1]), (config.steps, config.own), p=chances)
    theirs = replayed[generator.integers(len(replayed), size=(config.steps, config.replayed))]
    order = np.concatenate([mine, len(own[1]) + theirs], axis=1).astype(np.int32)
    optimizer = optax.adamw(optax.cosine_decay_schedule(config.learning_rate, config.steps))
    state, _ = run_steps(
        initial_state(jax.tree.map(jnp.asarray, recognizer.parameters), optimizer),
        jnp.asarray(np.concatenate([own[0], replay[0]])),
        jnp.asarray(np.concatenate([own[1], replay[1]])),
        jnp.asarray(order),
        config=training,
        optimizer=optimizer,
    )
    return recognizer._replace(parameters=jax.tree.map(np.asarray, state.parameters))


def _between(recognizer: Recognizer, further: Recognizer, share: float) -> Recognizer:
    """A recogniser whose weights lie between two others': 0 is the first, 1 the second."""

    def mixed(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return (1.0 - share) * one + share * other

    parameters = jax.tree.map(mixed, recognizer.parameters, further.parameters)
    return recognizer._replace(parameters=parameters)
