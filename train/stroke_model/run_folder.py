"""The folder of a run: configuration, metrics, events, checkpoints and sheets.

To look into one loads no JAX; what is of the neural line does.
"""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strokes.classes import DIGITS, Classes, classes_of
from strokes.errors import DataError
from strokes.files import (
    SUMS_FILE,
    atomic_path,
    checksums_hold,
    read_json,
    write_checksums,
    writing,
)
from strokes.weights import SHIPPED_WRITER
from train.device import device_name, versions
from train.errors import RunError
from train.stroke_model.config import TrainConfig
from train.stroke_model.config_files import config_from_dict, config_to_dict

if TYPE_CHECKING:
    from rasterizer import NeuralLine
    from train.stroke_model.plans import RunPlans

CONFIG_FILE = "config.json"
METRICS_FILE = "metrics.jsonl"
CHECKPOINTS = "checkpoints"
SHEETS = "sheets"
EVENTS = "tensorboard"
NEURAL_LINE = "neural-line.safetensors"
PLANS = "plans.safetensors"
RECOVERY = "recovery.safetensors"


class RunFolder:
    """Paths of a run's files, and how they are written."""

    def __init__(self, path: Path):
        """Name the folder; nothing is read or written yet."""
        self.path = path
        self.checkpoints = path / CHECKPOINTS
        self.metrics = path / METRICS_FILE
        self.plans_file = path / PLANS
        self.recovery_file = path / RECOVERY
        self._line_copy = path / NEURAL_LINE

    def create(self, config: TrainConfig, *, dataset: str, classes: Classes = DIGITS) -> None:
        """Make the folder with the exact configuration, classes, versions, device, and their sums.

        A run that draws with the neural line keeps a copy of its weights.

        Args:
          config: of the run.
          dataset: what it learns from, in words.
          classes: of the run's set.

        Raises:
          RunError: it holds a run, or something else, already.
          DataError: there are no such weights.
          OSError: it cannot be written.
        """
        self.check_free()
        record = {
            "config": config_to_dict(config),
            "dataset": dataset,
            **classes.facts(),
            "versions": versions(),
            "device": device_name(),
        }
        if config.drawing.line == "neural":
            from train.neural_line.weights import line_file, load_line

            source = line_file(config.neural_line)
            load_line(source)
            with atomic_path(self._line_copy) as temporary:
                shutil.copyfile(source, temporary)
        self._write(record)

    def check_free(self) -> None:
        """Refuse a folder in which no run can begin.

        Raises:
          RunError: it holds a run, or something else, already.
        """
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise RunError(
                f"{self.path} is not empty; give another folder, or go on with --resume {self.path}"
            )

    def change(self, config: TrainConfig) -> None:
        """Let the run go on under another configuration; the one of before is kept beside it.

        Raises:
          RunError: there is no run here, or its configuration is damaged.
          OSError: it cannot be written.
        """
        record = self.record()
        before = [*record.get("earlier_configs", []), record["config"]]
        self._write(record | {"config": config_to_dict(config), "earlier_configs": before})

    def _write(self, record: dict[str, Any]) -> None:
        with atomic_path(self.path / CONFIG_FILE) as temporary:
            temporary.write_text(json.dumps(record, indent=2) + "\n")
        kept = [path for path in (self.path / CONFIG_FILE, self._line_copy) if path.exists()]
        write_checksums(kept, self.path / SUMS_FILE)

    def record(self) -> dict[str, Any]:
        """What `create` wrote.

        Raises:
          RunError: there is no run here, or its configuration is damaged.
        """
        place = self.path / CONFIG_FILE
        sums = self.path / SUMS_FILE  # runs of version 0.1 have none
        if not place.is_file():
            raise RunError(
                f"{self.path} holds no run (no file {place}); "
                "give the folder that train_strokes wrote"
            )
        if sums.exists() and not checksums_hold(sums):
            names = f"{CONFIG_FILE} or {NEURAL_LINE}"
            raise RunError(
                f"{self.path}: {names} is damaged, or was changed: its sum in {SUMS_FILE} does not "
                f"hold; put the right one back, or delete {sums} if the change was meant"
            )
        try:
            record = read_json(place)
        except DataError as error:
            raise RunError(str(error)) from error
        if not isinstance(record, dict) or "config" not in record:
            raise RunError(f"{place}: damaged (no configuration in it)")
        return record

    def config(self) -> TrainConfig:
        """The configuration of the run. Raises as `record` does."""
        return config_from_dict(self.record()["config"])

    def classes(self) -> Classes:
        """What the run's model writes; digits where its record says nothing.

        Raises:
          RunError: there is no run here, or its classes are damaged.
        """
        record = self.record()
        try:
            classes = classes_of(record)
        except (TypeError, ValueError) as error:
            raise RunError(f"{self.path / CONFIG_FILE}: damaged ({error!s:.200})") from error
        expected = config_from_dict(record["config"]).networks.classes
        if len(classes) != expected:
            raise RunError(
                f"{self.path / CONFIG_FILE}: damaged ({len(classes)} classes, expected {expected})"
            )
        return classes

    def neural_line(self) -> "NeuralLine | None":
        """Weights of the neural line, if the run draws with it.

        Raises:
          DataError: they are missing or damaged.
        """
        config = self.config()
        if config.drawing.line != "neural":
            return None
        from train.neural_line.weights import line_file, load_line

        # Runs of before format 2 kept no copy.
        kept = self._line_copy
        return load_line(kept if kept.exists() else line_file(config.neural_line))

    def plans(self) -> "RunPlans":
        """The plans of the run, with the gate that knows most of them.

        That is, once decoders have learned, the one that says which plans recover what people did.

        Raises:
          DataError: they are missing or damaged.
        """
        from train.stroke_model.plans import load_run_plans

        known = self.recovery_file if self.recovery_file.exists() else self.plans_file
        return load_run_plans(known, self.config())

    def append_metrics(self, lines: Iterable[dict[str, float | int]]) -> None:
        """Add one line for each step to ``metrics.jsonl``.

        Raises:
          RunError: the run's folder is there no more.
          OSError: they cannot be written.
        """
        self.check_there()
        with writing(self.metrics), self.metrics.open("a") as file:
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

    def check_there(self) -> None:
        """Refuse to go on in a folder that was taken away: half a run would stand there.

        Raises:
          RunError: so it is.
        """
        if not (self.path / CONFIG_FILE).exists():
            raise RunError(f"{self.path}: the run's folder has vanished; train it anew")

    def sheet(self, epoch: int) -> Path:
        """Where the sheet of an epoch (counted from 1) goes."""
        return self.path / SHEETS / f"epoch-{epoch:03d}.png"


def checkpoint_classes(path: Path) -> Classes:
    """What a model writes, before it is loaded: of a run's folder, or a file of weights.

    Raises:
      RunError, DataError: as `check_checkpoint`.
    """
    if path == SHIPPED_WRITER:
        return DIGITS
    if path.suffix != ".safetensors":
        return RunFolder(path).classes()
    from strokes.weights.sealed import read_sealed

    try:
        return classes_of(read_sealed(path).facts)
    except (TypeError, ValueError) as error:
        raise DataError(f"{path}: no stroke model ({error!s:.200})") from error


def check_checkpoint(path: Path) -> None:
    """Refuse early what no writer can be read from: no run's folder, no file of weights.

    Raises:
      RunError: there is nothing, or no run.
      DataError: the run's configuration is damaged.
    """
    if path.suffix != ".safetensors":
        RunFolder(path).config()
    elif not path.is_file():
        raise RunError(f"{path}: no such file; give a run's folder, or what release_model packed")
