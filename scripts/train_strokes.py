"""Train a stroke model on the 60,000 thinned training digits.

The run's folder gets the exact configuration, versions and device, metrics.jsonl,
TensorBoard events, checkpoints, and a sheet of pictures after every epoch. Ctrl-C or
SIGTERM finishes the step, saves and exits; --resume goes on with the same losses as
if nothing had happened. With --epochs it goes on for longer, and the schedule is stretched.

Example:
  python -m scripts.train_strokes --out out/run --epochs 10
  python -m scripts.train_strokes --resume out/run
  python -m scripts.train_strokes --resume out/run --epochs 60

All devices of the machine share each step's examples. Several machines with one file system
train together when each begins the same command with its own --process:
  python -m scripts.train_strokes --coordinator host0:8476 --processes 2 --process 0
  python -m scripts.train_strokes --coordinator host0:8476 --processes 2 --process 1
"""

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from scripts.shared import console
from scripts.shared.memory import use_large_pages
from train.errors import RunError
from train.stroke_model.config import TrainConfig, lengthened
from train.stroke_model.presets import PRESETS, Budget, PresetName, preset
from train.stroke_model.run_folder import CONFIG_FILE, EVENTS, RunFolder


@dataclasses.dataclass(frozen=True)
class Options:
    """Where to, and what."""

    preset: PresetName = "standard"
    """Configuration to start from; the options below change it."""
    budget: Budget = "full"
    """"full", or "small": the preset's point in minutes on 2 cores."""
    out: Path = Path("out/run")
    """Folder of the run."""
    resume: Path | None = None
    """Go on with the run in this folder, under its own configuration, or for more --epochs."""
    devices: int | None = None
    """Devices that train together; all of them unless given."""
    coordinator: str | None = None
    """host:port at which the first of several processes that train together listens; or "auto",
    where Slurm, Open MPI or Kubernetes tells it, and the two below."""
    processes: int | None = None
    """How many processes there are."""
    process: int | None = None
    """Which of them this is, counted from 0; the first one writes the run's folder."""
    config: TrainConfig = dataclasses.field(default_factory=TrainConfig)

    @property
    def alone(self) -> bool:
        """Whether this process is known to be the only one, or the first."""
        return self.coordinator is None or self.process == 0


def parse(args: Sequence[str]) -> Options:
    """Read the options; the preset decides the defaults of the others."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument("--preset", default="standard")
    first.add_argument("--budget", default="full")
    first.add_argument("--resume", type=Path)
    given = first.parse_known_args(list(args))[0]
    console.check_choice("--preset", given.preset, tuple(PRESETS))
    console.check_choice("--budget", given.budget, get_args(Budget))
    default = defaults(given.preset, given.budget)
    if given.resume is not None:
        default = dataclasses.replace(default, config=RunFolder(given.resume).config())
    return console.parse(Options, default=default, args=args)


def defaults(name: PresetName, budget: Budget) -> Options:
    """The options of a preset at a budget."""
    return Options(preset=name, budget=budget, config=preset(name, budget=budget))


def _check(options: Options) -> None:
    """Refuse options that do not go together, and files that are not there."""
    _check_processes(options)
    decoder = options.config.networks.decoder
    if (decoder.picture_height, decoder.picture_width) != (28, 28):
        raise RunError(
            f"picture size {decoder.picture_height}x{decoder.picture_width}: the digits are 28x28"
        )
    if options.resume is not None:
        own = RunFolder(options.resume).config()
        only = dataclasses.replace(
            options,
            preset="standard",
            budget="full",
            out=Options.out,
            config=dataclasses.replace(own, epochs=options.config.epochs),
        )
        if options != only:
            raise RunError(
                "--resume goes on under the run's own configuration: leave the other options out, "
                "but for --epochs, and those of devices and processes"
            )
        return
    if options.alone:
        RunFolder(options.out).check_free()
    console.check_recordings("--source", options.config.recordings.source, "none")
    if options.config.neural_line != "shipped":
        console.check_file("--neural-line", Path(options.config.neural_line))


def _check_processes(options: Options) -> None:
    """Refuse what names no process among others."""
    together = (options.processes, options.process)
    if options.coordinator in (None, "auto"):
        if together != (None, None):
            raise RunError(
                "--processes and --process go with --coordinator host:port, where the first one is"
            )
    elif None in together:
        raise RunError(
            f"--coordinator {options.coordinator} needs --processes, how many there are, and "
            "--process, which of them this is, counted from 0"
        )
    elif not 0 <= (options.process or 0) < (options.processes or 0):
        raise RunError(
            f"--process {options.process} of --processes {options.processes}: expected 0 to "
            f"{(options.processes or 0) - 1}"
        )


def _lengthen(folder: RunFolder, epochs: int) -> None:
    """Let a run go on for so many epochs in all; says what is changed where it is made longer."""
    own = folder.config()
    config = lengthened(own, epochs)
    if config != own:
        course = "stays as it was"
        if config.schedule == "cosine":
            course = f"rises again, and falls until epoch {epochs}"
        print(
            f"from {own.epochs} to {epochs} epochs: the learning rate {course}; "
            f"{folder.path / CONFIG_FILE} says so from now on",
            file=sys.stderr,
        )
        folder.change(config)


def main(args: Sequence[str]) -> int:
    """Train, and say where the run is."""
    try:
        options = parse(args)
    except ValueError as error:  # a value that the configuration rejects
        raise RunError(str(error)) from error
    _check(options)
    from datasets import load_thinned
    from train.stroke_model.loop import LabelledPictures, check_shares, total_images, train
    from train.stroke_model.parallel import Devices, connect

    if options.coordinator is not None:
        connect(options.coordinator, processes=options.processes, process=options.process)
    devices = Devices(options.devices)
    digits = LabelledPictures(*load_thinned("train"))
    sheet = LabelledPictures(*load_thinned("test"))
    folder = RunFolder(options.out if options.resume is None else options.resume)
    if devices.first:
        if options.resume is None:
            total_images(options.config, digits.labels)  # these refuse what makes no run
            check_shares(options.config, devices)
            folder.create(options.config, dataset="thinned MNIST, 60,000 training digits")
        else:
            _lengthen(folder, options.config.epochs)
    devices.told(True)  # the first one is so far
    config = folder.config()
    total = total_images(config, digits.labels)
    with console.ProgressBar(total, label="training") as bar:
        outcome = train(
            config,
            folder,
            digits,
            sheet=sheet,
            progress=bar,
            resume=options.resume is not None,
            devices=devices,
        )
    if outcome.stopped_by is not None:
        print(
            f"stopped at step {int(outcome.state.step)}; go on with: "
            f"python -m scripts.train_strokes --resume {folder.path}",
            file=sys.stderr,
        )
        return 128 + outcome.stopped_by
    if not devices.first:
        return 0
    print(f"trained: {folder.path}")
    print(f"curves: tensorboard --logdir {folder.path / EVENTS}")
    return 0


def train_once(args: Sequence[str], folder: Path) -> int:
    """Train into a folder, go on with what is there, or find it done; gives the status.

    Raises:
      RunError: the folder holds a run of another configuration.
    """
    if not (folder / CONFIG_FILE).exists():
        return main([*args, "--out", str(folder)])
    if RunFolder(folder).config() != parse(args).config:
        raise RunError(f"{folder} holds a run of another configuration: delete it or give --out")
    return main(["--resume", str(folder)])


if __name__ == "__main__":
    use_large_pages()
    console.run(main)
