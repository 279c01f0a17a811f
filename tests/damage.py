"""Damage of all kinds, done and counted: malformed files, flipped bits, killed trainings."""

import contextlib
import resource
import sys
import tempfile
from pathlib import Path

import numpy as np


def malformed_files(count):
    """So many malformed files and all bombs, read in this process, which has done nothing else."""
    from tests.malformed import main as read_all

    with contextlib.redirect_stdout(sys.stderr):
        tally = read_all(count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"files": tally.total(), "faults": tally["FAULT"], "peak_megabytes": round(peak)}


def flipped_bits(count):
    """How many of so many single bits that change are noticed: weights, plans, a checkpoint."""
    from strokes.weights import GREY_RECOGNIZER, SHIPPED_WRITER
    from strokes.weights.sealed import read_sealed, write_sealed
    from tests.train.stroke_model.tiny import PLAIN
    from train.stroke_model.checkpoint import Checkpoints
    from train.stroke_model.run_folder import RunFolder
    from train.stroke_model.step import initial_state

    generator = np.random.default_rng(0)
    state = initial_state(PLAIN, 10)
    with tempfile.TemporaryDirectory() as name:
        run = RunFolder(Path(name) / "run")
        run.create(PLAIN, dataset="")
        Checkpoints(run.checkpoints).save(state)
        for source in (GREY_RECOGNIZER, SHIPPED_WRITER):
            write_sealed(run.path / source.name, *read_sealed(source))
        files = [path for path in run.path.rglob("*") if path.is_file()]
        noticed = 0
        for number in range(count):
            path = files[number % len(files)]
            whole = path.read_bytes()
            changed = bytearray(whole)
            bit = int(generator.integers(8 * len(whole)))
            changed[bit // 8] ^= 1 << bit % 8
            path.write_bytes(changed)
            try:
                run.config()
                Checkpoints(run.checkpoints).load(state)
                for source in (GREY_RECOGNIZER, SHIPPED_WRITER):
                    read_sealed(run.path / source.name)
            except Exception as error:
                noticed += type(error).__name__ in ("DataError", "RunError")
            path.write_bytes(whole)
    return {"flipped": count, "noticed": noticed}


def killed_trainings(count):
    """A training that is killed so often, and one that is not."""
    from tests.train.stroke_model.kills import EPOCHS, differences, finish, run_with_kills, start

    with tempfile.TemporaryDirectory() as name:
        folder, whole = Path(name) / "killed", Path(name) / "whole"
        finish(start(whole, EPOCHS * (count + 1), plans=False))
        hit = run_with_kills(folder, count, plans=False, rng=np.random.default_rng(0))
        return {"killed": hit, "differences": differences(folder, whole)}
