"""What is no digit is said to be none: a score of how like a digit a picture is.

A recogniser's ten chances sum to 1 whatever it is shown. What its layers saw of the picture tells
more: its features, its logits and their energy, the logarithm of the sum of their exponentials
(Liu et al., *Energy-based out-of-distribution detection*, 2020). A small network, the *head*,
learned from these to tell digits from strokes that are none (`train.refusal`): lines, scribbles,
spoilt digits. It never saw a letter. The threshold is the score under which one digit in a
hundred lies.
"""

import functools
import itertools
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from strokes.errors import DataError
from strokes.facts import UNUSABLE, number
from strokes.pictures.names import SIDE
from strokes.reading.recognizer import Pictures, Recognizer, load_recognizer
from strokes.weights import REFUSAL
from strokes.weights.files import load_facts, load_weights, save_weights

HIDDEN = (64, 32)
"""Units of the head's layers."""

Head = dict[str, jax.Array]
"""Of layer i, from 0, ``weights i`` ``[inputs, outputs]`` and ``bias i`` ``[outputs]``."""


class Refusal(NamedTuple):
    """A recogniser's head that tells digits from what is none."""

    recognizer: Recognizer
    """Whose features the head reads."""
    head: Head
    threshold: float
    """A picture of a lower score is no digit."""
    facts: dict[str, Any]

    def read(self, pictures: Pictures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Calibrated probabilities ``[M, 10]`` of pictures, and which are no digit, ``[M]``.

        The same as of `Recognizer.probabilities` and of `refused`, in one pass.
        """
        features = features_of(self.recognizer, pictures)
        config = self.recognizer.config
        logits = features[:, config.units : config.units + config.outputs]
        scores = np.asarray(head_scores(self.head, features))
        return self.recognizer.calibrated(logits), scores < self.threshold

    def scores(self, pictures: Pictures) -> npt.NDArray[np.float32]:
        """How like a digit each of some pictures is: ``[M]``, log-odds.

        Args:
          pictures: prepared, ``[M, S, S]``; those of another size than 28x28 are scaled.
        """
        if pictures.shape[1:] != (SIDE, SIDE):
            pictures = np.stack([cv2.resize(one, (SIDE, SIDE)) for one in pictures])
        return np.asarray(head_scores(self.head, features_of(self.recognizer, pictures)))

    def refused(self, pictures: Pictures) -> npt.NDArray[np.bool_]:
        """Which of them are no digit, ``[M]``."""
        return self.scores(pictures) < self.threshold


def features_of(recognizer: Recognizer, pictures: Pictures) -> npt.NDArray[np.float32]:
    """What a head reads of pictures ``[M, H, W]``, 0 to 255: units, logits, energy, ``[M, F]``."""
    seen = recognizer.seen(pictures)
    logits = seen[:, recognizer.config.units :]
    highest = logits.max(axis=1, keepdims=True)
    energy = highest + np.log(np.exp(logits - highest).sum(axis=1, keepdims=True))
    return np.concatenate([seen, energy], axis=1)


def feature_count(recognizer: Recognizer) -> int:
    """F: how many numbers a head reads."""
    return recognizer.config.units + recognizer.config.outputs + 1


@jax.jit
def head_scores(head: Head, features: jax.typing.ArrayLike) -> jax.Array:
    """Log-odds ``[M]`` that what has these features ``[M, F]`` is a digit."""
    hidden = jnp.asarray(features)
    layers = len(head) // 2
    for layer in range(layers):
        hidden = hidden @ head[f"weights {layer}"] + head[f"bias {layer}"]
        if layer < layers - 1:
            hidden = jax.nn.relu(hidden)
    return hidden[:, 0]


def head_shapes(recognizer: Recognizer) -> dict[str, jax.ShapeDtypeStruct]:
    """The shapes of a recogniser's head."""
    sizes = (feature_count(recognizer), *HIDDEN, 1)
    found = {}
    for layer, (inputs, outputs) in enumerate(itertools.pairwise(sizes)):
        found[f"weights {layer}"] = jax.ShapeDtypeStruct((inputs, outputs), np.float32)
        found[f"bias {layer}"] = jax.ShapeDtypeStruct((outputs,), np.float32)
    return found


def save_refusal(refusal: Refusal, path: Path) -> None:
    """Write a head with its threshold, in half precision."""
    facts = refusal.facts | {"threshold": refusal.threshold}
    save_weights(path, refusal.head, facts=facts)


@functools.cache
def load_refusal(path: Path = REFUSAL) -> Refusal:
    """Read the head of the shipped recogniser of grey digits.

    Raises:
      DataError: the file is missing or damaged, or holds something else.
    """
    facts = load_facts(path)
    try:
        threshold = number(facts["threshold"])
    except UNUSABLE as error:
        raise DataError(
            f"{path}: no weights that tell digits from what is none ({error})"
        ) from error
    recognizer = load_recognizer()
    (head,) = load_weights(path, head_shapes(recognizer))
    return Refusal(recognizer, head, threshold, facts)
