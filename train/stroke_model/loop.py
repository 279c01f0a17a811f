"""The training loop: epochs, metrics, sheets, checkpoints, stopping and going on."""

import contextlib
import functools
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from rasterizer import NeuralLine
from strokes.classes import DIGITS, Classes
from strokes.files import atomic_path
from strokes.formats.png import encode_png
from strokes.writing.writer import WRITER_FILE, Writer, save_writer
from train.errors import RunError
from train.figures.sheet import training_sheet
from train.progress import Progress
from train.stroke_model.batches import Digits
from train.stroke_model.checkpoint import Checkpoints
from train.stroke_model.config import TrainConfig
from train.stroke_model.events import Events
from train.stroke_model.interrupts import StopRequest, stop_on_signals
from train.stroke_model.model import writer_of
from train.stroke_model.order import Indices, epoch_plan, group_by_network, steps_per_epoch
from train.stroke_model.parallel import Devices
from train.stroke_model.plans import save_run_plans
from train.stroke_model.recovery import learn_recovery
from train.stroke_model.run_folder import EVENTS, RunFolder
from train.stroke_model.step import EpochState, TrainState, initial_state, metric_names, run_steps
from train.stroke_model.teachers import Teachers, find_teachers

_SHOWN = 100  # classes on a sheet, at most
_SECONDS_A_PROGRAM = 1.0  # a stop waits for this long at most, and progress shows as often


class LabelledPictures(NamedTuple):
    """Pictures, uint8 ``[M, H, W]`` of 0 and 1, and their labels, int32 ``[M]``."""

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int32]


class Outcome(NamedTuple):
    """How a run ended."""

    state: TrainState
    stopped_by: int | None
    """The signal that stopped it before its end, if one did."""


class _Plan(NamedTuple):
    groups: list[Indices]
    batch: int
    epoch_steps: int
    total_steps: int


def _make_plan(config: TrainConfig, labels: npt.NDArray[np.int32], classes: Classes) -> _Plan:
    try:
        groups = group_by_network(labels, config.networks, classes)
    except ValueError as error:
        raise RunError(str(error)) from error
    batch = config.batch_size // config.networks.count
    steps = steps_per_epoch(groups, batch)
    return _Plan(groups, batch, steps, steps * config.epochs)


def total_images(
    config: TrainConfig, labels: npt.NDArray[np.int32], classes: Classes = DIGITS
) -> int:
    """Images that a whole run goes through, some more than once an epoch.

    Raises:
      RunError: a decoder has none.
    """
    plan = _make_plan(config, labels, classes)
    return plan.total_steps * config.batch_size


class _RunContext(NamedTuple):
    """What stays the same from epoch to epoch."""

    config: TrainConfig
    plan: _Plan
    folder: RunFolder
    digits: Digits
    teachers: Teachers
    chances: npt.NDArray[np.float32] | None
    """``[M, K]``: how likely each training picture is of each plan."""
    neural_line: NeuralLine | None
    events: Events | None
    """None in a process that writes no files."""
    shown: LabelledPictures
    """What sheets show."""
    progress: Progress
    stop: StopRequest
    devices: Devices
    classes: Classes

    def writer(self, state: TrainState) -> Writer:
        """What the run has learned so far."""
        alone = self.devices.here(state)
        return writer_of(self.config, alone, self.neural_line, self.teachers.plans, self.classes)

    def asked_to_stop(self) -> bool:
        """Whether any process was; then all stop."""
        if self.devices.any(bool(self.stop)) and not self.stop:
            self.stop.signal_number = signal.SIGTERM
        return bool(self.stop)


def _programs(
    run: _RunContext, state: EpochState, epoch: int, first: int
) -> Iterator[tuple[int, EpochState]]:
    """Run the rest of an epoch in programs of about a second; yields (next step, state)."""
    plan, config = run.plan, run.config
    order, examples, digits = run.devices.everywhere(
        (
            epoch_plan(plan.groups, plan.batch, seed=config.seed, epoch=epoch),
            run.teachers.examples(epoch),
            run.teachers.planned(run.digits, run.chances, epoch),
        )
    )
    steps = 1
    while first < plan.epoch_steps:
        stop = min(first + run.devices.told(steps), plan.epoch_steps)
        started = time.perf_counter()
        state = run_steps(
            state,
            digits,
            examples,
            order,
            jnp.int32(first),
            jnp.int32(stop),
            run.neural_line,
            config=config,
            total_steps=plan.total_steps,
            rounds=config.rounds(epoch),
            mesh=run.devices.mesh if run.devices.count > 1 else None,
        )
        jax.block_until_ready(state)
        rate = (stop - first) / (time.perf_counter() - started)
        # The first program also compiles, so the rate rises; grow fourfold at most.
        steps = max(1, min(int(rate * _SECONDS_A_PROGRAM), 4 * steps))
        first = stop
        yield first, state


