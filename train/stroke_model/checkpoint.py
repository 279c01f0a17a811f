"""Checkpoints: the only module that knows Orbax.

Orbax writes a checkpoint under a temporary name and moves it into place, so that a
killed run leaves whole checkpoints only. A checkpoint's name is the number of steps done.
"""

import logging
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import jax
import numpy as np
import orbax.checkpoint.experimental.v1 as ocp

from train.errors import RunError
from train.stroke_model.step import TrainState

logging.getLogger("absl").setLevel(logging.ERROR)  # Orbax logs every file that it touches

_KEPT = 2


def _described(tree: Any) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and type of each leaf by its path, whatever containers hold them."""

    def key(entry: Any) -> str:
        for attribute in ("key", "idx", "name"):
            if hasattr(entry, attribute):
                return str(getattr(entry, attribute))
        return str(entry)

    leaves, _ = jax.tree.flatten_with_path(tree)
    return {
        ".".join(key(entry) for entry in path): (tuple(leaf.shape), str(np.dtype(leaf.dtype)))
        for path, leaf in leaves
    }


class Checkpoints:
    """The checkpoints of one run. A context manager; the last two are kept."""

    def __init__(self, folder: Path):
        """Open a folder of checkpoints, or prepare one that does not exist yet."""
        self.folder = folder
        self._orbax = ocp.training.Checkpointer(
            folder.absolute(),
            preservation_policy=ocp.training.preservation_policies.LatestN(_KEPT),
            cleanup_tmp_directories=True,
        )

    def __enter__(self) -> Self:
        """Open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""
        self._orbax.close()

    @property
    def latest_step(self) -> int | None:
        """Steps done at the latest checkpoint, or None where there is none."""
        latest = self._orbax.latest
        return None if latest is None else latest.step

    def save(self, state: TrainState) -> None:
        """Write a checkpoint; one of the same step is replaced."""
        self._orbax.save(int(state.step), state, overwrite=True)

    def load(self, like: TrainState) -> TrainState:
        """Read the latest checkpoint.

        Args:
          like: a state of the expected structure, shapes and types; its values are unused.

        Raises:
          RunError: there is no checkpoint, it is damaged, or it has other shapes.
        """
        step = self.latest_step
        if step is None:
            raise RunError(f"{self.folder}: no checkpoint; train a run first")
        place = self.folder / str(step)
        wanted = _described(like)
        device = jax.sharding.SingleDeviceSharding(jax.devices()[0])
        abstract = jax.tree.map(
            lambda leaf: jax.ShapeDtypeStruct(leaf.shape, leaf.dtype, sharding=device), like
        )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = _described(self._orbax.metadata(step).metadata)
                mismatch = _first_mismatch(found, wanted)
                state = None if mismatch else self._orbax.load(step, abstract)
        except Exception as error:  # Orbax raises whatever its storage layers do
            reason = str(error).strip().splitlines()[0][:120] if str(error).strip() else ""
            raise RunError(
                f"{place}: damaged checkpoint ({type(error).__name__}: {reason}); "
                f"delete {place} to go on from an earlier one"
            ) from error
        if mismatch:
            raise RunError(f"{place}: {mismatch}; the checkpoint is of another configuration")
        assert isinstance(state, TrainState)
        return state


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
