"""What is measured: rasterizer, training, inference, export, thinning, each beside its baseline.

Each figure is the best of several repeats, warm, everything computed before the clock is read.
"""

import dataclasses
import functools
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import jax
import jax.numpy as jnp
import numpy as np
import optax

from datasets import load_thinned
from datasets.thinned import thickened
from rasterizer import CombineName, LineName, render
from scripts.benchmark.quality import first_looks, looks
from scripts.shared import console
from strokes.networks.stack import decode, initial_parameters
from strokes.pictures.thinning import thin
from strokes.writing.writer import load_writer
from tests import reference
from train.export.export import export
from train.export.sources import MNIST_NAME, mnist_sources
from train.stroke_model.batches import Digits
from train.stroke_model.config import TrainConfig
from train.stroke_model.order import epoch_plan, group_by_network
from train.stroke_model.presets import PresetName, preset
from train.stroke_model.step import EpochState, initial_state, metric_names, run_steps
from train.stroke_model.teachers import find_teachers

_STEPS = 8  # training steps in a measured call
_EXPORTED = 70_000
_REFERENCE_BATCH = 640


@dataclasses.dataclass(frozen=True)
class Record:
    """One figure."""

    name: str
    batch: int
    images_per_s: float
    ratio: float | None = None
    """Times faster than the baseline."""
    baseline: str | None = None
    baseline_images_per_s: float | None = None
    seconds: float | None = None
    """Time to a quality."""
    thousands: float | None = None
    """Times that the literal reference trains 1,000 images meanwhile."""


def seconds(call: Callable[[], Any], repeats: int) -> float:
    """Least time of a call, its results computed; the first call only warms up."""
    jax.block_until_ready(call())
    best = float("inf")
    for _ in range(repeats):
        started = time.perf_counter()
        jax.block_until_ready(call())
        best = min(best, time.perf_counter() - started)
    return best


def _random_points(batch: int) -> jax.Array:
    generator = np.random.default_rng(0)
    place = generator.uniform(0.1, 0.9, (batch, 20, 2))
    softness = np.exp(generator.uniform(3.5, 5.5, (batch, 20, 1)))
    return jnp.asarray(np.concatenate([place, softness], axis=-1), jnp.float32)


