"""A run that is killed, stopped and damaged in any order, and goes on, ends as one that is not.

A kill is an exception here, in this process; tests/soak.py sends real ones.
"""

import contextlib
import dataclasses
import functools
import json
import platform
import shutil
import signal
import tempfile
from pathlib import Path
from unittest import mock

import jax
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from datasets import load_thinned
from strokes import files
from strokes.files import SUMS_FILE
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.writing.config import DrawingConfig
from strokes.writing.writer import WRITER_FILE
from tests.train.stroke_model.tiny import TINY
from train.errors import RunError
from train.stroke_model import checkpoint, loop
from train.stroke_model.checkpoint import Checkpoints
from train.stroke_model.config import RecordingsConfig
from train.stroke_model.interrupts import StopRequest
from train.stroke_model.loop import LabelledPictures, train
from train.stroke_model.run_folder import CONFIG_FILE, RunFolder
from train.stroke_model.step import state_shapes

CONFIG = dataclasses.replace(
    TINY,
    networks=NetworksConfig(
        DecoderConfig(points=4, width=4, layers=1, correction=0), ensemble=False, plans=0
    ),
    drawing=DrawingConfig(curve="line", pieces=1),
    recordings=RecordingsConfig(source="none"),
    epochs=6,
    batch_size=10,
)
"""Of few programs, soon compiled."""
STEPS = some.integers(1, 6)
NOBODY = 2**22 + 1  # a process's number that no process has


class Killed(BaseException):
    """In the place of SIGKILL."""


class Ends:
    """A training's progress, which kills or stops it once so many steps are done."""

    def __init__(self, steps, how):
        self._left, self._how = steps, how
        self.request = StopRequest()

    def skip(self, images):
        pass

    def line(self, text):
        pass

    def advance(self, images):
        self._left -= 1
        if self._left == 0 and self._how == "killed":
            raise Killed
        if self._left == 0:
            self.request.signal_number = signal.SIGTERM


@functools.cache
def digits():
    return LabelledPictures(*(part[:40] for part in load_thinned("train")))


def go_on(folder, steps=-1, how="stopped"):
    """Train in a folder, from wherever it is, to the end or for some steps; a program is one."""
    files._sweep.cache_clear()  # it is once for each process, which this stands for
    run = RunFolder(folder)
    resume = folder.exists()
    if not resume:
        run.create(CONFIG, dataset="")
    ends = Ends(steps, how)
    with (
        mock.patch.object(loop, "_SECONDS_A_PROGRAM", 0),
        mock.patch.object(loop, "_write_sheet"),
        mock.patch.object(
            loop, "stop_on_signals", return_value=contextlib.nullcontext(ends.request)
        ),
    ):
        train(CONFIG, run, digits(), sheet=digits(), progress=ends, resume=resume)


def numbers(state):
    return [np.asarray(leaf) for leaf in jax.tree.leaves(state)]


@functools.cache
def whole():
    """The states of an uninterrupted run by their steps, its metrics and its writer's file."""
    states, run_steps = {}, loop.run_steps

    def recorded(*args, **options):
        after = run_steps(*args, **options)
        states[int(after.state.step)] = numbers(after.state)
        return after

    with tempfile.TemporaryDirectory() as name, mock.patch.object(loop, "run_steps", recorded):
        folder = Path(name) / "run"
        go_on(folder)
        return states, metrics(folder), (folder / WRITER_FILE).read_bytes()


@functools.cache
def shapes():
    """Of a state."""
    return state_shapes(CONFIG)


def metrics(folder):
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def flip(path, place):
    """Change one bit; what the file held."""
    content = path.read_bytes()
    changed = bytearray(content)
    bit = int(place * (8 * len(content) - 1))
    changed[bit // 8] ^= 1 << bit % 8
    path.write_bytes(changed)
    return content


class Run(RuleBasedStateMachine):
    """What may happen to a run's folder."""

    @initialize()
    def begin(self):
        self._place = tempfile.TemporaryDirectory()
        self.folder = Path(self._place.name) / "run"
        self.checkpoints = Checkpoints(self.folder / "checkpoints")
        go_on(self.folder, 1)

    @property
    def latest(self):
        return self.folder / "checkpoints" / str(self.checkpoints.latest_step)

    @rule(how=some.sampled_from(("at work", "within a line", "before its sums")), steps=STEPS)
    def is_killed(self, how, steps):
        unsummed = contextlib.nullcontext()
        if how == "before its sums":
            unsummed = mock.patch.object(checkpoint, "write_checksums", side_effect=Killed)
        with unsummed, contextlib.suppress(Killed):
            go_on(self.folder, steps, "killed")
        if how == "within a line":
            self._leave_halves(steps / 7)

    def _leave_halves(self, share):
        """What a process leaves that is killed as it writes."""
        line = (self.folder / "metrics.jsonl").read_text().splitlines()[-1]
        with (self.folder / "metrics.jsonl").open("a") as file:
            file.write(line[: int(share * len(line))])
        (self.folder / f".writer~{platform.node()}~{NOBODY}~0a.safetensors").write_bytes(b"half")
        (self.folder / "checkpoints" / "99.orbax-checkpoint-tmp").mkdir(exist_ok=True)

    @rule(steps=STEPS)
    def is_stopped(self, steps):
        go_on(self.folder, steps)

    @precondition(lambda self: (self.latest / SUMS_FILE).exists())
    @rule(file=some.floats(0, 1), place=some.floats(0, 1))
    def has_a_damaged_checkpoint(self, file, place):
        damaged = sorted(path for path in self.latest.rglob("*") if path.is_file())
        flip(damaged[int(file * (len(damaged) - 1))], place)
        with pytest.raises(RunError, match="damaged checkpoint") as error:
            go_on(self.folder)
        offered = f"delete {self.latest} to go on from the one before it" in str(error.value)
        assert offered == (len(list(self.latest.parent.glob("[0-9]*"))) > 1)
        shutil.rmtree(self.latest if offered else self.folder)
        if not offered:
            assert "train the run anew" in str(error.value)
            go_on(self.folder, 1)

    @rule(place=some.floats(0, 1))
    def has_a_damaged_configuration(self, place):
        content = flip(self.folder / CONFIG_FILE, place)
        with pytest.raises(RunError, match="its sum in"):
            RunFolder(self.folder).config()
        (self.folder / CONFIG_FILE).write_bytes(content)

    @invariant()
    def is_where_the_uninterrupted_run_was(self):
        states, _, _ = whole()
        found = self.checkpoints.load(shapes())
        for one, other in zip(numbers(found), states[int(found.step)], strict=True):
            np.testing.assert_array_equal(one, other)

    def teardown(self):
        if not hasattr(self, "folder"):
            return
        with self._place:
            go_on(self.folder)
            self.is_where_the_uninterrupted_run_was()
            _, lines, writer = whole()
            assert metrics(self.folder) == lines
            assert (self.folder / WRITER_FILE).read_bytes() == writer
            assert [path.name for path in self.folder.rglob("*tmp*")] == []
            assert [path.name for path in self.folder.rglob(".*~*")] == []


TestRun = Run.TestCase
TestRun.settings = settings(
    max_examples=5,
    stateful_step_count=5,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
