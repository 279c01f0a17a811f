"""Checkpoints: the only module that knows Orbax.

Orbax writes a checkpoint under a temporary name and moves it into place, so that a killed run
leaves whole checkpoints only. A checkpoint's name is the number of steps done. The sums of its
files are written last, and checked before anything of it is believed; runs of version 0.1 have
none, nor has a checkpoint whose run was killed in that very instant: such are read as they are.
"""

import contextlib
import logging
import re
import shutil
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import numpy as np
import orbax.checkpoint.experimental.v1 as ocp

from strokes.errors import DataError
from strokes.files import SUMS_FILE, read_checksums, sha256, write_checksums, writing
from train.errors import RunError
from train.stroke_model.step import TrainState

# Orbax logs every file that it touches, and every error with its traceback.
logging.getLogger("absl").setLevel(logging.CRITICAL)

_KEPT = 2
_ORBAX_ENDS = 1.0  # seconds that each of its threads is waited for where it cannot write


def _named(tree: Any) -> dict[str, Any]:
    """The leaves of a tree by their paths, whatever containers hold them."""

    def key(entry: Any) -> str:
        for attribute in ("key", "idx", "name"):
            if hasattr(entry, attribute):
                return str(getattr(entry, attribute))
        return str(entry)

    leaves, _ = jax.tree.flatten_with_path(tree)
    return {".".join(map(key, path)): leaf for path, leaf in leaves}


