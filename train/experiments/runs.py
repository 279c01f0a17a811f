"""The runs that the gallery compares: every experiment of the reference, and ours."""

from typing import NamedTuple

from train.stroke_model.presets import Budget, preset

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

    def of(name: str, *more: str) -> tuple[str, ...]:
        return ("--preset", name, "--budget", budget, *more)

    longer = 3 * preset("box-sum", budget=budget).epochs
    shorter = max(1, preset("standard", budget=budget).epochs // 2)
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
