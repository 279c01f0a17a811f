"""Recognisers: training one, fine-tuning it, and reading digits with it."""

import dataclasses
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from strokes import DIGITS, Parameters
from strokes.recognizer import RecognizerConfig, initial_recognizer, recognize
from train.augmentation import STRONG, AugmentationConfig, augment
from train.calibration import fit_temperature
from train.errors import RunError
from train.weights import load_facts, load_weights, save_weights

THINNED_READER = Path(__file__).with_name("thinned-recognizer.safetensors")
"""The recogniser that `legibility` is measured with: the preset "thinned"."""
GREY_READER = Path(__file__).with_name("recognizer.safetensors")
"""The recogniser of grey digits: the preset "cnn-augmented"."""

Pictures = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int32]
Data = Literal["grey", "thinned"]

_READ_AT_ONCE = 512
_TOP = {"grey": 255.0, "thinned": 1.0}  # what full ink is in a picture of each kind
_SHARES = np.linspace(1.0, 0.1, 10).tolist()  # of the way from old weights to fine-tuned ones
_AUGMENT_STREAM, _DROPOUT_STREAM = 0, 1


@dataclasses.dataclass(frozen=True)
class RecognitionConfig:
    """Everything that decides a recogniser's weights."""

    network: RecognizerConfig = dataclasses.field(default_factory=RecognizerConfig)
    """The network."""
    data: Data = "grey"
    """"grey", MNIST as it is, or "thinned"."""
    epochs: int = 15
    """Times that every training picture is seen."""
    batch_size: int = 250
    """Pictures in a step."""
    optimizer: Literal["adamw", "sgd"] = "adamw"
    """AdamW, or plain gradient descent."""
    learning_rate: float = 0.003
    """Learning rate; with one cycle, at its top."""
    schedule: Literal["one-cycle", "constant"] = "one-cycle"
    """L. Smith, *Super-Convergence* (2018), with cosines; or the same rate throughout."""
    weight_decay: float = 0.01
    """Decoupled decay of the weights (AdamW only)."""
    dropout: float = 0.0
    """Share of the dense layer's units that a step leaves out."""
    augmentation: AugmentationConfig = dataclasses.field(default_factory=AugmentationConfig)
    """How pictures are changed, anew in every step."""
    balanced: bool = False
    """Draw every digit equally often, however uneven the data."""
    held_out: int = 5000
    """Last training pictures that choose the best epoch and calibrate; 0: the last epoch is
    kept and certainties stay as they are."""
    seed: int = 0
    """Decides initial weights, order and changes."""

    def __post_init__(self) -> None:
        """Reject values that make no run."""
        for name, least in (("epochs", 1), ("batch_size", 1), ("held_out", 0), ("seed", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is {getattr(self, name)}, expected at least {least}")
        if not (self.learning_rate > 0 and self.weight_decay >= 0):
            raise ValueError("learning_rate must be more than 0 and weight_decay at least 0")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout is {self.dropout}, expected at least 0, less than 1")


_CNN = RecognizerConfig(channels=(32, 64), units=128)

RECOGNIZERS = {
    # Published: 98.1%. Without the shift by a pixel these rates give 97.7% here.
    "perceptron": RecognitionConfig(
        network=RecognizerConfig(channels=(), units=256),
        epochs=10,
        batch_size=200,
        optimizer="sgd",
        learning_rate=0.3,
        schedule="constant",
        weight_decay=0.0,
        augmentation=AugmentationConfig(shift=1),
        held_out=1000,
    ),
    "cnn": RecognitionConfig(network=_CNN, dropout=0.4),
    "cnn-augmented": RecognitionConfig(network=_CNN, epochs=25, dropout=0.2, augmentation=STRONG),
    "thinned": RecognitionConfig(data="thinned", epochs=12, held_out=0),
}
"""Configurations by name."""


class Reader(NamedTuple):
    """A trained recogniser."""

    config: RecognizerConfig
    parameters: Parameters
    facts: dict[str, Any]
    """``data`` and ``temperature``, and what else is known of it."""

    def logits(self, pictures: Pictures) -> npt.NDArray[np.float32]:
        """Logits ``[M, 10]`` of pictures ``[M, H, W]``: 0 to 255 if grey, 0 and 1 if thinned."""
        parts = [np.zeros((0, DIGITS), np.float32)]
        for start in range(0, len(pictures), _READ_AT_ONCE):
            part = pictures[start : start + _READ_AT_ONCE]
            # One of few sizes, so that few programs are compiled.
            size = min(_READ_AT_ONCE, 1 << (len(part) - 1).bit_length())
            padded = np.zeros((size, *part.shape[1:]), np.uint8)
            padded[: len(part)] = part
            scale = 1.0 / _TOP[self.facts["data"]]
            parts.append(np.asarray(_logits(self.config, self.parameters, padded, scale)))
            parts[-1] = parts[-1][: len(part)]
        return np.concatenate(parts)

    def read(self, pictures: Pictures) -> Labels:
        """Labels int32 ``[M]`` of pictures, as `logits` takes them."""
        return self.logits(pictures).argmax(axis=1).astype(np.int32)

    def accuracy(self, pictures: Pictures, labels: Labels) -> float:
        """Share of pictures that are read as their labels ``[M]``, M at least 1."""
        return float((self.read(pictures) == labels).mean())

    def certainties(self, pictures: Pictures) -> npt.NDArray[np.float64]:
        """Calibrated probabilities ``[M, 10]`` of pictures, as `logits` takes them."""
        return self.calibrated(self.logits(pictures))

    def calibrated(self, logits: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Calibrated probabilities ``[M, 10]`` of logits."""
        tempered = logits.astype(np.float64) / self.facts["temperature"]
        powers = np.exp(tempered - tempered.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


@functools.partial(jax.jit, static_argnums=0)
def _logits(
    config: RecognizerConfig, parameters: Parameters, pictures: jax.Array, scale: float
) -> jax.Array:
    return recognize(config, parameters, pictures.astype(jnp.float32) * scale)


class _State(NamedTuple):
    """All that changes in training."""

    parameters: Parameters
    optimizer: Any
    step: jax.Array


def _optimizer(
    config: RecognitionConfig, schedule: optax.Schedule | float
) -> optax.GradientTransformation:
    if config.optimizer == "sgd":
        return optax.sgd(schedule)
    return optax.adamw(schedule, weight_decay=config.weight_decay)


@functools.partial(jax.jit, static_argnames=("config", "optimizer"), donate_argnums=0)
def _steps(
    state: _State,
    pictures: jax.Array,
    labels: jax.Array,
    plan: jax.Array,
    *,
    config: RecognitionConfig,
    optimizer: optax.GradientTransformation,
) -> tuple[_State, jax.Array]:
    """A step for each row of ``plan``, int32 ``[steps, B]``. Gives the losses too."""

    def step(state: _State, chosen: jax.Array) -> tuple[_State, jax.Array]:
        key = jax.random.fold_in(jax.random.key(config.seed), state.step)
        shown = pictures[chosen].astype(jnp.float32) / _TOP[config.data]
        batch = augment(
            shown, config=config.augmentation, key=jax.random.fold_in(key, _AUGMENT_STREAM)
        )

        def loss_of(parameters: Parameters) -> jax.Array:
            logits = recognize(
                config.network,
                parameters,
                batch,
                dropout=config.dropout,
                key=jax.random.fold_in(key, _DROPOUT_STREAM),
            )
            losses = optax.softmax_cross_entropy_with_integer_labels(logits, labels[chosen])
            return jnp.mean(losses)

        loss, slope = jax.value_and_grad(loss_of)(state.parameters)
        updates, inner = optimizer.update(slope, state.optimizer, state.parameters)
        parameters = optax.apply_updates(state.parameters, updates)
        return _State(parameters, inner, state.step + 1), loss

    return jax.lax.scan(step, state, plan)


def _begin(parameters: Parameters, optimizer: optax.GradientTransformation) -> _State:
    return _State(parameters, optimizer.init(parameters), jnp.zeros((), jnp.int32))


def _even_chances(labels: Labels) -> npt.NDArray[np.float64]:
    """A chance for each picture, ``[M]``, so that every digit is drawn equally often."""
    weights = 1.0 / np.bincount(labels, minlength=DIGITS)[labels]
    return weights / weights.sum()


def _plan(
    labels: Labels, config: RecognitionConfig, generator: np.random.Generator
) -> npt.NDArray[np.int32]:
    """Which pictures each step of an epoch sees, ``[steps, B]``."""
    steps = len(labels) // config.batch_size
    count = steps * config.batch_size
    if config.balanced:
        order = generator.choice(len(labels), count, p=_even_chances(labels))
    else:
        order = generator.permutation(len(labels))[:count]
    return order.reshape(steps, -1).astype(np.int32)


class Epoch(NamedTuple):
    """What an epoch left."""

    reader: Reader
    loss: float
    """Mean over its steps, of changed pictures."""
    held_out_loss: float
    held_out_accuracy: float
    """Both of the held-out pictures; nan where there are none."""
    best: bool
    """Whether no epoch before read the held-out pictures as well."""


def cross_entropy(logits: npt.NDArray[np.floating], labels: Labels) -> npt.NDArray[np.float64]:
    """Loss of each picture, ``[M]``, from logits ``[M, 10]``."""
    wide = logits.astype(np.float64)
    top = wide.max(axis=1)
    total = np.log(np.exp(wide - top[:, None]).sum(axis=1)) + top
    return total - wide[np.arange(len(labels)), labels]


def train_recognizer(
    config: RecognitionConfig, pictures: Pictures, labels: Labels
) -> Iterator[Epoch]:
    """Train on pictures ``[M, H, W]``: 0 to 255 if grey, 0 and 1 if thinned.

    Yields:
      after each epoch the recogniser, calibrated if pictures are held out.

    Raises:
      RunError: fewer pictures than a batch.
    """
    count = len(pictures) - config.held_out
    if count < config.batch_size:
        raise RunError(
            f"{len(pictures)} pictures, {config.held_out} of them held out: "
            f"expected a batch of {config.batch_size} or more to train on"
        )
    total = config.epochs * (count // config.batch_size)
    rate: optax.Schedule | float = config.learning_rate
    if config.schedule == "one-cycle":
        rate = optax.cosine_onecycle_schedule(total, config.learning_rate)
    optimizer = _optimizer(config, rate)
    initial = initial_recognizer(config.network, key=jax.random.key(config.seed))
    state = _begin(initial, optimizer)
    generator = np.random.default_rng(config.seed)
    shown, answers = jnp.asarray(pictures[:count]), jnp.asarray(labels[:count])
    highest = -1.0
    for epoch in range(config.epochs):
        plan = jnp.asarray(_plan(labels[:count], config, generator))
        state, losses = _steps(state, shown, answers, plan, config=config, optimizer=optimizer)
        kept = jax.tree.map(np.asarray, state.parameters)
        facts = {"data": config.data, "temperature": 1.0, "epochs": epoch + 1}
        reader = Reader(config.network, kept, facts)
        loss = accuracy = float("nan")
        if config.held_out:
            truth = labels[count:]
            logits = reader.logits(pictures[count:])
            loss = float(cross_entropy(logits, truth).mean())
            accuracy = float((logits.argmax(axis=1) == truth).mean())
            facts["temperature"] = fit_temperature(logits, truth)
        best = not accuracy < highest  # true of nan
        highest = max(highest, accuracy) if config.held_out else highest
        yield Epoch(reader, float(losses.mean()), loss, accuracy, best)


class RangeTest(NamedTuple):
    """Losses at rising learning rates."""

    rates: npt.NDArray[np.float64]
    """``[steps]``."""
    losses: npt.NDArray[np.float64]
    """``[steps]``, smoothed."""

    @property
    def steepest(self) -> float:
        """The rate at which the loss falls fastest."""
        slopes = np.gradient(self.losses, np.log(self.rates))
        return float(self.rates[int(slopes.argmin())])


def range_test(
    config: RecognitionConfig,
    pictures: Pictures,
    labels: Labels,
    *,
    lowest: float = 1e-5,
    highest: float = 3.0,
    steps: int = 200,
) -> RangeTest:
    """Raise the learning rate at every step and see where the loss falls, and where it explodes.

    L. Smith, *Cyclical Learning Rates for Training Neural Networks* (2017). The steps after
    the loss has quadrupled are left out.
    """
    growth = (highest / lowest) ** (1.0 / (steps - 1))
    optimizer = _optimizer(config, optax.exponential_decay(lowest, 1, growth))
    initial = initial_recognizer(config.network, key=jax.random.key(config.seed))
    chosen = np.random.default_rng(config.seed).integers(
        len(pictures), size=(steps, config.batch_size), dtype=np.int32
    )
    _, found = _steps(
        _begin(initial, optimizer),
        jnp.asarray(pictures),
        jnp.asarray(labels),
        jnp.asarray(chosen),
        config=config,
        optimizer=optimizer,
    )
    losses = np.nan_to_num(np.asarray(found, np.float64), nan=np.inf)
    smooth, rates, mean = [], lowest * growth ** np.arange(steps), 0.0
    for number, loss in enumerate(losses, start=1):
        mean = 0.9 * mean + 0.1 * loss
        smooth.append(mean / (1.0 - 0.9**number))
        if smooth[-1] > 4.0 * min(smooth):
            smooth.pop()
            break
    return RangeTest(rates[: len(smooth)], np.array(smooth))


@dataclasses.dataclass(frozen=True)
class FinetuningConfig:
    """How a recogniser is taught a person's own digits."""

    steps: int = 300
    """Steps of AdamW."""
    own: int = 64
    """Own pictures in a step."""
    replayed: int = 448
    """MNIST's pictures in a step, so that they are not forgotten."""
    forgotten: float = 0.0015
    """By how much MNIST's held-out accuracy may fall, at most."""
    learning_rate: float = 0.0003
    """At the first step; it falls to 0 along a cosine."""
    augmentation: AugmentationConfig = dataclasses.field(
        default_factory=lambda: dataclasses.replace(STRONG, smallest=0.85)
    )
    """How pictures are changed, anew in every step."""
    seed: int = 0
    """Decides which pictures a step sees, and their changes."""

    def __post_init__(self) -> None:
        """Reject values that make no run."""
        for name, least in (("steps", 1), ("own", 1), ("replayed", 0), ("seed", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is {getattr(self, name)}, expected at least {least}")
        if not self.learning_rate > 0:
            raise ValueError("learning_rate must be more than 0")
        if self.forgotten < 0:
            raise ValueError(f"forgotten is {self.forgotten}, expected at least 0")


def _between(reader: Reader, further: Reader, share: float) -> Reader:
    """A recogniser whose weights lie between two others': 0 is the first, 1 the second."""

    def mixed(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return (1.0 - share) * one + share * other

    return reader._replace(parameters=jax.tree.map(mixed, reader.parameters, further.parameters))


def finetune(
    reader: Reader,
    own: tuple[Pictures, Labels],
    replay: tuple[Pictures, Labels],
    config: FinetuningConfig,
) -> Reader:
    """Teach a recogniser of grey digits a person's own, each digit equally often.

    Own pictures and MNIST's are learnt together; then the weights go back towards the old
    ones until MNIST's held-out pictures are read nearly as before (M. Wortsman et al., *Robust
    fine-tuning of zero-shot models*, 2022).

    Args:
      reader: what to begin with; it stays as it is.
      own: prepared pictures ``[M, 28, 28]`` and their labels.
      replay: MNIST's training pictures and labels; the last tenth, at most 5,000, is held out.
      config: how.
    """
    kept = len(replay[1]) - min(5000, len(replay[1]) // 10)
    held_out = replay[0][kept:], replay[1][kept:]
    generator = np.random.default_rng(config.seed)
    mine = generator.choice(len(own[1]), (config.steps, config.own), p=_even_chances(own[1]))
    theirs = generator.integers(kept, size=(config.steps, config.replayed))
    plan = np.concatenate([mine, len(own[1]) + theirs], axis=1).astype(np.int32)
    optimizer = optax.adamw(optax.cosine_decay_schedule(config.learning_rate, config.steps))
    training = RecognitionConfig(
        network=reader.config, augmentation=config.augmentation, seed=config.seed
    )
    state, _ = _steps(
        _begin(jax.tree.map(jnp.asarray, reader.parameters), optimizer),
        jnp.asarray(np.concatenate([own[0], replay[0]])),
        jnp.asarray(np.concatenate([own[1], replay[1]])),
        jnp.asarray(plan),
        config=training,
        optimizer=optimizer,
    )
    further = reader._replace(parameters=jax.tree.map(np.asarray, state.parameters))
    least = reader.accuracy(*held_out) - config.forgotten
    for share in _SHARES:
        better = _between(reader, further, share)
        if better.accuracy(*held_out) >= least:
            return better
    return reader


def save_reader(reader: Reader, path: Path, facts: dict[str, Any]) -> None:
    """Write a recogniser with its configuration and what is known of it."""
    network = dataclasses.asdict(reader.config)
    save_weights(path, reader.parameters, {"network": network, **reader.facts, **facts})


def load_reader(path: Path = THINNED_READER) -> Reader:
    """Read a recogniser.

    Raises:
      RunError: the file is missing, damaged or of another network.
    """
    facts = load_facts(path)
    try:
        sizes = dict(facts["network"])
        config = RecognizerConfig(**sizes | {"channels": tuple(sizes["channels"])})
        known = facts["data"] in _TOP and float(facts["temperature"]) > 0
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{path}: no recogniser ({error})") from error
    if not known:
        raise RunError(f"{path}: no recogniser of grey or thinned digits")
    shapes = jax.eval_shape(lambda: initial_recognizer(config, key=jax.random.key(0)))
    return Reader(config, load_weights(path, shapes), facts)