def _described(tree: Any) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and type of each leaf by its path."""
    return {
        name: (tuple(leaf.shape), str(np.dtype(leaf.dtype))) for name, leaf in _named(tree).items()
    }


@contextlib.contextmanager
def _written_to(place: Path) -> Iterator[None]:
    """Let what Orbax raises when it cannot write be an `OSError` that names the checkpoint."""
    with writing(place):
        try:
            yield
        except ValueError as error:  # of TensorStore, with the system's number in its text
            code = re.search(r"os_error_code='(\d+)'", str(error))
            if code is None:
                raise
            raise OSError(int(code[1]), "") from error


class Checkpoints:
    """The checkpoints of one run; the last two are kept."""

    def __init__(self, folder: Path):
        """Name the folder; it is made when the first checkpoint is written."""
        self.folder = folder

    def _opened(self) -> ocp.training.Checkpointer:
        return ocp.training.Checkpointer(
            self.folder.absolute(),
            preservation_policy=ocp.training.preservation_policies.LatestN(_KEPT),
            cleanup_tmp_directories=True,
        )

    def _steps(self) -> list[int]:
        """Of the checkpoints that were committed, the earliest first."""
        if not self.folder.is_dir():
            return []
        return sorted(int(path.name) for path in self.folder.iterdir() if path.name.isdecimal())

    @property
    def latest_step(self) -> int | None:
        """Steps done at the latest checkpoint, or None where there is none."""
        return max(self._steps(), default=None)

    def save(self, state: TrainState) -> None:
        """Write a checkpoint; one of the same step is replaced.

        Where several processes train together, each calls this, and the first one writes.

        Raises:
          OSError: it cannot be written; those that are there stay.
        """
        place, others = self.folder / str(int(state.step)), threading.enumerate()
        try:
            with _written_to(place), self._opened() as orbax:
                orbax.save(int(place.name), state, overwrite=True)
        except BaseException:
            for thread in set(threading.enumerate()) - set(others):
                thread.join(_ORBAX_ENDS)  # it may be making folders still
            for left in self.folder.glob(f"{place.name}.*tmp*"):
                shutil.rmtree(left, ignore_errors=True)
            raise
        if jax.process_index() == 0:
            write_checksums(_files(place), place / SUMS_FILE)

    def load(self, like: TrainState) -> TrainState:
        """Read the latest checkpoint.

        Args:
          like: a state of the expected structure, shapes, types and devices; its values are unused.

        Raises:
          RunError: there is no checkpoint, it has other shapes, or it is damaged; then the one
            before is offered.
        """
        steps = self._steps()
        if not steps:
            raise RunError(f"{self.folder}: no checkpoint; train a run first")
        *earlier, latest = steps
        try:
            return self._read(latest, like)
        except DataError as error:
            advice = "there is no whole one before it: train the run anew"
            whole = (step for step in reversed(earlier) if self._is_whole(step, like))
            if (step := next(whole, None)) is not None:
                place = self.folder / str(latest)
                advice = f"delete {place} to go on from the one before it, of step {step}"
            raise RunError(f"{error}; {advice}") from error

    def _is_whole(self, step: int, like: TrainState) -> bool:
        try:
            self._read(step, like)
        except (DataError, RunError):
            return False
        return True

    def _read(self, step: int, like: TrainState) -> TrainState:
        """A checkpoint.

        Raises:
          DataError: it is damaged.
          RunError: it has other shapes.
        """
        place = self.folder / str(step)
        if reason := _damage(place):
            raise DataError(f"{place}: damaged checkpoint ({reason})")
        state = self._restored(step, like)
        for name, leaf in _named(state).items():
            if not np.isfinite(np.asarray(leaf)).all():
                raise DataError(f"{place}: damaged checkpoint ({name} is not finite)")
        return state

    def _restored(self, step: int, like: TrainState) -> TrainState:
        """What Orbax makes of a checkpoint. Raises as `_read`."""
        place = self.folder / str(step)
        alone = jax.sharding.SingleDeviceSharding(jax.local_devices()[0])
        abstract = jax.tree.map(
            lambda leaf: jax.ShapeDtypeStruct(
                leaf.shape, leaf.dtype, sharding=leaf.sharding or alone
            ),
            like,
        )
        try:
            with warnings.catch_warnings(), self._opened() as orbax:
                warnings.simplefilter("ignore")
                found = _described(orbax.metadata(step).metadata)
                if not found:
                    raise ValueError("its arrays are not there")
                mismatch = _first_mismatch(found, _described(like))
                state = None if mismatch else orbax.load(step, abstract)
        except Exception as error:  # Orbax raises whatever its storage layers do
            reason = str(error).strip().split("\n", 1)[0][:120]
            raise DataError(
                f"{place}: damaged checkpoint ({type(error).__name__}: {reason})"
            ) from error
        if mismatch:
            raise RunError(f"{place}: {mismatch}; the checkpoint is of another configuration")
        assert isinstance(state, TrainState)
        return state


def _files(place: Path) -> list[Path]:
    """A checkpoint's files, without their sums."""
    return sorted(path for path in place.rglob("*") if path.is_file() and path.name != SUMS_FILE)


def _damage(place: Path) -> str | None:
    """What is not as it was written, if the checkpoint has sums and anything is not."""
    if not (place / SUMS_FILE).exists():
        return None
    try:
        sums = read_checksums(place / SUMS_FILE)
        there = {path.relative_to(place).as_posix(): path for path in _files(place)}
        if strange := sorted(sums.keys() ^ there.keys()):
            return f"{strange[0]} is {'missing' if strange[0] in sums else 'not in its sums'}"
        wrong = [name for name, path in there.items() if sha256(path) != sums[name]]
    except (OSError, ValueError) as error:
        return f"its sums cannot be read: {error}"
    return f"{wrong[0]} has another sum than was written" if wrong else None


def _first_mismatch(
    found: dict[str, tuple[tuple[int, ...], str]], wanted: dict[str, tuple[tuple[int, ...], str]]
) -> str | None:
    """The first leaf that is absent or has another shape or type, in words."""
    for name in sorted(wanted.keys() | found.keys()):
        if found.get(name) != wanted.get(name):
            return f"{name} is {_words(found.get(name))}, expected {_words(wanted.get(name))}"
    return None


def _words(leaf: tuple[tuple[int, ...], str] | None) -> str:
    return "absent" if leaf is None else f"{leaf[1]}{list(leaf[0])}"
