"""Train a stroke model on the 60,000 thinned training digits.

The run's folder gets the exact configuration, versions and device, metrics.jsonl,
TensorBoard events, checkpoints, and a sheet of pictures after every epoch. Ctrl-C or
SIGTERM finishes the step, saves and exits; --resume goes on with the same losses as
if nothing had happened.

Example:
  python -m scripts.train_strokes --out out/run --epochs 10
  python -m scripts.train_strokes --resume out/run
"""

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from datasets import load_thinned
from scripts.shared import console
from train.errors import RunError
from train.stroke_model.config import TrainConfig
from train.stroke_model.presets import PRESETS, Budget, PresetName, preset


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
    """Go on with the run in this folder, under its own configuration."""
    config: TrainConfig = dataclasses.field(default_factory=TrainConfig)


def parse(args: Sequence[str]) -> Options:
    """Read the options; the preset decides the defaults of the others."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument("--preset", default="standard")
    first.add_argument("--budget", default="full")
    given = first.parse_known_args(list(args))[0]
    console.check_choice("--preset", given.preset, tuple(PRESETS))
    console.check_choice("--budget", given.budget, get_args(Budget))
    return console.parse(Options, default=defaults(given.preset, given.budget), args=args)


def defaults(name: PresetName, budget: Budget) -> Options:
    """The options of a preset at a budget."""
    return Options(preset=name, budget=budget, config=preset(name, budget=budget))


def _check(options: Options) -> None:
    """Refuse options that do not go together, or folders that cannot serve."""
    if options.resume is None:
        return
    if dataclasses.replace(options, resume=None) != defaults(options.preset, options.budget):
        raise RunError(
            "--resume goes on under the run's own configuration: leave the other options out"
        )


def main(args: Sequence[str]) -> int:
    """Train, and say where the run is."""
    try:
        options = parse(args)
    except ValueError as error:  # a value that the configuration rejects
        raise RunError(str(error)) from error
    _check(options)
    from train.stroke_model.loop import LabelledPictures, total_images, train
    from train.stroke_model.run_folder import RunFolder

    folder = RunFolder(options.out if options.resume is None else options.resume)
    config = options.config if options.resume is None else folder.config()
    digits = LabelledPictures(*load_thinned("train"))
    sheet = LabelledPictures(*load_thinned("test"))
    decoder = config.networks.decoder
    if digits.images.shape[1:] != (decoder.picture_height, decoder.picture_width):
        raise RunError(
            f"picture size {decoder.picture_height}x{decoder.picture_width}: the digits are 28x28"
        )
    total = total_images(config, digits.labels)
    if options.resume is None:
        folder.create(config, dataset="thinned MNIST, 60,000 training digits")
    with console.ProgressBar(total, label="training") as bar:
        outcome = train(
            config, folder, digits, sheet=sheet, progress=bar, resume=options.resume is not None
        )
    if outcome.stopped_by is not None:
        print(
            f"stopped at step {int(outcome.state.step)}; go on with: "
            f"python -m scripts.train_strokes --resume {folder.path}",
            file=sys.stderr,
        )
        return 128 + outcome.stopped_by
    print(f"trained: {folder.path}")
    return 0


def train_once(args: Sequence[str], folder: Path) -> int:
    """Train into a folder, go on with what is there, or find it done; gives the status.

    Raises:
      RunError: the folder holds a run of another configuration.
    """
    from train.stroke_model.run_folder import CONFIG_FILE, RunFolder

    if not (folder / CONFIG_FILE).exists():
        return main([*args, "--out", str(folder)])
    if RunFolder(folder).config() != parse(args).config:
        raise RunError(f"{folder} holds a run of another configuration: delete it or give --out")
    return main(["--resume", str(folder)])


if __name__ == "__main__":
    console.run(main)
