"""The folder of a run: configuration, metrics, events, checkpoints and sheets."""

import dataclasses
import importlib.metadata
import json
import platform
import typing
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jax

from datasets.files import atomic_path
from train.config import TrainConfig
from train.errors import RunError

CONFIG_FILE = "config.json"
METRICS_FILE = "metrics.jsonl"
CHECKPOINTS = "checkpoints"
SHEETS = "sheets"
EVENTS = "tensorboard"

_VERSIONS = (
    "jax",
    "jaxlib",
    "flax",
    "optax",
    "orbax-checkpoint",
    "numpy",
    "opencv-python-headless",
)


def device_name() -> str:
    """The first device, in words."""
    device = jax.devices()[0]
    return f"{device.platform}:{device.device_kind} ({platform.machine()})"


def _versions() -> dict[str, str]:
    return {"python": platform.python_version()} | {
        name: importlib.metadata.version(name) for name in _VERSIONS
    }


def config_to_dict(config: TrainConfig) -> dict[str, Any]:
    """The configuration as nested dicts of plain values."""
    return dataclasses.asdict(config)


def _build(kind: Any, value: Any, name: str) -> Any:
    """A value of type ``kind``, checked, from what JSON gave."""
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, dict):
            raise RunError(f"{name} is {value!r}, expected an object")
        hints = typing.get_type_hints(kind)
        unknown, missing = value.keys() - hints.keys(), hints.keys() - value.keys()
        if unknown or missing:
            raise RunError(f"{name}: unknown {sorted(unknown)}, missing {sorted(missing)}")
        return kind(**{key: _build(hints[key], value[key], f"{name}.{key}") for key in hints})  # type: ignore[operator]
    if typing.get_origin(kind) is typing.Literal:
        fits = value in typing.get_args(kind)
    elif kind is float:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    else:
        fits = type(value) is kind
    if not fits:
        wanted = getattr(kind, "__name__", None) or str(kind)
        raise RunError(f"{name} is {value!r}, expected {wanted}")
    return value


def config_from_dict(values: Any) -> TrainConfig:
    """The inverse of `config_to_dict`.

    Raises:
      RunError: a value is missing, unknown or of another type; the message names it.
    """
    try:
        config = _build(TrainConfig, values, "config")
    except ValueError as error:
        raise RunError(f"config: {error}") from error
    assert isinstance(config, TrainConfig)
    return config


class RunFolder:
    """Paths of a run's files, and how they are written."""

    def __init__(self, path: Path):
        """Name the folder; nothing is read or written yet."""
        self.path = path
        self.checkpoints = path / CHECKPOINTS
        self.metrics = path / METRICS_FILE

    def create(self, config: TrainConfig, *, dataset: str) -> None:
        """Make the folder with the exact configuration, versions and device.

        Raises:
          RunError: it holds a run, or something else, already.
        """
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise RunError(
                f"{self.path} is not empty; give another folder, or go on with --resume {self.path}"
            )
        record = {
            "config": config_to_dict(config),
            "dataset": dataset,
            "versions": _versions(),
            "device": device_name(),
        }
        with atomic_path(self.path / CONFIG_FILE) as temporary:
            temporary.write_text(json.dumps(record, indent=2) + "\n")

    def record(self) -> dict[str, Any]:
        """What `create` wrote.

        Raises:
          RunError: there is no run here, or its configuration is damaged.
        """
        place = self.path / CONFIG_FILE
        try:
            record = json.loads(place.read_text())
        except OSError as error:
            raise RunError(
                f"{self.path} holds no run ({place}: {error.strerror}); "
                "give the folder that train_strokes wrote"
            ) from error
        except ValueError as error:
            raise RunError(f"{place}: damaged ({error})") from error
        if not isinstance(record, dict) or "config" not in record:
            raise RunError(f"{place}: damaged (no configuration in it)")
        return record

    def config(self) -> TrainConfig:
        """The configuration of the run. Raises as `record` does."""
        return config_from_dict(self.record()["config"])

    def append_metrics(self, lines: Iterable[dict[str, float | int]]) -> None:
        """Add one line for each step to ``metrics.jsonl``."""
        with self.metrics.open("a") as file:
            file.write("".join(json.dumps(line) + "\n" for line in lines))

    def cut_metrics(self, step: int) -> None:
        """Drop lines after ``step``: a resumed run writes those steps again."""
        if not self.metrics.exists():
            return
        kept = []
        for line in self.metrics.read_text().splitlines():
            try:
                entry = json.loads(line)
            except ValueError:  # half a line, from a run that was killed as it wrote
                break
            if entry["step"] > step:
                break
            kept.append(line + "\n")
        with atomic_path(self.metrics) as temporary:
            temporary.write_text("".join(kept))

    def sheet(self, epoch: int) -> Path:
        """Where the sheet of an epoch (counted from 1) goes."""
        return self.path / SHEETS / f"epoch-{epoch:03d}.png"