def _metric_lines(
    metrics: dict[str, jax.Array], epoch: int, first: int, stop: int, epoch_steps: int
) -> list[dict[str, float | int]]:
    values = {name: np.asarray(column) for name, column in metrics.items()}
    return [
        {"step": epoch * epoch_steps + index + 1, "epoch": epoch + 1}
        | {name: float(column[index]) for name, column in values.items()}
        for index in range(first, stop)
    ]


def _sheet_pictures(sheet: LabelledPictures) -> LabelledPictures:
    """The first picture of each label, of many labels those that are spread over all."""
    labels, first = np.unique(sheet.labels, return_index=True)
    if len(labels) > _SHOWN:
        chosen = np.linspace(0, len(labels) - 1, _SHOWN).astype(int)
        labels, first = labels[chosen], first[chosen]
    return LabelledPictures(sheet.images[first], labels.astype(np.int32))


def _write_sheet(run: _RunContext, epoch: int, state: TrainState) -> None:
    writer, digits = run.writer(state), run.shown
    written = next(writer.write_thinned(digits.images, digits.labels))
    height, width = digits.images.shape[1:]
    drawings = writer.draw(written.points, height=height, width=width)
    picture = training_sheet(digits.images, written.points, written.pen_up, drawings)
    with atomic_path(run.folder.sheet(epoch)) as temporary:
        temporary.write_bytes(encode_png(picture))


def _non_finite(folder: RunFolder, state: TrainState) -> RunError:
    return RunError(
        f"loss is not finite at step {int(state.step)}; "
        f"{folder.path} keeps the last checkpoint. Try a lower learning rate or a tighter clip"
    )


def _load_or_start(checkpoints: Checkpoints, fresh: TrainState, resume: bool) -> TrainState:
    """The state to begin with: the latest checkpoint's, if the run goes on and has one."""
    going_on = resume and checkpoints.latest_step is not None
    return checkpoints.load(fresh) if going_on else fresh


