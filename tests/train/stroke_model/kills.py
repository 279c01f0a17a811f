"""A tiny training in a process of its own, killed at random moments and resumed."""

import dataclasses
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from tests import processes
from tests.train.stroke_model.tiny import PLAIN, TINY
from train.stroke_model.run_folder import RunFolder

EPOCHS = 3
"""For each kill, and as many to end with: so many that a run does not end before it is killed."""


class Silent:
    """Progress that nobody sees."""

    def skip(self, images):
        pass

    def advance(self, images):
        pass

    def line(self, text):
        pass


def _train(folder, config):
    """Train in this process, from wherever the folder is."""
    from datasets import load_thinned
    from train.stroke_model.loop import LabelledPictures, train

    digits = LabelledPictures(*(part[:120] for part in load_thinned("train")))
    run = RunFolder(folder)
    resume = folder.exists()
    if not resume:
        run.create(config, dataset="")
    train(config, run, digits, sheet=digits, progress=Silent(), resume=resume)


def start(folder, epochs, *, plans):
    """Begin or go on with a run, in a process of its own."""
    return processes.start("tests.train.stroke_model.kills", folder, epochs, "plans" * plans)


def finish(process):
    """Wait for a run's end."""
    processes.finish(process, timeout=1800)


def committed(folder):
    """Steps of the latest checkpoint, 0 before there is one."""
    found = folder.glob("checkpoints/*")
    return max((int(path.name) for path in found if path.name.isdecimal()), default=0)


def kill_once(process, folder, delay):
    """Kill a run a while after it committed a further checkpoint; False if it ended before."""
    before = committed(folder)
    while committed(folder) == before and process.poll() is None:
        time.sleep(0.01)
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    said, _ = process.communicate(timeout=60)
    assert process.returncode in (0, -signal.SIGKILL), said
    return process.returncode == -signal.SIGKILL


def run_with_kills(folder, kills, *, plans, rng):
    """A run that is killed so many times and then left to end; gives how many hit it."""
    epochs = EPOCHS * (kills + 1)
    hit = 0
    for _ in range(kills):
        process = start(folder, epochs, plans=plans)
        hit += kill_once(process, folder, rng.uniform(0.0, 0.5))
    finish(start(folder, epochs, plans=plans))
    return hit


def differences(folder, whole):
    """In what two runs differ: metrics, the last checkpoint, plans; nothing if they are equal."""
    from train.stroke_model.checkpoint import Checkpoints
    from train.stroke_model.step import initial_state

    found = []
    lines = [(run / "metrics.jsonl").read_text().splitlines() for run in (folder, whole)]
    if list(map(json.loads, lines[0])) != list(map(json.loads, lines[1])):
        found.append("metrics")
    import jax

    like = initial_state(RunFolder(whole).config(), 10)
    states = [Checkpoints(run / "checkpoints").load(like) for run in (folder, whole)]
    pairs = zip(*map(jax.tree.leaves, states), strict=True)
    if not all(np.array_equal(one, other) for one, other in pairs):
        found.append("checkpoint")
    for path in whole.glob("*.safetensors"):
        if (folder / path.name).read_bytes() != path.read_bytes():
            found.append(path.name)
    return found


if __name__ == "__main__":
    path, epochs, plans = sys.argv[1:]
    base = TINY if plans else PLAIN
    _train(Path(path), dataclasses.replace(base, epochs=int(epochs)))