def _raster(line: LineName, combine: CombineName, batch: int, repeats: int) -> list[Record]:
    points = _random_points(batch)
    weights = jnp.asarray(np.random.default_rng(1).normal(size=(batch, 28, 28)), jnp.float32)

    def fast(points: jax.Array) -> jax.Array:
        return render(points, line=line, combine=combine)

    def literal(points: jax.Array) -> jax.Array:
        return jax.vmap(lambda one: reference.draw(one, line, combine))(points)

    records = []
    for name, backward in (("forward", False), ("forward+backward", True)):
        speeds = []
        for draw, times in ((fast, repeats), (literal, max(3, repeats // 3))):

            def pullback(points: jax.Array, draw: Callable[..., jax.Array] = draw) -> Any:
                picture, pull = jax.vjp(draw, points)
                return picture, pull(weights)

            call = jax.jit(pullback if backward else draw)
            speeds.append(batch / seconds(functools.partial(call, points), times))
        records.append(
            Record(
                f"raster/{line}+{combine}/{name}",
                batch,
                speeds[0],
                speeds[0] / speeds[1],
                "literal oracle, plain autodiff",
                speeds[1],
            )
        )
    return records


def _training_speed(config: TrainConfig, repeats: int) -> float:
    images, labels = load_thinned("train")
    groups = group_by_network(labels, config.networks)
    batch = config.batch_size // config.networks.count
    plan = jnp.asarray(epoch_plan(groups, batch, seed=0, epoch=0)[:_STEPS])
    # The gate, which a step does not use, need not be good.
    teachers = find_teachers(dataclasses.replace(config, gate_epochs=1))
    assert teachers is not None
    assert teachers.plans is not None
    digits = teachers.planned(
        Digits(jnp.asarray(images), jnp.asarray(labels)),
        teachers.plans.probabilities(images, labels),
        epoch=0,
    )
    examples = teachers.examples(epoch=0)
    blank = {name: jnp.zeros(_STEPS) for name in metric_names(config)}
    state = initial_state(config, 1000, teachers.plan_paths())
    epoch = [EpochState(state, blank, jnp.asarray(True))]

    def call() -> EpochState:
        epoch[0] = run_steps(
            epoch[0],
            digits,
            examples,
            plan,
            jnp.int32(0),
            jnp.int32(_STEPS),
            config=config,
            total_steps=1000,
        )
        return epoch[0]

    return config.batch_size * _STEPS / seconds(call, repeats)


def _reference_training_speed(batch: int, repeats: int) -> float:
    images, labels = (part[:batch] for part in load_thinned("train"))
    pictures, digits = jnp.asarray(images, jnp.float32), jnp.asarray(labels)
    optimizer = optax.adam(0.001)
    parameters = reference.masked_parameters(jax.random.key(0))

    @jax.jit
    def step(parameters: Any, state: Any) -> Any:
        slopes = jax.grad(reference.masked_loss)(parameters, pictures, digits)
        updates, state = optimizer.update(slopes, state, parameters)
        return optax.apply_updates(parameters, updates), state

    state = optimizer.init(parameters)
    return batch / seconds(lambda: step(parameters, state), repeats)


def _train(name: PresetName, batch: int, repeats: int) -> Record:
    config = dataclasses.replace(preset(name), batch_size=batch)
    ours = _training_speed(config, repeats)
    theirs = _reference_training_speed(batch, 2)
    return Record(
        f"train/{name}", batch, ours, ours / theirs, "literal reference model, masked", theirs
    )


def _quality() -> list[Record]:
    # Before and after: the machine may slow down in between.
    theirs = [_reference_training_speed(_REFERENCE_BATCH, 2)]
    reached = first_looks(looks(preset("demo")))
    theirs.append(_reference_training_speed(_REFERENCE_BATCH, 2))
    a_thousand = 1000.0 / max(theirs)
    return [
        Record(
            f"quality/iou {goal:.2f}",
            preset("demo").batch_size,
            look.images / look.seconds,
            seconds=look.seconds,
            thousands=look.seconds / a_thousand,
        )
        for goal, look in reached.items()
    ]


def _reference_inference_speed(batch: int, repeats: int) -> float:
    images, labels = (part[:batch] for part in load_thinned("test"))
    pictures, digits = jnp.asarray(images, jnp.float32), jnp.asarray(labels)
    write = jax.jit(jax.vmap(reference.masked_points, (None, 0, 0)))
    parameters = reference.masked_parameters(jax.random.key(0))
    return batch / seconds(lambda: write(parameters, pictures, digits), repeats)


def _inference(name: PresetName, batch: int, repeats: int) -> Record:
    networks = preset(name).networks
    parameters = initial_parameters(networks, key=jax.random.key(0))
    images, _ = load_thinned("test")
    each = batch // networks.count
    pictures = jnp.asarray(images[:batch].reshape(networks.count, each, 28, 28), jnp.float32)
    told = jnp.zeros((networks.count, each), jnp.int32)  # each digit's first plan
    lifted = jnp.zeros((*told.shape, networks.decoder.points), bool)
    call = jax.jit(functools.partial(decode, networks))
    least = seconds(lambda: call(parameters, pictures, told, lifted=lifted), repeats)
    ours, theirs = batch / least, _reference_inference_speed(_REFERENCE_BATCH, 2)
    return Record(
        f"inference/{name}", batch, ours, ours / theirs, "literal reference model, masked", theirs
    )


def _export() -> Record:
    writer = load_writer()
    with (
        tempfile.TemporaryDirectory() as folder,
        console.ProgressBar(_EXPORTED, label="exporting") as bar,
    ):
        started = time.perf_counter()
        export(writer, mnist_sources(), Path(folder), bar, name=MNIST_NAME)
        spent = time.perf_counter() - started
    return Record("export", _EXPORTED, _EXPORTED / spent)


def _thinning() -> Record:
    """Thin digits that were thickened; single-threaded."""
    images, _ = load_thinned("test")
    grey = thickened(images)
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    least = seconds(lambda: thin(grey), 3)
    cv2.setNumThreads(threads)
    return Record("thinning", len(grey), len(grey) / least)


def jobs(
    batches: Sequence[int], train_batches: Sequence[int], *, repeats: int
) -> list[tuple[str, Callable[[], list[Record]]]]:
    """What there is to measure, by name.

    Args:
      batches: of the rasterizer.
      train_batches: of the training step.
      repeats: times that each is measured; the best counts.
    """
    found: list[tuple[str, Callable[[], list[Record]]]] = []
    kinds: list[tuple[LineName, CombineName]] = [
        ("capsule", "max"),
        ("capsule", "sum"),
        ("box", "max"),
        ("box", "sum"),
    ]
    for line, combine in kinds:
        for batch in batches:
            job = functools.partial(_raster, line, combine, batch, repeats)
            found.append((f"raster/{line}+{combine}", job))
    of_models: list[tuple[str, Callable[..., Record], Sequence[int]]] = [
        ("train", _train, train_batches),
        ("inference", _inference, (640, 5120)),
    ]
    models: tuple[PresetName, ...] = ("standard", "demo")
    for kind, measure, sizes in of_models:
        for name in models:
            for batch in sizes:
                call = functools.partial(measure, name, batch, repeats)
                found.append((f"{kind}/{name}", lambda call=call: [call()]))  # type: ignore[misc]
    found.append(("quality", _quality))
    found.append(("export", lambda: [_export()]))
    found.append(("thinning", lambda: [_thinning()]))
    return found
