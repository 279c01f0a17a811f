"""The demo's scores, run by run: what to expect of it, and how far another run may be."""

import datetime
from pathlib import Path
from typing import Any

import numpy as np

from train.figures.tables import markdown_table
from train.stroke_model.presets import demo
from train.stroke_model.run_folder import RunFolder

Run = dict[str, Any]
"""Of a demo its ``epochs``, ``seed``, ``date`` and the means over ``all`` test digits."""

_MEASURES = ("iou", "chamfer_px", "mse_soft")


def demo_run(scores: Path, means: dict[str, Any]) -> Run:
    """A demo that was run.

    Args:
      scores: the file of its scores; its run lies beside it.
      means: what the file holds.

    Raises:
      RunError: the run is missing or damaged.
    """
    config = RunFolder(scores.parent / "run").config()
    made = datetime.date.fromtimestamp(scores.stat().st_mtime)
    return {
        "epochs": config.epochs,
        "seed": config.seed,
        "date": made.isoformat(),
        "all": means["all"],
    }


def with_run(runs: list[Run], new: Run) -> list[Run]:
    """The runs with a new one, in the place of one of the same length and seed, if there is one."""

    def place(run: Run) -> tuple[int, int]:
        return run["epochs"], run["seed"]

    return sorted([run for run in runs if place(run) != place(new)] + [new], key=place)


def demo_table(runs: list[Run]) -> str:
    """A row for each length: the mean over its seeds, from the lowest to the highest."""
    rows = []
    for epochs in sorted({run["epochs"] for run in runs}):
        alike = [run for run in runs if run["epochs"] == epochs]
        command = "make demo" if epochs == demo().epochs else f"scripts.demo --epochs {epochs}"
        seeds = ", ".join(str(run["seed"]) for run in alike)
        cells = (_mean([run["all"][name] for run in alike]) for name in _MEASURES)
        rows.append([f"`{command}`", seeds, *cells, max(run["date"] for run in alike)])
    return markdown_table(["", "seeds", *(f"`{name}`" for name in _MEASURES), "date"], rows)


def _mean(values: list[float]) -> str:
    """The mean with three digits, and the ends where there are several values."""
    said = f"{np.mean(values):.3g}"
    return said if len(values) == 1 else f"{said} ({min(values):.3g} to {max(values):.3g})"
