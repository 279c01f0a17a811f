"""A trained recogniser: pictures in, classes with calibrated probabilities out.

Which classes it reads stands beside its weights, as `strokes.classes` says; digits if it does not.
"""

import dataclasses
import functools
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from strokes.classes import DIGITS, Classes, classes_of
from strokes.errors import DataError
from strokes.facts import UNUSABLE, number
from strokes.networks.config import Kind, RecognizerConfig, recognizer_config
from strokes.networks.recognizer import (
    RecognizerParameters,
    recognizer_features,
    recognizer_shapes,
)
from strokes.parts import in_parts
from strokes.pictures.names import Centring, Form
from strokes.weights import GREY_RECOGNIZER
from strokes.weights.files import load_facts, load_weights, save_weights

Pictures = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int32]
FULL_INK: dict[Kind, float] = {"grey": 255.0, "thinned": 1.0}
"""What full ink is in a picture of each kind."""

_READ_AT_ONCE = 512
_LEAST_TEMPERATURE = 1e-3


class Recognizer(NamedTuple):
    """A trained recogniser."""

    config: RecognizerConfig
    parameters: RecognizerParameters
    facts: dict[str, Any]
    """``data``, its kind, ``temperature``, ``classes``, and what else is known of it."""

    @property
    def classes(self) -> Classes:
        """What it reads: K classes."""
        return classes_of(self.facts)

    def logits(self, pictures: Pictures) -> npt.NDArray[np.float32]:
        """Logits ``[M, K]`` of pictures ``[M, H, W]``: 0 to 255 if grey, 0 and 1 if thinned."""
        return self.seen(pictures)[:, -self.config.outputs :]

    def seen(self, pictures: Pictures) -> npt.NDArray[np.float32]:
        """The last hidden layer's units and the logits of pictures, as `logits` takes them.

        Returns:
          ``[M, units + K]``, from one program: whoever needs either compiles no other.
        """
        scale = 1.0 / FULL_INK[self.facts["data"]]
        seen = functools.partial(_seen, self.config, self.parameters, scale=scale)
        return in_parts(seen, np.asarray(pictures, np.uint8), at_once=_READ_AT_ONCE)

    def read(self, pictures: Pictures) -> Labels:
        """Labels int32 ``[M]``, numbers of classes, of pictures, as `logits` takes them."""
        return np.asarray(self.logits(pictures).argmax(axis=1), np.int32)

    def accuracy(self, pictures: Pictures, labels: Labels) -> float:
        """Share of pictures that are read as their labels ``[M]``, M at least 1."""
        return float((self.read(pictures) == labels).mean())

    def probabilities(self, pictures: Pictures) -> npt.NDArray[np.float64]:
        """Calibrated probabilities ``[M, K]`` of pictures, as `logits` takes them."""
        return self.calibrated(self.logits(pictures))

    def calibrated(self, logits: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Calibrated probabilities ``[M, K]`` of logits (Guo et al., 2017: one temperature)."""
        scaled = logits.astype(np.float64) / self.facts["temperature"]
        # SciPy's softmax takes three times as long to import as all the rest to read a digit.
        shares = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))


@functools.partial(jax.jit, static_argnums=0)
def _seen(
    config: RecognizerConfig, parameters: RecognizerParameters, pictures: jax.Array, scale: float
) -> jax.Array:
    found = recognizer_features(config, parameters, pictures.astype(jnp.float32) * scale)
    return jnp.concatenate(found, axis=1)


def top_digits(
    probabilities: npt.NDArray[np.floating], *, count: int = 3
) -> list[tuple[int, float]]:
    """The likeliest classes of probabilities ``[K]``, best first, each with its probability."""
    order = np.argsort(-probabilities, kind="stable")[:count]
    return [(int(digit), float(probabilities[digit])) for digit in order]


def form_of(recognizer: Recognizer, centring: Centring = "mass") -> Form:
    """What pictures are prepared as for it to read. Raises DataError for what are no squares."""
    height, width = recognizer.config.height, recognizer.config.width
    if height != width:
        raise DataError(f"a recogniser of pictures of {width}x{height}: only squares are prepared")
    return Form(centring, height, recognizer.classes.of_digits)


def save_recognizer(recognizer: Recognizer, path: Path, facts: dict[str, Any]) -> None:
    """Write a recogniser with its configuration and what is known of it."""
    network = dataclasses.asdict(recognizer.config)
    known = {"network": network, **recognizer.facts, **facts}
    save_weights(path, recognizer.parameters, facts=known)


def kind_of(path: Path) -> Kind:
    """The kind of pictures that a recogniser reads. Raises DataError where it is none."""
    kind = load_facts(path).get("data")
    for known in FULL_INK:
        if kind == known:
            return known
    raise DataError(f"{path}: no recogniser of grey or thinned pictures")


def load_recognizer(
    path: Path = GREY_RECOGNIZER, *, of: Kind = "grey", classes: Classes | None = DIGITS
) -> Recognizer:
    """Read a recogniser.

    Args:
      path: a file that `save_recognizer` wrote.
      of: the kind of pictures that it is to read.
      classes: what it is to read, in whatever order; None for whatever it reads.

    Raises:
      DataError: the file is missing, damaged, of another network, of another kind or of other
        classes.
    """
    facts = load_facts(path)
    try:
        config = recognizer_config(facts["network"])
        known = facts["data"] in FULL_INK
        found = classes_of(facts)
        number(facts["temperature"], lowest=_LEAST_TEMPERATURE, highest=1 / _LEAST_TEMPERATURE)
    except UNUSABLE as error:
        raise DataError(f"{path}: no recogniser ({error!s:.200})") from error
    if not known:
        raise DataError(f"{path}: no recogniser of grey or thinned digits")
    if facts["data"] != of:
        raise DataError(f"{path}: reads {facts['data']} digits, expected a recogniser of {of} ones")
    if len(found) != config.outputs:
        raise DataError(f"{path}: no recogniser ({config.outputs} logits for {len(found)} classes)")
    if classes is not None and set(found.names) != set(classes.names):
        raise DataError(f"{path}: reads other classes than expected ({classes.described})")
    (parameters,) = load_weights(path, recognizer_shapes(config))
    return Recognizer(config, parameters, facts)
