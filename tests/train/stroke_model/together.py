"""A tiny training on as many devices, or processes, as are asked for."""

import dataclasses
import sys
from pathlib import Path

from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.writing.config import DrawingConfig
from tests import processes
from tests.train.stroke_model.kills import Silent
from tests.train.stroke_model.tiny import TINY

CONFIG = dataclasses.replace(
    TINY,
    networks=NetworksConfig(
        DecoderConfig(points=6, width=8, layers=1, correction=4, rounds=1), plans=2
    ),
    drawing=DrawingConfig(curve="line", pieces=1),
    batch_size=160,
)
"""16 pictures and 8 recordings for each decoder in a step."""

DIGITS = 400


def start(folder, *, devices=1, coordinator="", process=0):
    """Begin a run, or go on with it, in a process of its own with so many devices."""
    flags = f"--xla_force_host_platform_device_count={devices}"
    args = (folder, coordinator, process)
    return processes.start("tests.train.stroke_model.together", *args, XLA_FLAGS=flags)


def train_together(folder, coordinator="", process=0):
    """Train in this process, from wherever the folder is."""
    from train.stroke_model.parallel import Devices, connect

    if coordinator:
        connect(coordinator, processes=2, process=process)
    from datasets import load_thinned
    from train.stroke_model.loop import LabelledPictures, train
    from train.stroke_model.run_folder import RunFolder

    digits = LabelledPictures(*(part[:DIGITS] for part in load_thinned("train")))
    run, devices = RunFolder(folder), Devices()
    resume = folder.exists()
    devices.told(resume)  # all have looked
    if devices.first and not resume:
        run.create(CONFIG, dataset="")
    devices.told(resume)
    train(CONFIG, run, digits, sheet=digits, progress=Silent(), resume=resume, devices=devices)
    print(f"{devices.count} devices")


if __name__ == "__main__":
    train_together(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
