"""Train a stroke model: on the 60,000 thinned training digits, on letters, or on any classes.

The run's folder gets the exact configuration, versions and device, metrics.jsonl,
TensorBoard events, checkpoints, and a sheet of pictures after every epoch. Ctrl-C or
SIGTERM finishes the step, saves and exits; --resume goes on with the same losses as
if nothing had happened. With --epochs it goes on for longer, and the schedule is stretched.

A set of pictures says its classes (docs/alphabets.md). With letters UNIPEN's recordings teach, from
which their pictures are drawn; with a file, those of --source, and without any there are no plans.
More than 26 classes are written by one network, fewer by one each.

Example:
  python -m scripts.train_strokes --out out/run --epochs 10
  python -m scripts.train_strokes --set letters --preset demo --epochs 8 --out out/letters
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
from typing import TYPE_CHECKING, get_args

from datasets.picture_sets import SETS, classes_and_size
from scripts.shared import console
from scripts.shared.memory import use_large_pages
from scripts.shared.sets import check_set
from train.errors import RunError
from train.stroke_model.config import TrainConfig, lengthened
from train.stroke_model.presets import PRESETS, Budget, PresetName, preset
from train.stroke_model.run_folder import CONFIG_FILE, EVENTS, RunFolder

if TYPE_CHECKING:
    from datasets.prepared import Split


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
    first.add_argument("--set", default="digits")
    first.add_argument("--source")
    given = first.parse_known_args(list(args))[0]
    console.check_choice("--preset", given.preset, tuple(PRESETS))
    console.check_choice("--budget", given.budget, get_args(Budget))
    default = defaults(given.preset, given.budget, set_name=given.set, source=given.source)
    if given.resume is not None:
        default = dataclasses.replace(default, config=RunFolder(given.resume).config())
    return console.parse(Options, default=default, args=args)


def defaults(
    name: PresetName, budget: Budget, *, set_name: str = "digits", source: str | None = None
) -> Options:
    """The options of a preset at a budget, for a set and the recordings that are to teach it.

    Raises:
      RunError: there is no such set.
      DataError: the set is a file that cannot be read.
      ValueError: no network has so many classes.
    """
    config = preset(name, budget=budget)
    if set_name != "digits":
        config = _fitted(config, set_name, source)
    return Options(preset=name, budget=budget, config=config)


def _fitted(config: TrainConfig, name: str, source: str | None) -> TrainConfig:
    check_set("--set", name)
    from datasets import recordings
    from train.stroke_model.fitting import fitted

    if source is None:
        without = config.recordings.source == "none" or name not in recordings.SETS
        source = "none" if without else name
    classes, height, width = classes_and_size(name)
    return fitted(config, name, classes=len(classes), height=height, width=width, source=source)


def _check(options: Options) -> None:
    """Refuse options that do not go together, and files that are not there."""
    _check_processes(options)
    _check_pictures(options.config)
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


def _check_pictures(config: TrainConfig) -> None:
    """Refuse sizes and classes that are not the set's."""
    networks, decoder = config.networks, config.networks.decoder
    size = (decoder.picture_height, decoder.picture_width)
    found, height, width = classes_and_size(config.set)
    if config.set in SETS and SETS[config.set].any_side and size[0] == size[1]:
        height, width = size
    if size != (height, width):
        whose = f"the {config.set}" if config.set in SETS else f"those of {config.set}"
        raise RunError(f"picture size {size[0]}x{size[1]}: {whose} are {height}x{width}")
    if networks.classes != len(found):
        raise RunError(
            f"--classes {networks.classes}: {config.set} has {len(found)}; leave the option out"
        )


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


def _described(name: str, count: int) -> str:
    """What a run learns from, in words."""
    if name == "digits":
        return f"thinned MNIST, {count:,} training digits"
    return f"{name}, thinned, {count:,} training pictures"


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
    from datasets.picture_sets import load_picture_set
    from train.stroke_model.loop import LabelledPictures, check_shares, total_images, train
    from train.stroke_model.parallel import Devices, connect

    if options.coordinator is not None:
        connect(options.coordinator, processes=options.processes, process=options.process)
    devices = Devices(options.devices)
    name, side = options.config.set, options.config.networks.decoder.picture_height
    splits: tuple[Split, ...] = ("train", "test")
    taught, shown = (load_picture_set(name, one, kind="thinned", side=side) for one in splits)
    classes = taught.classes
    digits, sheet = (LabelledPictures(one.images, one.labels) for one in (taught, shown))
    folder = RunFolder(options.out if options.resume is None else options.resume)
    if devices.first:
        if options.resume is None:
            total_images(options.config, digits.labels, classes)  # these refuse what makes no run
            check_shares(options.config, devices)
            folder.create(
                options.config, dataset=_described(name, len(digits.labels)), classes=classes
            )
        else:
            _lengthen(folder, options.config.epochs)
    devices.told(True)  # the first one is so far
    config = folder.config()
    if folder.classes() != classes:
        raise RunError(f"{name}: its classes are not those of {folder.path} any more")
    total = total_images(config, digits.labels, classes)
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
