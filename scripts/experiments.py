"""The runs of the gallery, and what the reference says in words, as figures."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from scripts import train_strokes
from train.presets import Budget

WHAT_TO_SEE = {
    "neural-line": (
        "A network that was trained to draw lines, frozen, draws the segments. The stroke model "
        "learns where that network is wrong: pens half lifted, points where it draws nothing. "
        "Compare the pen's row with the drawing's: ink in one and not in the other is cheating."
    ),
    "box-sum": (
        "The analytic line has no such faults to use. Summed, segments must not overlap: the pen "
        "avoids crossing itself, and retraces where a line is not black enough."
    ),
    "box-sum-dropout": (
        "The same with dropout on the second and third layer. The reference saw no difference."
    ),
    "box-max": (
        "The maximum for the sum: drawing over ink costs nothing, so strokes may cross and meet."
    ),
    "box-sum-aux": (
        "Turns and lengths cost a little. Look at 6 and 8: one smooth movement where box-sum "
        "zigzags."
    ),
    "ensemble": (
        "A small model for each digit instead of one for all: each has one shape to learn, and "
        "its drawings are near. The order of strokes is any."
    ),
    "ensemble-human": (
        "Every second step is on pen recordings alone. Now strokes begin and turn as a person's "
        "do; each recording step pulls the drawings off the pictures a little."
    ),
    "standard": (
        "Ours: the capsule line, blurred differences, recordings in every batch, a second look "
        "at the picture around each point. Strokes as near as no other's here, and human."
    ),
}
"""Presets in the gallery's order, each with what to look for."""

POINTS = (5, 8, 12, 20, 30, 40)
"""Numbers of points that are compared."""


class Run(NamedTuple):
    """A training run of the gallery."""

    name: str
    args: tuple[str, ...]

    @property
    def command(self) -> str:
        """The command that trains it."""
        return f"python -m scripts.train_strokes {' '.join(self.args)}"


def runs(budget: Budget) -> list[Run]:
    """Every run: presets, seeds of one of them, one three times as long, numbers of points."""

    def of(preset: str, *more: str) -> tuple[str, ...]:
        return ("--preset", preset, "--budget", budget, *more)

    longer = 3 * train_strokes.defaults("box-sum", budget).config.epochs
    shorter = max(1, train_strokes.defaults("standard", budget).config.epochs // 2)
    found = [Run(name, of(name)) for name in WHAT_TO_SEE]
    found += [Run(f"box-sum-seed-{seed}", of("box-sum", "--seed", str(seed))) for seed in (1, 2)]
    found.append(Run("box-sum-longer", of("box-sum", "--epochs", str(longer))))
    found += [
        Run(
            f"points-{points}",
            of("standard", "--epochs", str(shorter), "--points", str(points)),
        )
        for points in POINTS
    ]
    return found


def train(run: Run, folder: Path, *, more: Sequence[str] = ()) -> int:
    """Train a run, go on with it, or find it done, as `train_strokes.train_once`."""
    return train_strokes.train_once([*run.args, *more], folder)


def loss_curve(folder: Path) -> list[float]:
    """Mean squared error of each epoch, as training saw it."""
    sums: dict[int, list[float]] = {}
    for line in (folder / "metrics.jsonl").read_text().splitlines():
        entry = json.loads(line)
        sums.setdefault(entry["epoch"], []).append(entry["mse"])
    return [float(np.mean(sums[epoch])) for epoch in sorted(sums)]


Figures = dict[str, dict[str, float]]
"""Measures by run."""


SHAKY, STEADY = "box-sum: 2, 3, 5", "box-sum: 0, 1, 7"
"""Rows of the figures that three seeds of box-sum give."""


def _more(first: float, second: float) -> bool:
    return first > second


def _twice(first: float, second: float) -> bool:
    return first >= 2 * second


def _alike(first: float, second: float) -> bool:
    return abs(first - second) < 0.05


class Claim(NamedTuple):
    """A sentence of the reference, and two figures that test it."""

    says: str
    measure: str
    first: str
    second: str
    holds: Callable[[float, float], bool] = _more
    if_not: str = ""
    """What may be behind it where it does not hold."""

    def figures(self, found: Figures) -> tuple[float, float]:
        """The measure of the first and of the second row."""
        return found[self.first][self.measure], found[self.second][self.measure]


CLAIMS = (
    Claim(
        "The neural line is cheated: what the pen draws is not what the reconstruction shows",
        "gap",
        "neural-line",
        "box-sum",
        _twice,
    ),
    Claim(
        "Under the neural line the pen draws segments where the picture has no ink",
        "off_ink",
        "neural-line",
        "box-sum",
    ),
    Claim(
        "The neural line is not black enough: the pen draws lines twice",
        "drawn_twice",
        "neural-line",
        "box-sum",
    ),
    Claim(
        "Under the maximum the pen minds crossings less than under the sum",
        "crossings",
        "box-max",
        "box-sum",
    ),
    Claim(
        "Dropout changes little",
        "iou",
        "box-sum-dropout",
        "box-sum",
        _alike,
        "dropout slows learning, and a small budget ends before that is made up for",
    ),
    Claim(
        "Angle and distance losses make 6 and 8 smoother (degrees of a turn)",
        "turning_6_8",
        "box-sum",
        "box-sum-aux",
    ),
    Claim("More epochs make stairways", "stairway", "box-sum-longer", "box-sum"),
    Claim(
        "Separate models draw better than one",
        "iou",
        "ensemble",
        "box-sum-aux",
        if_not="at the small budget each of ten models 64 wide sees a tenth of the digits eight "
        "times, the single one, 128 wide, all of them four times: it has more steps behind it",
    ),
    Claim("With human samples strokes look human", "human_1nn", "ensemble-human", "ensemble"),
    Claim(
        "From run to run 2, 3 and 5 differ more than 0, 1 and 7 (distance between seeds)",
        "disagreement",
        SHAKY,
        STEADY,
    ),
)