def train(
    config: TrainConfig,
    folder: RunFolder,
    digits: LabelledPictures,
    *,
    sheet: LabelledPictures,
    progress: Progress,
    resume: bool = False,
    devices: Devices | None = None,
) -> Outcome:
    """Train, writing everything into the run's folder, which must have its configuration.

    A checkpoint is written at the end of each epoch, and when SIGINT or SIGTERM asks
    to stop. Going on from one repeats an uninterrupted run's losses exactly: the order
    of the pictures, the learning rate and all randomness follow from seed and step.

    Args:
      config: of the run.
      folder: where to write.
      digits: the training pictures.
      sheet: pictures of which the first of each label is drawn after every epoch, and once in
        the middle of the first, for who waits.
      progress: where to report.
      resume: go on from the latest checkpoint; without one, start.
      devices: that train together, all that there are unless given. If they are of several
        processes, each calls this with the same arguments; the first one writes the files.

    Raises:
      RunError: the loss is not finite, checkpoint or configuration cannot be used, or the folder
        cannot be written any more; what was committed before stays.
    """
    devices = devices or Devices()
    classes = folder.classes()
    plan = _make_plan(config, digits.labels, classes)
    check_shares(config, devices)
    neural_line = folder.neural_line()
    checkpoints = Checkpoints(folder.checkpoints)
    with _resumable(folder), stop_on_signals() as stop:
        teachers = _find_teachers(config, folder, devices, progress, stop)
        if teachers is None:
            return Outcome(initial_state(config, plan.total_steps), stop.signal_number)
        chances = None
        if teachers.plans is not None:
            chances = devices.told(teachers.plans.probabilities(digits.images, digits.labels))
        fresh, on_device, neural_line = devices.everywhere(
            (
                initial_state(config, plan.total_steps, teachers.plan_paths()),
                Digits(jnp.asarray(digits.images), jnp.asarray(digits.labels)),
                neural_line,
            )
        )
        state = _load_or_start(checkpoints, fresh, resume)
        done = int(state.step)
        progress.skip(done * config.batch_size)
        events = None
        if devices.first:
            folder.cut_metrics(done)
            events = Events(folder.path / EVENTS, done=done)
        run = _RunContext(
            config,
            plan,
            folder,
            on_device,
            teachers,
            chances,
            neural_line,
            events,
            _sheet_pictures(sheet),
            progress,
            stop,
            devices,
            classes,
        )
        if devices.first and done < plan.total_steps:
            folder.recovery_file.unlink(missing_ok=True)
        for epoch in range(done // plan.epoch_steps, config.epochs):
            first = int(state.step) - epoch * plan.epoch_steps
            state = _run_epoch(run, state, epoch, first)
            folder.check_there()
            checkpoints.save(state)
            if devices.first:
                save_writer(run.writer(state), folder.path / WRITER_FILE)
            if stop:
                return Outcome(state, stop.signal_number)
            if devices.first:
                _write_sheet(run, epoch + 1, state)
        finished = not devices.first or _learn_recovery(run, state)
        if devices.first:
            # Their gate may be another one now, which knows more.
            plans = None if teachers.plans is None else folder.plans().plans
            save_writer(run.writer(state)._replace(plans=plans), folder.path / WRITER_FILE)
    return Outcome(state, None if finished else stop.signal_number)


def check_shares(config: TrainConfig, devices: Devices) -> None:
    """Refuse examples that cannot be shared out evenly.

    Raises:
      RunError: so it is.
    """
    pictures = config.batch_size // config.networks.count
    examples = pictures + config.recordings.beside(pictures)
    if examples % devices.count:
        raise RunError(
            f"{devices.count} devices: each decoder's {examples} examples of a step (batch_size, "
            "share) cannot be shared out evenly; give --devices, or another --batch-size"
        )


def _find_teachers(
    config: TrainConfig, folder: RunFolder, devices: Devices, progress: Progress, stop: StopRequest
) -> Teachers | None:
    """What teaches; the first process finds plans, the others read them."""
    find = functools.partial(find_teachers, config, folder.plans_file, classes=folder.classes())
    found = None
    if devices.first:
        found = find(say=progress.line, stop=lambda: bool(stop))
    if not devices.told(found is not None):
        return None
    return found or find()


@contextlib.contextmanager
def _resumable(folder: RunFolder) -> Iterator[None]:
    """Say how to go on where the run's folder can be written no more."""
    try:
        yield
    except OSError as error:
        if error.filename is None or not Path(error.filename).is_relative_to(folder.path):
            raise
        raise RunError(
            f"{error.filename}: {error.strerror}; go on with --resume {folder.path}"
        ) from error


def _learn_recovery(run: _RunContext, state: TrainState) -> bool:
    """Keep a gate that knows which plans recover what people did; whether it was not stopped."""
    found, deformer = run.teachers.found, run.teachers.deformer
    if found is None or deformer is None or run.folder.recovery_file.exists():
        return True
    run.progress.line("learning which plans recover what people wrote ...")
    plans = learn_recovery(
        run.writer(state),
        deformer,
        seed=run.config.seed,
        copies=run.config.recovery_copies,
        strength=run.config.recovery_strength,
        stop=lambda: bool(run.stop),
    )
    if plans is not None:
        save_run_plans(found._replace(plans=plans), run.folder.recovery_file)
    return plans is not None


def _run_epoch(run: _RunContext, state: TrainState, epoch: int, first: int) -> TrainState:
    """Run an epoch from step ``first`` on, to its end or to the stop that is asked for."""
    config, plan = run.config, run.plan
    names = metric_names(config)
    blank = {name: jnp.zeros(plan.epoch_steps, jnp.float32) for name in names}
    reached = start = run.devices.everywhere(EpochState(state, blank, jnp.asarray(True)))
    lines: list[dict[str, float | int]] = []
    started = time.perf_counter()
    for after, reached in _programs(run, start, epoch, first):
        if not bool(reached.finite):
            raise _non_finite(run.folder, reached.state)
        new = _metric_lines(reached.metrics, epoch, first, after, plan.epoch_steps)
        if run.devices.first:
            run.folder.append_metrics(new)
        run.progress.advance((after - first) * config.batch_size)
        lines += new
        if run.devices.first and epoch == 0 and first < plan.epoch_steps // 2 <= after:
            _write_sheet(run, 1, reached.state)
        first = after
        if run.asked_to_stop():
            break
    seconds = time.perf_counter() - started
    means = {name: float(np.mean([line[name] for line in lines])) for name in names}
    rate = len(lines) * config.batch_size / seconds
    scalars = {f"train/{name}": value for name, value in {**means, "images_per_s": rate}.items()}
    if run.events is not None:
        run.events.add(scalars, int(reached.state.step))
    what = "stopped in epoch" if run.stop else "epoch"
    run.progress.line(
        f"{what} {epoch + 1}/{config.epochs}: loss {means['loss']:.5f}, "
        f"mse {means['mse']:.5f}, {rate:,.0f} images/s"
    )
    return reached.state
