"""One tiny run and its export for the tests of all programs, and a way to run a program."""

import contextlib
import importlib
import io
import sys
from typing import NamedTuple

import filelock
import pytest

from scripts import export_dataset, train_strokes
from scripts.shared import console
from tests.few import few_digits

TINY = (
    *("--width", "8", "--layers", "1", "--points", "7", "--correction", "4", "--rounds", "2"),
    *("--batch-size", "500", "--epochs", "1"),
    *("--gate-epochs", "1", "--gate-copies", "256", "--recovery-copies", "256"),
)
"""A run of 5 steps on few digits."""


@pytest.fixture
def few(monkeypatch):
    """Some of the digits, in place of all."""
    few_digits(monkeypatch)


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id):
    """Makes a folder by a function that is told where, for all workers of this session together."""
    own = tmp_path_factory.getbasetemp()
    base = own if worker_id == "master" else own.parent

    def make(name, maker):
        folder = base / name
        done = base / f"{name}.done"
        with filelock.FileLock(base / f"{name}.lock"):
            if not done.exists():
                maker(folder)
                done.touch()
        return folder

    return make


SAID = "said.txt"
"""What training said, beside the run."""


@pytest.fixture(scope="session")
def run(once):
    """A run of one short epoch on few digits; tests leave it as it is."""

    def train(folder):
        with (
            contextlib.redirect_stderr(io.StringIO()) as said,
            pytest.MonkeyPatch.context() as patch,
        ):
            few_digits(patch)
            assert train_strokes.main(["--out", str(folder), *TINY]) == 0
        folder.with_name(SAID).write_text(said.getvalue())

    return once("run", train)


@pytest.fixture(scope="session")
def exported(run, once):
    """Its export of few digits."""

    def export(folder):
        with pytest.MonkeyPatch.context() as patch:
            few_digits(patch)
            assert export_dataset.main(["--checkpoint", str(run), "--out", str(folder)]) == 0

    return once("handwritten-mnist", export)


class Done(NamedTuple):
    """A program that has ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def program(monkeypatch, capsys):
    """Runs a program as the command line does, without a process of its own."""
    monkeypatch.setenv("COLUMNS", "100")

    def run(name, *args):
        monkeypatch.setattr(sys, "argv", [name, *map(str, args)])
        with pytest.raises(SystemExit) as left:
            console.run(importlib.import_module(name).main)
        said = capsys.readouterr()
        return Done(left.value.code, said.out, said.err)

    return run
